/** Elements made from text, never from markup. */

/** Return a new element with a class and a text. */
export function element<T extends keyof HTMLElementTagNameMap>(
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

/** Set the text of `node` if it differs: a text that stays keeps its selection. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Show or hide `node` if that changes something. */
export function setVisible(node: HTMLElement, visible: boolean): void {
  if (node.hidden === visible) {
    node.hidden = !visible;
  }
}

/** Give the focus to `node`, which took the place of the button that had it. */
export function moveFocus(node: HTMLElement): void {
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
}

// Making a format takes longer than drawing a result.
const formats: Record<string, Intl.NumberFormat> = {};

/** Return a count as the language of the page writes it. */
export function formatCount(doc: Document, count: number): string {
  const language = doc.documentElement.lang || 'en';
  return (formats[language] ??= new Intl.NumberFormat(language)).format(count);
}
