/** A step: its row, its code, what changed in it, what it printed and drew. */

import type { Image } from '../contract/parts';
import type { Sent } from '../contract/sent';
import { stepSeconds } from '../contract/stats';
import { OK, outcome, output, type Step } from '../contract/steps';
import type { Verdict } from '../contract/verification';
import { button } from '../dom/button';
import { Disclosure } from '../dom/disclosure';
import { element, setText, setVisible } from '../dom/element';
import type { LazySection } from '../dom/lazySection';
import { scrollable } from '../dom/scrollBoxes';
import { highlight } from '../text/highlight';
import { countLines, tellingLine, trimLines } from '../text/lines';
import { sanitize } from '../text/sanitize';
import { renderSpans } from '../text/spans';
import { Changes, compare } from './changes';
import { copyButton, insertAndAnnounce } from './codeActions';
import type { Context, Piece } from './context';
import { chipWords, outcomeClass } from './outcome';
import { Figures } from './figures';
import { drawnLine, drawOutput, lightLine, offerTable } from './output';
import { drawSeen } from './seen';
import { secondsWords } from './seconds';
import { drawDifference, verdictClass, verdictWords } from './verdict';

// So short a code is seen at a glance.
const FEW_LINES = 3;

/**
 * A step, what came of running it again, the step before it if that failed, whether a later one succeeded,
 * and the picture that it was made from.
 */
export interface Attempt {
  step: Step;
  verdict: Verdict | null;
  previousFailure: Step | null;
  succeededLater: boolean;
  taken: Image | Sent | null;
  /** Whether there are so many that only the last one is to be open. */
  isOneOfMany: boolean;
}

export class StepView implements Piece<Attempt> {
  readonly node: HTMLElement;
  readonly #disclosure: Disclosure;
  readonly #name: HTMLElement;
  readonly #chip: HTMLElement;
  readonly #brief: HTMLElement;
  readonly #meta: HTMLElement;
  #verdict: HTMLElement | null = null;
  #again: HTMLElement | null = null;
  #insert: HTMLButtonElement | null = null;
  readonly #copy: HTMLButtonElement;
  readonly #code: HTMLElement;
  readonly #out: HTMLElement;
  #figures: Figures | null = null;
  #seen: HTMLElement | null = null;
  #compared = false;
  #changes: Changes | null = null;
  #showAll: () => void = () => undefined;
  #drawnFrom: unknown[] = [];
  #highlighted = false;
  #shown = { code: '', output: '', clipLines: -1 };
  #attempt: Attempt;
  #context: Context;
  readonly #section: LazySection;

  constructor(attempt: Attempt, context: Context, section: LazySection) {
    this.#attempt = attempt;
    this.#context = context;
    this.#section = section;
    const { doc } = context;
    this.#disclosure = new Disclosure(doc, 'gm-dot gm-step', () => this.#drawBody());
    this.node = this.#disclosure.node;
    this.#name = element(doc, 'b', 'gm-name');
    this.#chip = element(doc, 'span', 'gm-chip');
    this.#meta = element(doc, 'span', 'gm-meta');
    this.#disclosure.title.append(this.#name, this.#chip);
    this.#copy = copyButton(context, 'gm-bare gm-copy', () => this.#attempt.step.part.code);
    this.#brief = element(doc, 'code', 'gm-brief');
    this.#brief.ariaHidden = 'true';
    this.#disclosure.row.append(
      this.#brief,
      element(doc, 'span', 'gm-grow'),
      this.#copy,
      this.#meta
    );
    this.#code = scrollable(element(doc, 'pre', 'gm-pre gm-code'));
    this.#out = element(doc, 'div', 'gm-out');
    this.#disclosure.body.classList.add('gm-box');
    this.#disclosure.body.append(this.#code, this.#out);
  }

  update(attempt: Attempt, context: Context): void {
    this.#attempt = attempt;
    this.#context = context;
    const before = this.#drawnFrom;
    this.#drawnFrom = inputsOf(attempt, context);
    if (before.length && this.#drawnFrom.every((value, at) => value === before[at])) {
      return;
    }
    this.#drawRow();
    this.#drawFigures();
    const failed = ![OK, null].includes(outcome(attempt.step));
    const drawn = this.#disclosure.open;
    const { code, foldFailed } = context.hooks.options;
    const isMended = failed && attempt.succeededLater && foldFailed;
    const isOld = context.lastCode !== attempt.step.index;
    const lastOnly = code === 'last' || attempt.isOneOfMany;
    this.#disclosure.setByDefault(!isMended && code !== 'folded' && !(lastOnly && isOld));
    if (attempt.verdict?.kind === 'different') {
      this.#disclosure.setByDefault(true);
    }
    if (drawn && this.#disclosure.open) {
      this.#drawBody();
    } else if (!this.#disclosure.open && !context.live) {
      // The browser's search finds what is drawn.
      this.#section.defer(() => this.#drawBody());
    }
  }

  tick(seconds: number): void {
    const { hooks } = this.#context;
    if (this.node.dataset.outcome === 'running') {
      const time = hooks.trans.__('%1 s', Math.floor(seconds));
      setText(this.#meta, [this.#lines(), time].filter(Boolean).join(' · '));
    }
  }

  expand(open: boolean): void {
    this.#disclosure.set(open);
  }

  reveal(part: number, line: number): (() => void) | null {
    const { step } = this.#attempt;
    const nth = step.resultsAt.indexOf(part);
    if (nth < 0 && part !== step.index) {
      return null;
    }
    const wasOpen = this.#disclosure.open;
    this.#disclosure.set(true);
    const dim = nth < 0 ? this.#lightCode(line) : this.#lightOutput(nth, line);
    return () => {
      dim();
      if (!wasOpen) {
        this.#disclosure.set(false);
      }
    };
  }

  #lightCode(line: number): () => void {
    this.#changes?.choose(false);
    const leading = /^\n*/.exec(sanitize(this.#attempt.step.part.code))![0].length;
    return lightLine(this.#code, line - 1 - leading);
  }

  #lightOutput(nth: number, line: number): () => void {
    const { step } = this.#attempt;
    const before = step.results
      .slice(0, nth)
      .map(result => result.output)
      .join('');
    const at = drawnLine(output(step), before.split('\n').length - 1 + line);
    const head = this.#out.querySelector<HTMLElement>('.gm-pre');
    if (head && at >= countLines(head.textContent ?? '')) {
      this.#showAll();
    }
    return lightLine(this.#out.querySelector<HTMLElement>('.gm-pre') ?? this.#out, at);
  }

  #drawRow(): void {
    const { step } = this.#attempt;
    const { hooks, live } = this.#context;
    const ended = outcome(step);
    const kind = outcomeClass(this.#context, step, ended);
    const name = hooks.trans.__('Attempt %1', step.attempt);
    this.node.dataset.outcome = kind;
    this.#chip.className = `gm-chip gm-chip-${kind}`;
    setText(this.#name, name);
    setText(this.#chip, chipWords(this.#context, step, ended, output(step)));
    setText(this.#meta, this.#size());
    setText(this.#brief, kind === 'failed' ? '' : tellingLine(sanitize(step.part.code)));
    this.#copy.ariaLabel = hooks.trans.__('Copy the code of %1', name);
    this.#drawVerdict();
    this.#showInsert(Boolean(hooks.insert) && !live, name);
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

  /** Below what was reported: what it printed when it ran again, if that is not the same. */
  #drawAgain(): void {
    const { step, verdict } = this.#attempt;
    this.#again?.remove();
    this.#again = verdict?.here ? drawDifference(this.#context, output(step), verdict.here) : null;
    if (this.#again) {
      this.#disclosure.body.append(this.#again);
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

  #drawBody(): void {
    const { step } = this.#attempt;
    const code = trimLines(sanitize(step.part.code));
    if (code !== this.#shown.code) {
      this.#shown.code = code;
      this.#code.textContent = code;
      this.#addDetails(step);
    }
    const printed = output(step);
    const { clipLines } = this.#context.hooks.options;
    // What is folded may have been drawn before the setting changed.
    if (printed !== this.#shown.output || clipLines !== this.#shown.clipLines) {
      Object.assign(this.#shown, { output: printed, clipLines });
      this.#showAll = drawOutput(this.#context, this.#out, printed);
      if (outcome(step) === OK) {
        offerTable(this.#context, this.#out, printed);
      }
    }
    setVisible(this.#out, printed.trim() !== '');
    this.#seen ??= drawSeen(this.#context, step.results);
    if (this.#seen) {
      this.#out.after(this.#seen);
    }
    this.#drawAgain();
    if (this.#highlighted) {
      this.#compare();
    }
  }

  /** Add what takes time, highlighting and the comparison, now if the user waits for this step. */
  #addDetails(step: Step): void {
    const act = () => {
      this.#highlighted = true;
      this.#highlightCode();
      this.#compare();
    };
    if (this.#context.live && this.#context.lastCode === step.index) {
      act();
    } else {
      this.#section.whenVisible(act);
    }
  }

  #highlightCode(): void {
    const spans = highlight(this.#shown.code, this.#attempt.step.part.language);
    this.#code.replaceChildren(...renderSpans(this.#context.doc, spans));
  }

  #drawFigures(): void {
    const { step, taken } = this.#attempt;
    if (step.images.length) {
      this.#figures ??= this.#addFigures();
      this.#figures.update(this.#context, step, taken);
    }
  }

  /** They have no frame: that of the code would be a second one. */
  #addFigures(): Figures {
    const figures = new Figures(this.#context);
    this.node.append(figures.node);
    return figures;
  }

  #compare(): void {
    const { step, previousFailure } = this.#attempt;
    if (this.#compared || !previousFailure) {
      return;
    }
    this.#compared = true;
    const compared = compare(previousFailure, step);
    if (compared) {
      this.#changes = new Changes(this.#context, compared, this.#code, this.#section);
    }
  }
}

/** Return everything a step is drawn from: if nothing of it differs, nothing is drawn. */
function inputsOf(
  { step, verdict, previousFailure, succeededLater, taken, isOneOfMany }: Attempt,
  context: Context
): unknown[] {
  return [
    step.part,
    verdict,
    step.results.length,
    step.results.at(-1),
    // In a page that was opened during the run, a picture may come later.
    step.images.filter(image => image.data).length,
    step.images.length,
    previousFailure?.part,
    succeededLater,
    taken?.data,
    isOneOfMany,
    context.hooks.options.code,
    context.live,
    !context.live && Boolean(context.hooks.insert),
    context.lastCode === step.index,
    stepSeconds(context.stats, step)
  ];
}
