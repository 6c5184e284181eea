/** Neighbouring pieces of a run, which cost next to nothing while they are far from the screen. */

import { make } from './dom';

/** How many pieces one takes: about a screen of attempts with their prose. */
export const PIECES = 16;
// Milliseconds: what is near the screen is drawn by then.
const SOON = 300;

/**
 * The browser lays out a stretch once it comes near the screen, and says so; what waits for that
 * is done then. The first one is always laid out (`style/run.css`): most runs have no other.
 */
export class Stretch {
  readonly node: HTMLElement;
  #waiting: (() => void)[] = [];
  #postponed: (() => void)[] = [];
  #seen: boolean;

  constructor(doc: Document, seen: boolean) {
    this.#seen = seen;
    this.node = make(doc, 'div', 'gm-stretch');
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

  #notice(seen: boolean): void {
    this.#seen = seen;
    if (seen) {
      this.#catchUp();
      this.#waiting.splice(0).forEach(act => act());
    }
  }

  #catchUp(): void {
    this.#postponed.splice(0).forEach(act => act());
  }
}
