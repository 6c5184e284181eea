/**
 * A run on the screen: made once, then patched by part and step, so that what the reader opened,
 * selected or scrolled stays as it was.
 */

import type { Context, Hooks, Piece, Placed } from './context';
import { make, say, show } from './dom';
import { NO_FACTS, type Facts } from './facts';
import { Grounds, isGround } from './grounds';
import { Header } from './header';
import { partView } from './parts';
import type { Progress } from './progress';
import { blocks, OK, outcome, standing, type Block, type Run, type Step } from './run';
import { StepView, type Attempt } from './step';
import { PIECES, Stretch } from './stretch';
import { printable } from './text';

export interface RunView {
  /**
   * Draw what has changed. `live` says that the kernel still adds to the run, and `progress` how
   * far something has come that has to be done before.
   */
  update(run: Run, facts: Facts | null, live?: boolean, progress?: Progress | null): void;
  /** Open or close everything that can be folded. */
  expand(open: boolean): void;
  /** Go on in another element, with all that the reader opened and the browser laid out. */
  moveTo(host: HTMLElement): void;
  dispose(): void;
}

/**
 * Mount an empty view in `host`; `update` fills it. `began` is when a live run was first heard of, on
 * the page's clock in milliseconds.
 */
export function createRunView(host: HTMLElement, hooks: Hooks, began = performance.now()): RunView {
  return new View(host, hooks, began);
}

interface Drawn {
  key: string;
  piece: Piece<Attempt> | Piece<Placed>;
}

class View implements RunView {
  readonly #root: HTMLElement;
  readonly #body: HTMLElement;
  readonly #grounds: Grounds;
  readonly #error: HTMLElement;
  readonly #drawn: Drawn[] = [];
  readonly #stretches: Stretch[] = [];
  readonly #began: number;
  #header: Header | null = null;
  #context: Context | null = null;
  /** What was drawn last. */
  #before: { context: Context; mended: number } | null = null;
  #timer = 0;
  readonly #hooks: Hooks;

  constructor(host: HTMLElement, hooks: Hooks, began: number) {
    this.#hooks = hooks;
    this.#began = began;
    const doc = host.ownerDocument;
    this.#root = make(doc, 'section', 'gm-run');
    this.#root.setAttribute('role', 'region');
    this.#body = make(doc, 'div', 'gm-parts');
    this.#error = make(doc, 'p', 'gm-error');
    this.#grounds = new Grounds(doc, hooks.words);
    this.#root.append(this.#body, this.#grounds.node, this.#error);
    host.append(this.#root);
  }

  update(run: Run, facts: Facts | null, live = false, progress: Progress | null = null): void {
    const doc = this.#root.ownerDocument;
    const running = live && run.state === 'running';
    const context: Context = {
      doc,
      hooks: this.#hooks,
      run,
      facts: facts ?? NO_FACTS,
      live: running,
      lastCode: run.parts.findLastIndex(part => part.kind === 'code'),
      progress: running ? progress : null
    };
    this.#context = context;
    this.#root.dataset.state = standing(run);
    this.#root.dataset.live = String(running);
    if (!this.#header) {
      // Its beginning tells a run from the others of a page, for who goes from one to the next.
      const prompt = printable(run.prompt).slice(0, 40);
      this.#root.ariaLabel = this.#hooks.words.__('Gemini run: %1', prompt);
      this.#header = new Header(context, open => this.expand(open));
      this.#root.prepend(this.#header.node);
    }
    this.#header.update(context, this.#seconds(context));
    this.#tick(running);
    this.#drawParts(context);
    this.#grounds.update(context);
    say(this.#error, printable(run.error ?? ''));
    show(this.#error, Boolean(run.error));
  }

  expand(open: boolean): void {
    this.#drawn.forEach(({ piece }) => piece.expand?.(open));
  }

  moveTo(host: HTMLElement): void {
    host.append(this.#root);
  }

  dispose(): void {
    this.#tick(false);
    this.#root.remove();
  }

  #drawParts(context: Context): void {
    const found = blocks(context.run).filter(
      block => block.kind === 'step' || !isGround(block.part)
    );
    const steps = found.filter(block => block.kind === 'step');
    const mended = steps.findLastIndex(step => outcome(step) === OK);
    const known = this.#known(context, mended);
    this.#before = { context, mended };
    found.forEach((block, at) => {
      if (block.until < known && block.index !== context.lastCode) {
        return;
      }
      const key = keyOf(block);
      if (this.#drawn[at]?.key !== key) {
        this.#cutAt(at);
        this.#append(key, block, context, attemptOf(block, steps, mended));
      }
      const { piece } = this.#drawn[at]!;
      if (block.kind === 'step') {
        (piece as Piece<Attempt>).update(attemptOf(block, steps, mended)!, context);
      } else {
        (piece as Piece<Placed>).update(block, context);
      }
    });
    this.#cutAt(found.length);
  }

  /**
   * Return how many parts of a live run are drawn as they are. A long run has hundreds of pieces, and
   * most updates change the last one.
   */
  #known({ run, live, lastCode }: Context, mended: number): number {
    const before = this.#before;
    if (!live || before?.mended !== mended || before.context.lastCode !== lastCode) {
      return 0;
    }
    const { parts } = run;
    const drawn = before.context.run.parts;
    const changed = parts.findIndex((part, at) => part !== drawn[at]);
    // The last one may have been growing, and grows no more once another follows.
    return Math.min(changed < 0 ? parts.length : changed, drawn.length - 1);
  }

  #append(key: string, block: Block, context: Context, attempt: Attempt | null): void {
    const stretch = this.#stretchAt(this.#drawn.length, context);
    const piece =
      block.kind === 'step'
        ? new StepView(attempt!, context, stretch)
        : partView(block.part, context, stretch);
    const before = this.#drawn.at(-1)?.piece.node;
    piece.node.classList.add('gm-piece');
    // Also from one stretch to the next, where no selector sees that.
    if (before && [before, piece.node].every(node => node.matches('.gm-dot'))) {
      piece.node.classList.add('gm-joined');
    }
    this.#drawn.push({ key, piece });
    stretch.node.append(piece.node);
  }

  #stretchAt(at: number, { doc }: Context): Stretch {
    if (at % PIECES === 0) {
      const stretch = new Stretch(doc, at === 0);
      this.#stretches.push(stretch);
      this.#body.append(stretch.node);
    }
    return this.#stretches.at(-1)!;
  }

  #cutAt(length: number): void {
    this.#drawn.splice(length).forEach(({ piece }) => piece.node.remove());
    this.#stretches.splice(Math.ceil(length / PIECES)).forEach(({ node }) => node.remove());
  }

  #seconds(context: Context): number | null {
    return context.live ? (performance.now() - this.#began) / 1000 : context.facts.seconds;
  }

  /** Let the seconds go on where nothing comes; whatever comes shows them too. */
  #tick(running: boolean): void {
    if (running) {
      this.#timer ||= window.setInterval(() => {
        // Far from the screen, too, a second that goes on would cost the page a frame.
        if (this.#context && isNear(this.#header?.node)) {
          this.#header?.update(this.#context, this.#seconds(this.#context));
        }
      }, 1000);
    } else {
      window.clearInterval(this.#timer);
      this.#timer = 0;
    }
  }
}

function isNear(node: HTMLElement | undefined): boolean {
  const box = node?.getBoundingClientRect();
  return box !== undefined && box.bottom >= 0 && box.top <= window.innerHeight;
}

function keyOf(block: Block): string {
  return block.kind === 'step' ? `step ${block.index}` : `${block.part.kind} ${block.index}`;
}

function attemptOf(block: Block, steps: Step[], mended: number): Attempt | null {
  if (block.kind !== 'step') {
    return null;
  }
  const at = block.attempt - 1;
  const before = steps[at - 1];
  const failed = before && outcome(before) !== OK && outcome(before) !== null;
  return { step: block, failedBefore: failed ? before : null, mendedLater: at < mended };
}
