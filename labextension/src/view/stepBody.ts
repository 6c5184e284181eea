/** The body of a step: its code, what changed in it, what it printed, and what the model saw of that. */

import { OK, outcome, output, type Step } from '../contract/steps';
import { element, setVisible } from '../dom/element';
import type { LazySection } from '../dom/lazySection';
import { scrollable } from '../dom/scrollBoxes';
import { highlight } from '../text/highlight';
import { countLines, trimLines } from '../text/lines';
import { sanitize } from '../text/sanitize';
import { renderSpans } from '../text/spans';
import type { Attempt } from './attempt';
import { Changes, compare } from './changes';
import type { Context } from './context';
import { drawnLine, drawOutput, lightLine, offerTable } from './output';
import { drawSeen } from './seen';
import { drawDifference } from './verdict';

export class StepBody {
  readonly node: HTMLElement;
  readonly #code: HTMLElement;
  readonly #out: HTMLElement;
  #seen: HTMLElement | null = null;
  #again: HTMLElement | null = null;
  #compared = false;
  #changes: Changes | null = null;
  #showAll: () => void = () => undefined;
  #highlighted = false;
  #shown = { code: '', output: '', seen: '', clipLines: -1 };
  #attempt: Attempt;
  #context: Context;
  readonly #section: LazySection;

  /** Fill `node` when it is drawn. */
  constructor(node: HTMLElement, attempt: Attempt, context: Context, section: LazySection) {
    this.node = node;
    this.#attempt = attempt;
    this.#context = context;
    this.#section = section;
    const { doc } = context;
    this.#code = scrollable(element(doc, 'pre', 'gm-pre gm-code'));
    this.#out = element(doc, 'div', 'gm-out');
    this.node.classList.add('gm-box');
    this.node.append(this.#code, this.#out);
  }

  /** Take in what is drawn the next time. */
  update(attempt: Attempt, context: Context): void {
    this.#attempt = attempt;
    this.#context = context;
  }

  draw(): void {
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
    this.#drawSeen();
    this.#drawAgain();
    if (this.#highlighted) {
      this.#compare();
    }
  }

  /** Light up a line of the code, or of the result at `nth`; return what goes back. */
  light(nth: number, line: number): () => void {
    return nth < 0 ? this.#lightCode(line) : this.#lightOutput(nth, line);
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

  #drawSeen(): void {
    const { results } = this.#attempt.step;
    const told = JSON.stringify(results.map(result => result.seen ?? null));
    if (told !== this.#shown.seen) {
      this.#shown.seen = told;
      this.#seen?.remove();
      this.#seen = drawSeen(this.#context, results);
      if (this.#seen) {
        this.#out.after(this.#seen);
      }
    }
  }

  /** Below what was reported: what it printed when it ran again, if that is not the same. */
  #drawAgain(): void {
    const { step, verdict } = this.#attempt;
    this.#again?.remove();
    this.#again = verdict?.here ? drawDifference(this.#context, output(step), verdict.here) : null;
    if (this.#again) {
      this.node.append(this.#again);
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
