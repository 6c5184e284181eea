/** Elements made from text, never from markup. */

/** Return a new element with a class and text. */
export function make<T extends keyof HTMLElementTagNameMap>(
  doc: Document,
  tag: T,
  name = '',
  text = ''
): HTMLElementTagNameMap[T] {
  const node = doc.createElement(tag);
  if (name) {
    node.className = name;
  }
  if (text) {
    node.textContent = text;
  }
  return node;
}

/** Keep JupyterLab's one-letter shortcuts away from what can have the focus. */
export function quiet<T extends HTMLElement>(node: T): T {
  node.dataset.lmSuppressShortcuts = 'true';
  return node;
}

/** Return a new button that does `act` when pressed. */
export function button(
  doc: Document,
  name: string,
  text: string,
  act: (event: MouseEvent) => void
): HTMLButtonElement {
  const node = quiet(make(doc, 'button', `gm-button ${name}`, text));
  node.type = 'button';
  node.addEventListener('click', act);
  return node;
}

/** Set the text of `node` where it differs: a text that stays keeps its selection. */
export function say(node: Node, text: string): void {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Show or hide `node` where that changes something. */
export function show(node: HTMLElement, shown: boolean): void {
  if (node.hidden === shown) {
    node.hidden = !shown;
  }
}

/** Give the focus to `node`, which came in the place of a button that had it. */
export function take(node: HTMLElement): void {
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
}

/** Return a count as it is written in the language of the page. */
export function numeral(doc: Document, count: number): string {
  return count.toLocaleString(doc.documentElement.lang || 'en');
}

/** Let `node` say for a moment that something was done, also to who hears its label instead. */
export function flash(node: HTMLElement, text: string): void {
  const label = (node.dataset.label ??= node.textContent ?? '');
  const heard = node.closest('.gm-run')?.querySelector('[aria-live]');
  const put = (shown: string, said: string) => {
    node.textContent = shown;
    heard?.replaceChildren(said);
  };
  put(text, text);
  setTimeout(put, 1500, label, '');
}

// Only where there is a layout are there boxes that scroll.
const boxes =
  globalThis.ResizeObserver &&
  new ResizeObserver(entries =>
    entries.forEach(({ target: box }) => {
      if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) {
        (box as HTMLElement).tabIndex = 0;
      } else if (!box.matches(':focus')) {
        box.removeAttribute('tabindex');
      }
    })
  );

/**
 * Let the keyboard into `box` at any width at which it has to be scrolled, and at no other; asked
 * again where its text has changed. A box that a click can focus keeps keys from the notebook.
 */
export function reach<T extends HTMLElement>(box: T): T {
  boxes?.observe(quiet(box));
  return box;
}
