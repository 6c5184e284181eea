/** A saved run that is presented attempt by attempt, once: `--step` in `gemini_magic/views/stepping.py`. */

import type { Part } from '../contract/parts';
import { button } from '../dom/button';
import { element, setText, setVisible } from '../dom/element';
import type { Hooks } from './context';
import type { RunView } from './runView';

type Given = Parameters<RunView['update']>;

/** What a presenter may press while the button has the focus, beside Enter and the space bar. */
const KEYS = ['n', 'N', 'PageDown', 'ArrowRight'];

/** A view that holds back what comes after an attempt until the user asks for it. */
export class Presentation implements RunView {
  #host: HTMLElement;
  readonly #hooks: Hooks;
  readonly #view: RunView;
  readonly #node: HTMLElement;
  readonly #question: HTMLElement;
  readonly #next: HTMLButtonElement;
  /** How it is presented, '' as long as nobody wants that. */
  #step = '';
  #pressed = 0;
  #holds = false;
  #given: Given | null = null;

  /** `mount` mounts the view that draws. */
  constructor(host: HTMLElement, hooks: Hooks, mount: (hooks: Hooks) => RunView) {
    this.#host = host;
    this.#hooks = hooks;
    // A beginning is not to be inserted.
    const own = Object.create(hooks, {
      insert: { get: () => (this.#holds ? undefined : hooks.insert) },
      insertAndRun: { get: () => (this.#holds ? undefined : hooks.insertAndRun) }
    });
    this.#view = mount(own as Hooks);
    const doc = host.ownerDocument;
    this.#node = element(doc, 'div', 'gm-next-line');
    this.#question = element(doc, 'span', 'gm-question');
    this.#question.setAttribute('role', 'status');
    this.#next = button(doc, 'gm-next', '', () => this.#press());
    this.#next.addEventListener('keydown', event => {
      if (KEYS.includes(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        this.#press();
      }
    });
    this.#node.append(this.#question, this.#next);
  }

  update(...given: Given): void {
    this.#given = given;
    const [run, stats, live] = given;
    if (!live && stats?.step) {
      this.#step ||= stats.step;
    }
    const waits = this.#step && !live ? stops(run.parts, this.#step === 'ask') : [];
    const stop = waits[this.#pressed];
    this.#holds = stop !== undefined;
    if (stop === undefined) {
      const root = this.#node.contains(this.#host.ownerDocument.activeElement)
        ? this.#node.parentElement
        : null;
      this.#node.remove();
      this.#view.update(...given);
      // The focus was on the button, and stays in the run.
      root?.setAttribute('tabindex', '-1');
      root?.focus({ preventScroll: true });
      return;
    }
    const { needed: _, claims: __, verification: ___, ...rest } = run;
    const parts = run.parts.slice(0, stop);
    this.#view.update({ ...rest, parts, state: 'running', error: null, presented: true }, stats);
    this.#drawNext(parts.at(-1)!, run.parts.slice(stop));
  }

  #drawNext(last: Part, after: Part[]): void {
    const { trans } = this.#hooks;
    const asks = this.#step === 'ask' && last.kind === 'code';
    setText(this.#question, asks ? trans.__('What will it print?') : '');
    setVisible(this.#question, asks);
    const words = after.some(({ kind }) => kind === 'code')
      ? trans.__('Next attempt')
      : trans.__('Show the rest');
    setText(this.#next, asks ? trans.__('Show its output') : words);
    if (!this.#node.isConnected) {
      this.#host.querySelector('.gm-run')?.append(this.#node);
    }
  }

  #press(): void {
    this.#pressed += 1;
    this.update(...this.#given!);
    (this.#holds ? this.#node : this.#host).scrollIntoView?.({ block: 'nearest' });
  }

  expand(open: boolean): void {
    this.#view.expand(open);
  }

  moveTo(host: HTMLElement): void {
    this.#host = host;
    this.#view.moveTo(host);
  }

  dispose(): void {
    this.#view.dispose();
  }
}

/**
 * Return after how many parts a presentation waits: after each attempt that something follows, and, if it
 * asks, between a code and its output.
 */
function stops(parts: readonly Part[], asks: boolean): number[] {
  return parts.flatMap((part, at) => {
    if (part.kind !== 'code') {
      return [];
    }
    const rest = parts.findIndex(
      ({ kind }, place) => place > at && kind !== 'result' && kind !== 'image'
    );
    const end = rest < 0 ? parts.length : rest;
    return [...(asks && end > at + 1 ? [at + 1] : []), ...(end < parts.length ? [end] : [])];
  });
}
