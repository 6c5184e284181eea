/** A row that opens and closes what is below it. */

import { button, make, show } from './dom';

export class Fold {
  readonly node: HTMLElement;
  readonly row: HTMLElement;
  readonly title: HTMLElement;
  readonly body: HTMLElement;
  /** Once the reader has opened or closed it, nothing else does. */
  #touched = false;
  readonly #draw: () => void;

  /** `draw` is called whenever the body comes into sight. */
  constructor(doc: Document, name: string, draw: () => void) {
    this.#draw = draw;
    this.node = make(doc, 'div', `gm-fold ${name}`);
    this.row = make(doc, 'div', 'gm-row');
    this.title = button(doc, 'gm-toggle', '', () => this.set(!this.open));
    const triangle = make(doc, 'span', 'gm-triangle');
    triangle.ariaHidden = 'true';
    this.title.append(triangle);
    this.body = make(doc, 'div', 'gm-body');
    this.body.hidden = true;
    this.title.setAttribute('aria-expanded', 'false');
    this.row.append(this.title);
    this.node.append(this.row, this.body);
  }

  get open(): boolean {
    return !this.body.hidden;
  }

  /** Open or close as the reader wishes. */
  set(open: boolean): void {
    this.#touched = true;
    this.#apply(open);
  }

  /** Open or close by itself, unless the reader has decided. */
  suggest(open: boolean): void {
    if (!this.#touched) {
      this.#apply(open);
    }
  }

  #apply(open: boolean): void {
    if (open !== this.open) {
      show(this.body, open);
      this.title.setAttribute('aria-expanded', String(open));
      if (open) {
        this.#draw();
      }
    }
  }
}

/** What is behind a title. */
export abstract class FoldedView {
  readonly node: HTMLElement;

  protected constructor(protected readonly fold: Fold) {
    this.node = fold.node;
  }

  expand(open: boolean): void {
    this.fold.set(open);
  }
}
