/** A step: its row, its body below that, and what it drew. */

import { stepSeconds } from '../contract/stats';
import { OK, outcome } from '../contract/steps';
import { Disclosure } from '../dom/disclosure';
import type { LazySection } from '../dom/lazySection';
import type { Attempt } from './attempt';
import type { Context, Piece } from './context';
import { Figures } from './figures';
import { StepBody } from './stepBody';
import { StepRow } from './stepRow';

export class StepView implements Piece<Attempt> {
  readonly node: HTMLElement;
  readonly #disclosure: Disclosure;
  readonly #row: StepRow;
  readonly #body: StepBody;
  #figures: Figures | null = null;
  #drawnFrom: unknown[] = [];
  #attempt: Attempt;
  #context: Context;
  readonly #section: LazySection;

  constructor(attempt: Attempt, context: Context, section: LazySection) {
    this.#attempt = attempt;
    this.#context = context;
    this.#section = section;
    this.#disclosure = new Disclosure(context.doc, 'gm-dot gm-step', () => this.#body.draw());
    this.node = this.#disclosure.node;
    this.#row = new StepRow(this.#disclosure, attempt, context);
    this.#body = new StepBody(this.#disclosure.body, attempt, context, section);
  }

  update(attempt: Attempt, context: Context): void {
    this.#attempt = attempt;
    this.#context = context;
    this.#row.update(attempt, context);
    this.#body.update(attempt, context);
    const before = this.#drawnFrom;
    this.#drawnFrom = inputsOf(attempt, context);
    if (before.length && this.#drawnFrom.every((value, at) => value === before[at])) {
      return;
    }
    this.#row.draw();
    this.#drawFigures();
    const wasOpen = this.#disclosure.open;
    this.#disclosure.setByDefault(isOpenByDefault(attempt, context));
    if (wasOpen && this.#disclosure.open) {
      this.#body.draw();
    } else if (!this.#disclosure.open && !context.live) {
      // The browser's search finds what is drawn.
      this.#section.defer(() => this.#body.draw());
    }
  }

  tick(seconds: number): void {
    this.#row.tick(seconds);
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
    const dim = this.#body.light(nth, line);
    return () => {
      dim();
      if (!wasOpen) {
        this.#disclosure.set(false);
      }
    };
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
}

function isOpenByDefault(
  { step, verdict, succeededLater, isOneOfMany }: Attempt,
  context: Context
): boolean {
  const failed = ![OK, null].includes(outcome(step));
  const { code, foldFailed } = context.hooks.options;
  const isMended = failed && succeededLater && foldFailed;
  const isOld = context.lastCode !== step.index;
  const lastOnly = code === 'last' || isOneOfMany;
  const isPlain = !isMended && code !== 'folded' && !(lastOnly && isOld);
  return isPlain || verdict?.kind === 'different';
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
    ...Object.values(context.hooks.options),
    context.live,
    !context.live && Boolean(context.hooks.insert),
    context.lastCode === step.index,
    stepSeconds(context.stats, step)
  ];
}
