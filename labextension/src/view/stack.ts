/** The row that stands for the older attempts of a long run: `9 attempts · show all`. */

import { stepSeconds } from '../contract/stats';
import { isFailed, type Step } from '../contract/steps';
import { button } from '../dom/button';
import { element, moveFocus, setText, setVisible } from '../dom/element';
import { suppressShortcuts } from '../dom/shortcuts';
import type { Context } from './context';
import { secondsWords } from './seconds';

// Hidden, but found by the browser's search.
const HIDDEN = 'until-found';
/** A run of more attempts is long. */
export const LONG = 8;
/** So many of the last attempts of a long run are shown. */
const SHOWN = 3;

/** What may be stacked: a piece of the view, and the place of its part. */
interface Stacked {
  node: HTMLElement;
  index: number;
}

export class Stack {
  readonly node: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #meta: HTMLElement;
  readonly #hidden = new Set<HTMLElement>();
  #isOpen = false;

  constructor({ doc }: Context) {
    this.node = element(doc, 'div', 'gm-stack gm-dot gm-row');
    this.#button = button(doc, 'gm-bare', '', () => {
      const first = [...this.#hidden][0];
      this.open();
      if (first) {
        moveFocus(suppressShortcuts(first));
      }
    });
    this.#button.ariaExpanded = 'false';
    this.#meta = element(doc, 'span', 'gm-meta');
    this.node.append(this.#button, element(doc, 'span', 'gm-grow'), this.#meta);
    this.node.hidden = true;
  }

  /** Hide what is between the first attempt and the last ones. */
  update(context: Context, steps: readonly Step[], pieces: readonly Stacked[]): void {
    const [first, last] = [steps[0], steps.at(-SHOWN)];
    if (this.#isOpen || steps.length <= LONG || !first || !last) {
      return;
    }
    const stacked = pieces.filter(({ index }) => first.index <= index && index < last.index);
    stacked.forEach(({ node }) => this.#hide(node));
    if (!this.node.isConnected || this.node.nextSibling !== stacked[0]?.node) {
      stacked[0]?.node.before(this.node);
    }
    this.#say(context, steps.slice(0, -SHOWN));
    setVisible(this.node, true);
  }

  /** Show all attempts, from now on. */
  open(): void {
    this.#isOpen = true;
    this.#hidden.forEach(node => node.removeAttribute('hidden'));
    this.#hidden.clear();
    setVisible(this.node, false);
  }

  #hide(node: HTMLElement): void {
    if (!this.#hidden.has(node)) {
      this.#hidden.add(node);
      node.setAttribute('hidden', HIDDEN);
      node.addEventListener('beforematch', () => this.open());
    }
  }

  #say({ hooks, stats }: Context, steps: readonly Step[]): void {
    const { trans } = hooks;
    const failed = steps.filter(isFailed).length;
    const times = steps.map(step => stepSeconds(stats, step) ?? 0);
    const seconds = times.reduce((sum, time) => sum + time, 0);
    const words = [
      failed ? trans._n('%1 failed', '%1 failed', failed) : '',
      secondsWords(trans, seconds)
    ];
    setText(this.#button, trans.__('%1 attempts · show all', steps.length));
    setText(this.#meta, words.filter(Boolean).join(' · '));
  }
}
