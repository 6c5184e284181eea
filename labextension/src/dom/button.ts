/** Buttons, and what they say of what they did. */

import { element } from './element';
import { suppressShortcuts } from './shortcuts';

/** Return a new button that calls `act` when it is pressed. */
export function button(
  doc: Document,
  name: string,
  text: string,
  act: (event: MouseEvent) => void
): HTMLButtonElement {
  const node = suppressShortcuts(element(doc, 'button', `gm-button ${name}`, text));
  node.type = 'button';
  node.addEventListener('click', act);
  return node;
}

/** Show `text` on `node` for a moment, and say it to screen readers, which hear only the label. */
export function announce(node: HTMLElement, text: string): void {
  const label = (node.dataset.label ??= node.textContent ?? '');
  const live = node.closest('.gm-run')?.querySelector('[aria-live]');
  const put = (shown: string, said: string) => {
    node.textContent = shown;
    live?.replaceChildren(said);
  };
  put(text, text);
  setTimeout(put, 1500, label, '');
}
