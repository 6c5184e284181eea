/** The pieces of a run in order, drawn once and then updated: parts, and attempts along a line of time. */

import type { Image } from '../contract/parts';
import type { Sent } from '../contract/sent';
import { OK, outcome, type Block } from '../contract/steps';
import { element } from '../dom/element';
import { LazySection, PIECES_PER_SECTION } from '../dom/lazySection';
import { attemptOf, type Attempt, type Attempts } from './attempt';
import type { Context, Piece, Placed } from './context';
import { partView } from './parts';
import { LONG, Stack } from './stack';
import { StepView } from './step';

interface Drawn {
  key: string;
  /** The place of its part. */
  index: number;
  piece: Piece<Attempt> | Piece<Placed>;
}

export class PieceList {
  readonly node: HTMLElement;
  readonly #drawn: Drawn[] = [];
  readonly #sections: LazySection[] = [];
  #stack: Stack | null = null;
  /** Whether the run has many attempts, and may be folded for that. */
  #isLong = false;
  /** What was drawn last. */
  #before: { context: Context; lastSuccess: number; isLong: boolean } | null = null;

  constructor(doc: Document) {
    this.node = element(doc, 'div', 'gm-parts');
  }

  get isEmpty(): boolean {
    return this.#drawn.length === 0;
  }

  /** Where the answer begins: behind the last attempt or call, null if nothing is there. */
  get answer(): HTMLElement | null {
    const last = this.#lastDot();
    return last < 0 ? null : (this.#drawn[last + 1]?.piece.node ?? null);
  }

  /**
   * Draw `blocks`; `taken` are the pictures that attempts were made from, and `isAtEnd` says whether the
   * user sees the end.
   */
  update(
    context: Context,
    blocks: readonly Block[],
    taken: ReadonlyMap<number, Image | Sent>,
    isAtEnd: boolean
  ): void {
    const steps = blocks.filter(block => block.kind === 'step');
    const lastSuccess = steps.findLastIndex(step => outcome(step) === OK);
    // Folding what the user looks at would move it away.
    const mayFold = this.#before === null || isAtEnd;
    this.#isLong = steps.length > LONG && (this.#isLong || mayFold);
    const drawn = this.#countDrawn(context, lastSuccess);
    this.#before = { context, lastSuccess, isLong: this.#isLong };
    const attempts = { run: context.run, steps, taken, lastSuccess, isLong: this.#isLong };
    blocks.forEach((block, at) => {
      if (block.until >= drawn || block.index === context.lastCode) {
        this.#drawAt(at, block, context, attempts);
      }
    });
    this.#cutAt(blocks.length);
    if (this.#isLong && mayFold) {
      this.#stack ??= new Stack(context);
      const pieces = this.#drawn.map(({ index, piece: { node } }) => ({ index, node }));
      this.#stack.update(context, steps, pieces);
    }
  }

  /** Take away everything that was drawn, and what the user opened in it. */
  clear(): void {
    this.#cutAt(0);
    this.#before = null;
    this.#stack?.node.remove();
    this.#stack = null;
  }

  /** Open or close everything that can be opened. */
  expand(open: boolean): void {
    if (open) {
      this.#stack?.open();
    }
    this.#drawn.forEach(({ piece }) => piece.expand?.(open));
  }

  /** Open the line of a part; return what goes back, or null if it is not drawn. */
  reveal(part: number, line: number): (() => void) | null {
    for (const { piece } of this.#drawn) {
      const back = piece.reveal?.(part, line);
      if (back) {
        if (piece.node.hidden) {
          this.#stack?.open();
        }
        return back;
      }
    }
    return null;
  }

  /** Say how many seconds the piece of the part at `index` has been running. */
  tick(index: number, seconds: number): void {
    this.#drawn.findLast(drawn => drawn.index === index)?.piece.tick?.(seconds);
  }

  /**
   * Return how many parts of a live run are drawn already. A long run has hundreds of pieces, and most
   * updates change only the last one.
   */
  #countDrawn({ run, live, lastCode }: Context, lastSuccess: number): number {
    const before = this.#before;
    const isOther = before?.lastSuccess !== lastSuccess || before.isLong !== this.#isLong;
    if (!live || isOther || before.context.lastCode !== lastCode) {
      return 0;
    }
    const { parts } = run;
    const drawn = before.context.run.parts;
    const changed = parts.findIndex((part, at) => part !== drawn[at]);
    // The last one may have been growing; it is complete once another follows.
    return Math.min(changed < 0 ? parts.length : changed, drawn.length - 1);
  }

  #drawAt(at: number, block: Block, context: Context, attempts: Attempts): void {
    const attempt = block.kind === 'step' ? attemptOf(block, attempts) : null;
    const key = keyOf(block);
    if (this.#drawn[at]?.key !== key) {
      this.#cutAt(at);
      this.#append(key, block, context, attempt);
    }
    const { piece } = this.#drawn[at]!;
    if (block.kind === 'step') {
      (piece as Piece<Attempt>).update(attempt!, context);
    } else {
      (piece as Piece<Placed>).update(block, context);
    }
  }

  #append(key: string, block: Block, context: Context, attempt: Attempt | null): void {
    const section = this.#sectionAt(this.#drawn.length, context);
    const piece =
      block.kind === 'step'
        ? new StepView(attempt!, context, section)
        : partView(block.part, context, section);
    piece.node.classList.add('gm-piece');
    if (isDot(piece.node)) {
      this.#drawTimeTo(piece.node);
    }
    this.#drawn.push({ key, index: block.index, piece });
    section.node.append(piece.node);
  }

  /** Draw the line of time from the last dot to a new one, through what stands between them. */
  #drawTimeTo(dot: HTMLElement): void {
    const from = this.#lastDot();
    if (from >= 0) {
      this.#drawn.slice(from).forEach(({ piece: { node } }, at) => {
        node.classList.add('gm-time-below');
        node.classList.toggle('gm-time-above', at > 0 || node.matches('.gm-time-above'));
      });
      dot.classList.add('gm-time-above');
    }
  }

  #sectionAt(at: number, { doc }: Context): LazySection {
    if (at % PIECES_PER_SECTION === 0) {
      const section = new LazySection(doc, at === 0);
      this.#sections.push(section);
      this.node.append(section.node);
    }
    return this.#sections.at(-1)!;
  }

  #cutAt(length: number): void {
    if (length >= this.#drawn.length) {
      return;
    }
    this.#drawn.splice(length).forEach(({ piece }) => piece.node.remove());
    this.#drawn.slice(Math.max(this.#lastDot(), 0)).forEach(({ piece: { node } }, at) => {
      node.classList.remove('gm-time-below');
      node.classList.toggle('gm-time-above', at === 0 && node.matches('.gm-time-above'));
    });
    this.#sections
      .splice(Math.ceil(length / PIECES_PER_SECTION))
      .forEach(({ node }) => node.remove());
  }

  #lastDot(): number {
    return this.#drawn.findLastIndex(({ piece }) => isDot(piece.node));
  }
}

function isDot(node: HTMLElement): boolean {
  return node.matches('.gm-dot');
}

function keyOf(block: Block): string {
  return block.kind === 'step' ? `step ${block.index}` : `${block.part.kind} ${block.index}`;
}
