/** Neighbouring pieces of a run, which cost next to nothing while they are far from the screen. */

import { make, quiet } from './dom';

/** How many pieces one takes: about a screen of attempts with their prose. */
export const PIECES = 8;
// Milliseconds: what is near the screen is drawn by then.
const SOON = 300;

/** Return `box` made to scroll by keyboard wherever it has to be scrolled: its stretch sees to it. */
export function reach<T extends HTMLElement>(box: T): T {
  quiet(box).classList.add('gm-reach');
  return box;
}

/**
 * The browser lays out a stretch once it comes near the screen, and says so; what waits for that
 * is done then. The first one is always laid out (`style/run.css`): most runs have no other.
 */
export class Stretch {
  readonly node: HTMLElement;
  #waiting: (() => void)[] = [];
  #postponed: (() => void)[] = [];
  #seen: boolean;
  // Only where there is a layout are there boxes that scroll. One observer of each box would cost a
  // long run half a millisecond a frame.
  readonly #resized =
    globalThis.ResizeObserver && new ResizeObserver(() => this.#seen && this.#open());

  constructor(doc: Document, seen: boolean) {
    this.#seen = seen;
    this.node = make(doc, 'div', 'gm-stretch');
    this.measure();
    if ('oncontentvisibilityautostatechange' in this.node) {
      this.node.addEventListener('contentvisibilityautostatechange', event =>
        this.#notice(!(event as ContentVisibilityAutoStateChangeEvent).skipped)
      );
    } else {
      this.#seen = true;
    }
  }

  /** Do `act` once the stretch comes near the screen; at once where it is, or nothing would tell. */
  whenSeen(act: () => void): void {
    if (this.#seen) {
      act();
    } else {
      this.#waiting.push(act);
    }
  }

  /** Do `act` once the stretch comes near the screen, or else when the rest has been drawn. */
  soon(act: () => void): void {
    if (this.#seen) {
      act();
    } else if (this.#postponed.push(act) === 1) {
      setTimeout(() => this.#catchUp(), SOON);
    }
  }

  /** Look again which boxes have to be scrolled, where the size of the stretch may not have changed. */
  measure(): void {
    this.#resized?.observe(this.node);
  }

  /** Let the keyboard into the boxes that scroll, and no others: one with the focus keeps its keys. */
  #open(): void {
    this.node.querySelectorAll<HTMLElement>('.gm-reach').forEach(box => {
      if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) {
        box.tabIndex = 0;
      } else if (!box.matches(':focus')) {
        box.removeAttribute('tabindex');
      }
    });
  }

  #notice(seen: boolean): void {
    this.#seen = seen;
    if (seen) {
      this.measure();
      this.#catchUp();
      this.#waiting.splice(0).forEach(act => act());
    }
  }

  #catchUp(): void {
    this.#postponed.splice(0).forEach(act => act());
  }
}
