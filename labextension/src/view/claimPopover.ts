/** What is said of a number, beside it: its place, and the line that it stands in. */

import { element } from '../dom/element';
import { titleOf, type Entry } from './claimWords';

const GAP = 6;

export class ClaimPopover {
  readonly node: HTMLElement;
  #shownAt: HTMLElement | null = null;

  constructor(doc: Document) {
    this.node = element(doc, 'div', 'gm-claim-popover');
    this.node.setAttribute('role', 'tooltip');
    // In the top layer: an output of a notebook cuts off what reaches out of it.
    this.node.setAttribute('popover', 'manual');
  }

  show(mark: HTMLElement, entry: Entry): void {
    const doc = this.node.ownerDocument;
    const { words, where, line, claim } = entry;
    this.#shownAt = mark;
    this.node.replaceChildren(
      ...(claim.kind === 'absent'
        ? [titleOf(entry)]
        : [where ? `${words}, ${where}` : words, line ? element(doc, 'code', '', line) : ''])
    );
    this.node.showPopover?.();
    this.#place(mark);
    doc.addEventListener('scroll', this.#scrolled, true);
  }

  hide(): void {
    if (this.#shownAt) {
      this.#shownAt = null;
      this.node.hidePopover?.();
      this.node.ownerDocument.removeEventListener('scroll', this.#scrolled, true);
    }
  }

  /** Hide it if it is at another number. */
  hideUnless(mark: HTMLElement): void {
    if (this.#shownAt !== mark) {
      this.hide();
    }
  }

  // Otherwise it would stay where its number was.
  readonly #scrolled = (): void => {
    if (this.#shownAt) {
      this.#place(this.#shownAt);
    }
  };

  /** Put it above the number, or below if there is no room above, inside the window. */
  #place(mark: HTMLElement): void {
    const box = mark.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height, style } = this.node;
    const above = box.top - GAP - height;
    const right = document.documentElement.clientWidth - width - GAP;
    style.top = `${above < 0 ? box.bottom + GAP : above}px`;
    style.left = `${Math.max(GAP, Math.min(box.left, right))}px`;
  }
}
