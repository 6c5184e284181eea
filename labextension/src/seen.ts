/** Work that waits until it would be seen. */

const MARGIN = '400px';

/** Do `act` once `node` comes near the screen; at once where that cannot be told. */
export function whenSeen(node: Element, act: () => void): void {
  if (typeof IntersectionObserver === 'undefined') {
    act();
    return;
  }
  const observer = new IntersectionObserver(
    entries => {
      if (entries.some(entry => entry.isIntersecting)) {
        observer.disconnect();
        act();
      }
    },
    { rootMargin: MARGIN }
  );
  observer.observe(node);
}
