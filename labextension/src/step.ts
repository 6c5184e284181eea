/** An attempt: its row, its code, what changed, what it printed and drew. */

import { Changes } from './changes';
import type { Context, Piece } from './context';
import { copyButton, insertAndSay } from './actions';
import { colour } from './code';
import { button, make, reach, say, show } from './dom';
import { stepSeconds } from './facts';
import { Fold } from './fold';
import { chipWords, outcomeClass } from './outcome';
import { drawImage, drawOutput } from './output';
import { paint } from './paint';
import { OK, outcome, output, type Step } from './run';
import type { Stretch } from './stretch';
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
  readonly #insert: HTMLButtonElement;
  readonly #copy: HTMLButtonElement;
  readonly #tabs: HTMLElement;
  readonly #codeTab: HTMLButtonElement;
  readonly #changesTab: HTMLButtonElement;
  readonly #code: HTMLElement;
  readonly #out: HTMLElement;
  readonly #pictures: HTMLElement;
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
    const { doc, hooks } = context;
    const { words } = hooks;
    this.#fold = new Fold(doc, 'gm-dot gm-step', () => this.#drawBody());
    this.node = this.#fold.node;
    this.#name = make(doc, 'b', 'gm-name');
    this.#chip = make(doc, 'span', 'gm-chip');
    this.#meta = make(doc, 'span', 'gm-meta');
    this.#fold.title.append(this.#name, this.#chip, this.#meta);
    this.#insert = button(doc, 'gm-bare gm-insert', words.__('Insert'), () =>
      insertAndSay(this.#context, this.#insert, this.#attempt.step.index)
    );
    this.#copy = copyButton(context, 'gm-bare gm-copy', () => this.#attempt.step.part.code);
    this.#fold.row.append(make(doc, 'span', 'gm-grow'), this.#insert, this.#copy);
    this.#codeTab = button(doc, 'gm-tab', words.__('Code'), () => this.#choose(false));
    this.#changesTab = button(doc, 'gm-tab gm-tab-changes', '', () => this.#choose(true));
    this.#tabs = make(doc, 'div', 'gm-tabs');
    this.#tabs.setAttribute('role', 'group');
    this.#tabs.append(this.#codeTab, this.#changesTab);
    this.#code = make(doc, 'pre', 'gm-pre gm-code');
    this.#out = make(doc, 'div', 'gm-out');
    this.#pictures = make(doc, 'div', 'gm-out gm-pictures');
    this.#fold.body.classList.add('gm-box');
    this.#fold.body.append(this.#tabs, this.#code, this.#out, this.#pictures);
    show(this.#tabs, false);
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
    this.#insert.ariaLabel = hooks.words.__('Insert %1 as a cell', name);
    this.#copy.ariaLabel = hooks.words.__('Copy the code of %1', name);
    this.#tabs.ariaLabel = hooks.words.__('What %1 shows', name);
    show(this.#insert, Boolean(hooks.insert) && !live);
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
      reach(this.#code);
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
      this.#drawTabs();
    }
  }

  /** Add what takes time, colours and the comparison: to what the reader waits for now. */
  #polish(step: Step): void {
    const act = () => {
      this.#polished = true;
      this.#colourCode();
      this.#drawTabs();
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
    const { step } = this.#attempt;
    const { words } = this.#context.hooks;
    step.images.forEach((image, at) => {
      const before = this.#drawn[at];
      if (before?.data !== image.data) {
        const name = words.__('Figure %1 of attempt %2', at + 1, step.attempt);
        const node = drawImage(this.#context, image, name);
        this.#drawn[at] = { data: image.data, node };
        if (before) {
          before.node.replaceWith(node);
        } else {
          this.#pictures.append(node);
        }
      }
    });
    show(this.#pictures, step.images.length > 0);
  }

  #drawTabs(): void {
    const { step, failedBefore } = this.#attempt;
    if (!this.#changes && failedBefore) {
      this.#changes = new Changes(this.#context, failedBefore, step);
      say(this.#changesTab, this.#changes.label(this.#context));
      this.#code.after(this.#changes.node);
      this.#choose(false);
    }
    show(this.#tabs, this.#changes !== null);
  }

  #choose(changes: boolean): void {
    this.#codeTab.ariaPressed = String(!changes);
    this.#changesTab.ariaPressed = String(changes);
    show(this.#code, !changes);
    if (this.#changes) {
      show(this.#changes.node, changes);
      if (changes) {
        this.#changes.draw(this.#context);
      }
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
