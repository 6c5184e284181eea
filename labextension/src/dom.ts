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

/** Let `node` say for a moment that something was done. */
export function flash(node: HTMLElement, text: string): void {
  const label = (node.dataset.label ??= node.textContent ?? '');
  node.textContent = text;
  setTimeout(() => (node.textContent = label), 1500);
}

// As much as a box shows (`.gm-pre`), which is 32em high, and in most windows not much wider.
const LONG = /(?:\n.*){20}|.{80}/;

/** Let the keyboard into a box whose text may have to be scrolled, and into no other. */
export function reach(box: HTMLElement, text: string): void {
  if (LONG.test(text)) {
    box.tabIndex = 0;
  } else {
    box.removeAttribute('tabindex');
  }
}
