/** An attempt: its row, its code, what changed, what it printed and drew. */

import { Changes } from './changes';
import type { Context, Piece } from './context';
import { copyButton, insertAndSay } from './actions';
import { colour } from './code';
import { button, make, say, show } from './dom';
import { stepSeconds } from './facts';
import { Fold } from './fold';
import { chipWords, outcomeClass } from './outcome';
import { drawImage, drawOutput } from './output';
import { paint } from './paint';
import { OK, outcome, output, type Step } from './run';
import { reach, type Stretch } from './stretch';
import { countLines, printable, trimLines } from './text';

/** A step beside the failed one before it, and whether a later one succeeded. */
export interface Attempt {
  step: Step;
  failedBefore: Step | null;
  mendedLater: boolean;
}

export class StepView implements Piece<Attempt> {
  readonly node: HTMLElement;
  readonly #fold: Fold;
  readonly #name: HTMLElement;
  readonly #chip: HTMLElement;
  readonly #meta: HTMLElement;
  #insert: HTMLButtonElement | null = null;
  readonly #copy: HTMLButtonElement;
  readonly #code: HTMLElement;
  readonly #out: HTMLElement;
  #pictures: HTMLElement | null = null;
  #changes: Changes | null = null;
  #drawnFrom: unknown[] = [];
  #polished = false;
  #shown = { code: '', output: '' };
  readonly #drawn: { data: string; node: HTMLElement }[] = [];
  #attempt: Attempt;
  #context: Context;
  readonly #stretch: Stretch;

  constructor(attempt: Attempt, context: Context, stretch: Stretch) {
    this.#attempt = attempt;
    this.#context = context;
    this.#stretch = stretch;
    const { doc } = context;
    this.#fold = new Fold(doc, 'gm-dot gm-step', () => this.#drawBody());
    this.node = this.#fold.node;
    this.#name = make(doc, 'b', 'gm-name');
    this.#chip = make(doc, 'span', 'gm-chip');
    this.#meta = make(doc, 'span', 'gm-meta');
    this.#fold.title.append(this.#name, this.#chip, this.#meta);
    this.#copy = copyButton(context, 'gm-bare gm-copy', () => this.#attempt.step.part.code);
    this.#fold.row.append(make(doc, 'span', 'gm-grow'), this.#copy);
    this.#code = reach(make(doc, 'pre', 'gm-pre gm-code'));
    this.#out = make(doc, 'div', 'gm-out');
    this.#fold.body.classList.add('gm-box');
    this.#fold.body.append(this.#code, this.#out);
  }

  update(attempt: Attempt, context: Context): void {
    this.#attempt = attempt;
    this.#context = context;
    const before = this.#drawnFrom;
    this.#drawnFrom = whatShows(attempt, context);
    if (before.length && this.#drawnFrom.every((value, at) => value === before[at])) {
      return;
    }
    this.#drawRow();
    const failed = ![OK, null].includes(outcome(attempt.step));
    const drawn = this.#fold.open;
    this.#fold.suggest(!(failed && attempt.mendedLater && context.hooks.options.foldFailed));
    if (drawn && this.#fold.open) {
      this.#drawBody();
    }
  }

  expand(open: boolean): void {
    this.#fold.set(open);
  }

  #drawRow(): void {
    const { step } = this.#attempt;
    const { hooks, live } = this.#context;
    const ended = outcome(step);
    const kind = outcomeClass(this.#context, step, ended);
    const name = hooks.words.__('Attempt %1', step.attempt);
    this.node.dataset.outcome = kind;
    this.#chip.className = `gm-chip gm-chip-${kind}`;
    say(this.#name, name);
    say(this.#chip, chipWords(this.#context, step, ended, output(step)));
    say(this.#meta, this.#measures());
    this.#copy.ariaLabel = hooks.words.__('Copy the code of %1', name);
    this.#offer(Boolean(hooks.insert) && !live, name);
  }

  /** Show the button that inserts, made once it may be pressed: when the run has ended. */
  #offer(insert: boolean, name: string): void {
    const { doc, hooks } = this.#context;
    if (insert && !this.#insert) {
      const node = button(doc, 'gm-bare gm-insert', hooks.words.__('Insert'), () =>
        insertAndSay(this.#context, node, this.#attempt.step.index)
      );
      node.ariaLabel = hooks.words.__('Insert %1 as a cell', name);
      this.#copy.before(node);
      this.#insert = node;
    } else if (this.#insert) {
      show(this.#insert, insert);
    }
  }

  #measures(): string {
    const { words } = this.#context.hooks;
    const count = countLines(trimLines(this.#attempt.step.part.code));
    const lines = words._n('%1 line', '%1 lines', count);
    const seconds = stepSeconds(this.#context.facts, this.#attempt.step);
    return seconds === null ? lines : `${lines} · ${words.__('%1 s', seconds.toFixed(1))}`;
  }

  #drawBody(): void {
    const { step } = this.#attempt;
    const code = trimLines(printable(step.part.code));
    if (code !== this.#shown.code) {
      this.#shown.code = code;
      this.#code.textContent = code;
      this.#polish(step);
    }
    const printed = output(step);
    if (printed !== this.#shown.output) {
      this.#shown.output = printed;
      drawOutput(this.#context, this.#out, printed);
    }
    show(this.#out, printed.trim() !== '');
    this.#drawPictures();
    if (this.#polished) {
      this.#compare();
    }
  }

  /** Add what takes time, colours and the comparison: to what the reader waits for now. */
  #polish(step: Step): void {
    const act = () => {
      this.#polished = true;
      this.#colourCode();
      this.#compare();
    };
    if (this.#context.live && this.#context.lastCode === step.index) {
      act();
    } else {
      this.#stretch.whenSeen(act);
    }
  }

  #colourCode(): void {
    // A parser takes longer than all else that is done for a step that comes.
    const colours = this.#context.live ? colour : this.#context.hooks.colour;
    const spans = colours(this.#shown.code, this.#attempt.step.part.language);
    this.#code.replaceChildren(...paint(this.#context.doc, spans));
  }

  #drawPictures(): void {
    const { images, attempt } = this.#attempt.step;
    const { doc, hooks } = this.#context;
    if (images.length && !this.#pictures) {
      this.#pictures = make(doc, 'div', 'gm-out gm-pictures');
      this.#fold.body.append(this.#pictures);
    }
    images.forEach((image, at) => {
      const before = this.#drawn[at];
      if (before?.data !== image.data) {
        const name = hooks.words.__('Figure %1 of attempt %2', at + 1, attempt);
        const node = drawImage(this.#context, image, name);
        this.#drawn[at] = { data: image.data, node };
        if (before) {
          before.node.replaceWith(node);
        } else {
          this.#pictures!.append(node);
        }
      }
    });
  }

  #compare(): void {
    const { step, failedBefore } = this.#attempt;
    if (!this.#changes && failedBefore) {
      this.#changes = new Changes(this.#context, failedBefore, step, this.#code, this.#stretch);
    }
  }
}

/** Return all that a step is drawn from: where nothing of it differs, nothing needs drawing. */
function whatShows({ step, failedBefore, mendedLater }: Attempt, context: Context): unknown[] {
  return [
    step.part,
    step.results.length,
    step.results.at(-1),
    // A picture comes late where the page was opened in the middle of the run.
    step.images.filter(image => image.data).length,
    step.images.length,
    failedBefore?.part,
    mendedLater,
    context.live,
    !context.live && Boolean(context.hooks.insert),
    context.lastCode === step.index,
    stepSeconds(context.facts, step)
  ];
}
