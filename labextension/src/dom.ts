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

// To make a format takes longer than to draw a result.
const numerals: Record<string, Intl.NumberFormat> = {};

/** Return a count as it is written in the language of the page. */
export function numeral(doc: Document, count: number): string {
  const language = doc.documentElement.lang || 'en';
  return (numerals[language] ??= new Intl.NumberFormat(language)).format(count);
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

/** Return the texts within `root` that have `mark` in them. */
export function textsWith(root: Element, mark: string): Text[] {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    if (text.data.includes(mark)) {
      found.push(text);
    }
  }
  return found;
}
