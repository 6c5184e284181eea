/** The row of a step: its number, how it ended, how long it is and took, and its buttons. */

import { stepSeconds } from '../contract/stats';
import { outcome, output } from '../contract/steps';
import { button } from '../dom/button';
import type { Disclosure } from '../dom/disclosure';
import { element, setText, setVisible } from '../dom/element';
import { countLines, tellingLine, trimLines } from '../text/lines';
import { sanitize } from '../text/sanitize';
import type { Attempt } from './attempt';
import { copyButton, insertAndAnnounce } from './codeActions';
import type { Context } from './context';
import { chipWords, outcomeClass } from './outcome';
import { secondsWords } from './seconds';
import { verdictClass, verdictWords } from './verdict';

// So short a code is seen at a glance.
const FEW_LINES = 3;

export class StepRow {
  readonly #disclosure: Disclosure;
  readonly #name: HTMLElement;
  readonly #chip: HTMLElement;
  readonly #brief: HTMLElement;
  readonly #meta: HTMLElement;
  readonly #copy: HTMLButtonElement;
  #verdict: HTMLElement | null = null;
  #insert: HTMLButtonElement | null = null;
  #attempt: Attempt;
  #context: Context;

  constructor(disclosure: Disclosure, attempt: Attempt, context: Context) {
    this.#disclosure = disclosure;
    this.#attempt = attempt;
    this.#context = context;
    const { doc } = context;
    this.#name = element(doc, 'b', 'gm-name');
    this.#chip = element(doc, 'span', 'gm-chip');
    this.#meta = element(doc, 'span', 'gm-meta');
    disclosure.title.append(this.#name, this.#chip);
    this.#copy = copyButton(context, 'gm-bare gm-copy', () => this.#attempt.step.part.code);
    this.#brief = element(doc, 'code', 'gm-brief');
    this.#brief.ariaHidden = 'true';
    disclosure.row.append(this.#brief, element(doc, 'span', 'gm-grow'), this.#copy, this.#meta);
  }

  /** Take in what is drawn the next time, and what its buttons act on from now. */
  update(attempt: Attempt, context: Context): void {
    this.#attempt = attempt;
    this.#context = context;
  }

  draw(): void {
    const { step } = this.#attempt;
    const { hooks, live } = this.#context;
    const ended = outcome(step);
    const kind = outcomeClass(this.#context, step, ended);
    const name = hooks.trans.__('Attempt %1', step.attempt);
    this.#disclosure.node.dataset.outcome = kind;
    this.#chip.className = `gm-chip gm-chip-${kind}`;
    setText(this.#name, name);
    setText(this.#chip, chipWords(this.#context, step, ended, output(step)));
    setText(this.#meta, this.#size());
    setText(this.#brief, kind === 'failed' ? '' : tellingLine(sanitize(step.part.code)));
    this.#copy.ariaLabel = hooks.trans.__('Copy the code of %1', name);
    this.#drawVerdict();
    this.#showInsert(Boolean(hooks.insert) && !live, name);
  }

  tick(seconds: number): void {
    const { hooks } = this.#context;
    if (this.#disclosure.node.dataset.outcome === 'running') {
      const time = hooks.trans.__('%1 s', Math.floor(seconds));
      setText(this.#meta, [this.#lines(), time].filter(Boolean).join(' · '));
    }
  }

  #drawVerdict(): void {
    const { verdict } = this.#attempt;
    const { doc, hooks } = this.#context;
    this.#verdict?.remove();
    this.#verdict = null;
    if (verdict) {
      const words = verdictWords(hooks.trans, verdict);
      const name = `gm-chip gm-verdict gm-chip-${verdictClass(verdict)}`;
      this.#verdict = element(doc, 'span', name, words);
      this.#verdict.title = hooks.trans.__('When it ran again: %1', words);
      this.#disclosure.row.append(this.#verdict);
    }
  }

  /** Show the button that inserts; it is made when the run has ended and it may be pressed. */
  #showInsert(insert: boolean, name: string): void {
    const { doc, hooks } = this.#context;
    if (insert && !this.#insert) {
      const node = button(doc, 'gm-bare gm-insert', hooks.trans.__('Insert'), () =>
        insertAndAnnounce(this.#context, node, this.#attempt.step.index)
      );
      node.ariaLabel = hooks.trans.__('Insert %1 with what it needs', name);
      this.#copy.before(node);
      this.#insert = node;
    } else if (this.#insert) {
      setVisible(this.#insert, insert);
    }
  }

  #size(): string {
    const { trans } = this.#context.hooks;
    const time = secondsWords(trans, stepSeconds(this.#context.stats, this.#attempt.step));
    return [this.#lines(), time].filter(Boolean).join(' · ');
  }

  #lines(): string {
    const count = countLines(trimLines(this.#attempt.step.part.code));
    return count < FEW_LINES ? '' : this.#context.hooks.trans._n('%1 line', '%1 lines', count);
  }
}
