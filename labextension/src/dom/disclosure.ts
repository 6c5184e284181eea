/** A row that opens and closes what is below it. */

import { button } from './button';
import { element } from './element';

// Hidden, but found by the browser's search.
const HIDDEN = 'until-found';

export class Disclosure {
  readonly node: HTMLElement;
  readonly row: HTMLElement;
  readonly title: HTMLElement;
  readonly body: HTMLElement;
  /** Shows whether it is open. */
  readonly triangle: HTMLElement;
  /** True once the user has opened or closed it: from then on nothing else does. */
  #touched = false;
  readonly #draw: () => void;

  /** `draw` is called whenever the body becomes visible. */
  constructor(doc: Document, name: string, draw: () => void) {
    this.#draw = draw;
    this.node = element(doc, 'div', `gm-disclosure ${name}`);
    this.row = element(doc, 'div', 'gm-row');
    this.title = button(doc, 'gm-toggle', '', () => this.set(!this.open));
    this.triangle = element(doc, 'span', 'gm-triangle');
    this.triangle.ariaHidden = 'true';
    this.title.append(this.triangle);
    this.body = element(doc, 'div', 'gm-body');
    this.body.setAttribute('hidden', HIDDEN);
    // The browser's search opens what it finds something in.
    this.body.addEventListener('beforematch', () => this.set(true));
    this.title.setAttribute('aria-expanded', 'false');
    this.row.append(this.title);
    this.node.append(this.row, this.body);
  }

  get open(): boolean {
    return !this.body.hasAttribute('hidden');
  }

  /** Open or close it because the user asked for that. */
  set(open: boolean): void {
    this.#touched = true;
    this.#apply(open);
  }

  /** Open or close it, unless the user has decided. */
  setByDefault(open: boolean): void {
    if (!this.#touched) {
      this.#apply(open);
    }
  }

  #apply(open: boolean): void {
    if (open !== this.open) {
      if (open) {
        this.body.removeAttribute('hidden');
      } else {
        this.body.setAttribute('hidden', HIDDEN);
      }
      this.title.setAttribute('aria-expanded', String(open));
      if (open) {
        this.#draw();
      }
    }
  }
}

/** A view with its title in the row and everything else below. */
export abstract class DisclosureView {
  readonly node: HTMLElement;

  protected constructor(protected readonly disclosure: Disclosure) {
    this.node = disclosure.node;
  }

  expand(open: boolean): void {
    this.disclosure.set(open);
  }
}
