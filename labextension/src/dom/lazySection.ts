/** A section of neighbouring pieces of a run, which costs next to nothing far from the screen. */

import { element } from './element';
import { updateTabStops } from './scrollBoxes';

/** How many pieces a section takes: about a screen of steps with their prose. */
export const PIECES_PER_SECTION = 8;
// In milliseconds. By then everything near the screen has been drawn.
const LATER = 300;

/**
 * The browser lays out a section when it comes near the screen and reports it; work that waits for
 * that is done then. The first section is always laid out (`lazySection.css`): most runs have only one.
 */
export class LazySection {
  readonly node: HTMLElement;
  #visible: boolean;
  #waiting: (() => void)[] = [];
  #deferred: (() => void)[] = [];
  // Without a layout nothing scrolls. One observer for each box would cost a long run half a
  // millisecond a frame.
  readonly #resized =
    globalThis.ResizeObserver &&
    new ResizeObserver(() => this.#visible && updateTabStops(this.node));

  constructor(doc: Document, visible: boolean) {
    this.#visible = visible;
    this.node = element(doc, 'div', 'gm-section');
    this.measure();
    if ('oncontentvisibilityautostatechange' in this.node) {
      this.node.addEventListener('contentvisibilityautostatechange', event =>
        this.#setVisible(!(event as ContentVisibilityAutoStateChangeEvent).skipped)
      );
    } else {
      this.#visible = true;
    }
  }

  /** Call `act` when the section comes near the screen; now if it is there already. */
  whenVisible(act: () => void): void {
    if (this.#visible) {
      act();
    } else {
      this.#waiting.push(act);
    }
  }

  /** Call `act` when the section comes near the screen, or after everything else has been drawn. */
  defer(act: () => void): void {
    if (this.#visible) {
      act();
    } else if (this.#deferred.push(act) === 1) {
      setTimeout(() => this.#catchUp(), LATER);
    }
  }

  /** Check again which boxes scroll, though the size of the section may be the same. */
  measure(): void {
    this.#resized?.observe(this.node);
  }

  #setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) {
      this.measure();
      this.#catchUp();
      this.#waiting.splice(0).forEach(act => act());
    }
  }

  #catchUp(): void {
    this.#deferred.splice(0).forEach(act => act());
  }
}
