/**
 * A run on the screen: made once, then updated part by part, so that what the user opened, selected or
 * scrolled stays.
 */

import type { Answer } from '../contract/earlier';
import type { Progress } from '../contract/progress';
import type { Run } from '../contract/run';
import { taken } from '../contract/sent';
import { NO_STATS, type Stats } from '../contract/stats';
import type { Waiting } from '../contract/waiting';
import { blocks, displayState, OK, outcome, type Block, type Step } from '../contract/steps';
import { element, setText, setVisible } from '../dom/element';
import { Follower } from '../dom/follow';
import { LazySection, PIECES_PER_SECTION } from '../dom/lazySection';
import { sanitize } from '../text/sanitize';
import { Claims } from './claims';
import type { Context, Hooks, Piece, Placed } from './context';
import { Header } from './header';
import { labelled } from './figures';
import { hasView, partView } from './parts';
import { Presentation } from './presentation';
import { Sources } from './sources';
import { LONG, Stack } from './stack';
import { StepView, type Attempt } from './step';
import { verificationWords } from './verdict';

/** Characters of a prompt that the cell shows no more. */
const PROMPT_LENGTH = 300;

/**
 * What there is beside a run: how far an upload before the answer has come, what the user is asked, and the
 * answers that the cell gave before, oldest first.
 */
export interface Beside {
  progress?: Progress | null;
  waiting?: Waiting | null;
  earlier?: readonly Answer[];
}

export interface RunView {
  /** Draw what has changed. `live` says that the kernel still adds to the run. */
  update(run: Run, stats: Stats | null, live?: boolean, beside?: Beside): void;
  /** Open or close everything that can be opened. */
  expand(open: boolean): void;
  /** Move to another element, with everything that the user opened and the browser laid out. */
  moveTo(host: HTMLElement): void;
  dispose(): void;
}

/**
 * Mount an empty view in `host`; `update` fills it. `began` is when the page first knew of a live run, on
 * its clock in milliseconds.
 */
export function createRunView(host: HTMLElement, hooks: Hooks, began = performance.now()): RunView {
  return new Presentation(host, hooks, own => new View(host, own, began));
}

interface Drawn {
  key: string;
  /** The place of its part. */
  index: number;
  piece: Piece<Attempt> | Piece<Placed>;
}

class View implements RunView {
  readonly #root: HTMLElement;
  readonly #body: HTMLElement;
  /** Pictures that were sent, and that no attempt was made from. */
  readonly #sent: HTMLElement;
  #sentDrawn = '';
  readonly #sources: Sources;
  readonly #error: HTMLElement;
  readonly #claims: Claims;
  /** The prompt of an older answer, where the cell asks something else by now. */
  readonly #asked: HTMLElement;
  /** What came of running all attempts again. */
  readonly #again: HTMLElement;
  readonly #drawn: Drawn[] = [];
  readonly #sections: LazySection[] = [];
  readonly #follower: Follower;
  #stack: Stack | null = null;
  /** Whether the run has many attempts, and may be folded for that. */
  #isLong = false;
  readonly #began: number;
  #header: Header | null = null;
  #context: Context | null = null;
  /** The answers of the cell, oldest first, and how many before the newest the shown one is. */
  #answers: readonly Answer[] = [];
  #back = 0;
  /** What was drawn last. */
  #before: { context: Context; lastSuccess: number; isLong: boolean } | null = null;
  #timer = 0;
  /** Whether nothing has come since the clock ticked last. */
  #isQuiet = true;
  readonly #hooks: Hooks;

  constructor(host: HTMLElement, hooks: Hooks, began: number) {
    this.#hooks = hooks;
    this.#began = began;
    const doc = host.ownerDocument;
    this.#root = element(doc, 'section', 'gm-run');
    this.#root.setAttribute('role', 'region');
    this.#root.toggleAttribute('data-quiet', true);
    this.#body = element(doc, 'div', 'gm-parts');
    this.#sent = element(doc, 'div', 'gm-pictures gm-sent');
    this.#error = element(doc, 'p', 'gm-error');
    this.#sources = new Sources(doc, hooks.trans);
    this.#claims = new Claims(doc, this.#root, ({ part, line, turn }) =>
      turn ? null : this.#reveal(part, line)
    );
    this.#asked = element(doc, 'div', 'gm-asked gm-again-words');
    this.#again = element(doc, 'div', 'gm-again-words');
    this.#root.append(
      this.#asked,
      this.#again,
      this.#sent,
      this.#body,
      this.#claims.node,
      this.#sources.node,
      this.#error
    );
    this.#follower = new Follower(this.#root, () =>
      this.#header?.offerAnswer(this.#follower.isTargetBelow)
    );
    host.append(this.#root);
  }

  update(run: Run, stats: Stats | null, live = false, beside: Beside = {}): void {
    this.#isQuiet &&= this.#drawn.length === 0;
    const running = live && run.state === 'running';
    this.#answers = [...(running ? [] : (beside.earlier ?? [])), { run, stats: stats ?? NO_STATS }];
    this.#back = Math.min(this.#back, this.#answers.length - 1);
    this.#draw(running, beside);
  }

  /** Show another answer of the cell. */
  #choose(at: number): void {
    this.#back = this.#answers.length - 1 - at;
    // What was opened in one answer says nothing of another.
    this.#cutAt(0);
    this.#before = null;
    this.#stack?.node.remove();
    this.#stack = null;
    this.#draw(false, {});
  }

  #draw(running: boolean, { progress = null, waiting = null }: Beside): void {
    const doc = this.#root.ownerDocument;
    const count = this.#answers.length;
    const at = count - 1 - this.#back;
    const { run, stats } = this.#answers[at]!;
    const context: Context = {
      doc,
      hooks: this.#hooks,
      run,
      stats,
      version: { at, count, choose: chosen => this.#choose(chosen) },
      live: running,
      lastCode: run.parts.findLastIndex(part => part.kind === 'code'),
      progress: running ? progress : null,
      waiting: running ? waiting : null,
      numbers: this.#claims
    };
    this.#context = context;
    this.#root.dataset.state = displayState(run);
    this.#root.dataset.live = String(running);
    if (!this.#header) {
      // A screen reader lists the regions of a page: the prompt tells them apart.
      const prompt = sanitize(run.prompt).slice(0, 40);
      this.#root.ariaLabel = run.attempts
        ? this.#hooks.trans.__('Of a Gemini run')
        : this.#hooks.trans.__('Gemini run: %1', prompt);
      this.#header = new Header(context, {
        expand: open => this.expand(open),
        toAnswer: () => this.#follower.goToTarget(),
        unverified: line => this.#drawUnverified(line)
      });
      this.#root.prepend(this.#header.node);
    }
    this.#header.update(context, this.#seconds(context));
    setVisible(this.#header.node, !run.attempts);
    this.#tick(running);
    this.#claims.update(context);
    this.#drawParts(context);
    this.#follower.update(running, running ? null : this.#answer());
    this.#sources.update(context);
    this.#drawAsked(context);
    this.#drawAgain(context);
    setText(this.#error, sanitize(run.error ?? ''));
    setVisible(this.#error, Boolean(run.error));
  }

  /** Return where the answer begins: behind the last attempt or call, null if nothing is there. */
  #answer(): HTMLElement | null {
    const last = this.#drawn.findLastIndex(({ piece }) => isDot(piece.node));
    return last < 0 ? null : (this.#drawn[last + 1]?.piece.node ?? null);
  }

  expand(open: boolean): void {
    if (open) {
      this.#stack?.open();
    }
    this.#drawn.forEach(({ piece }) => piece.expand?.(open));
  }

  moveTo(host: HTMLElement): void {
    host.append(this.#root);
  }

  dispose(): void {
    this.#tick(false);
    this.#claims.dispose();
    this.#follower.dispose();
    this.#root.remove();
  }

  #drawAsked({ doc, hooks, run }: Context): void {
    const isOther = run.prompt !== this.#answers.at(-1)!.run.prompt;
    setVisible(this.#asked, isOther);
    if (isOther) {
      const prompt = sanitize(run.prompt).trim();
      const short = prompt.length > PROMPT_LENGTH ? `${prompt.slice(0, PROMPT_LENGTH)}…` : prompt;
      const said = hooks.trans.__('Asked then: %1', short);
      this.#asked.replaceChildren(element(doc, 'span', 'gm-chip', said));
    }
  }

  #drawAgain({ doc, hooks, run }: Context): void {
    const { verification } = run;
    setVisible(this.#again, verification !== undefined);
    if (verification) {
      const words = verificationWords(hooks.trans, verification);
      const said = hooks.trans.__('Run again here: %1', words);
      this.#again.replaceChildren(element(doc, 'span', 'gm-chip', said));
      this.#again.title = sanitize(verification.sandbox);
    }
  }

  /** Say why the attempts could not be run again, until they are. */
  #drawUnverified(line: string): void {
    if (line || !this.#context?.run.verification) {
      const { doc, hooks } = this.#context!;
      const said = hooks.trans.__('Not run again here: %1', line);
      setVisible(this.#again, line !== '');
      this.#again.replaceChildren(element(doc, 'span', 'gm-chip', said));
    }
  }

  /** Open the line of a part; return what goes back, or null if it is not drawn. */
  #reveal(part: number, line: number): (() => void) | null {
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

  #drawParts(context: Context): void {
    const found = blocks(context.run).filter(block => block.kind === 'step' || hasView(block.part));
    const took = taken(found, context.run.sent ?? []);
    this.#drawSent(context, new Set([...took.values()].map(({ data }) => data)));
    const steps = found.filter(block => block.kind === 'step');
    const lastSuccess = steps.findLastIndex(step => outcome(step) === OK);
    // Folding what the user looks at would move it away.
    const mayFold = this.#before === null || this.#follower.isAtEnd;
    this.#isLong = steps.length > LONG && (this.#isLong || mayFold);
    const drawn = this.#countDrawn(context, lastSuccess);
    this.#before = { context, lastSuccess, isLong: this.#isLong };
    found.forEach((block, at) => {
      if (block.until < drawn && block.index !== context.lastCode) {
        return;
      }
      const key = keyOf(block);
      if (this.#drawn[at]?.key !== key) {
        this.#cutAt(at);
        this.#append(
          key,
          block,
          context,
          attemptOf(block, steps, lastSuccess, context.run, took, this.#isLong)
        );
      }
      const { piece } = this.#drawn[at]!;
      if (block.kind === 'step') {
        (piece as Piece<Attempt>).update(
          attemptOf(block, steps, lastSuccess, context.run, took, this.#isLong)!,
          context
        );
      } else {
        (piece as Piece<Placed>).update(block, context);
      }
    });
    this.#cutAt(found.length);
    if (this.#isLong && mayFold) {
      this.#stack ??= new Stack(context);
      const pieces = this.#drawn.map(({ index, piece: { node } }) => ({ index, node }));
      this.#stack.update(context, steps, pieces);
    }
  }

  #drawSent(context: Context, used: ReadonlySet<string>): void {
    const left = (context.run.sent ?? []).filter(({ data }) => !used.has(data));
    const drawn = left.map(({ name, data }) => `${name} ${data.length}`).join();
    setVisible(this.#sent, left.length > 0);
    if (drawn !== this.#sentDrawn) {
      this.#sentDrawn = drawn;
      const { trans } = context.hooks;
      this.#sent.replaceChildren(
        ...left.map(picture => {
          const name = sanitize(picture.name);
          return labelled(context, name, trans.__('sent'), picture, trans.__('Sent: %1', name));
        })
      );
    }
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
    const from = this.#drawn.findLastIndex(({ piece }) => isDot(piece.node));
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
      this.#body.append(section.node);
    }
    return this.#sections.at(-1)!;
  }

  #cutAt(length: number): void {
    if (length >= this.#drawn.length) {
      return;
    }
    this.#drawn.splice(length).forEach(({ piece }) => piece.node.remove());
    const last = this.#drawn.findLastIndex(({ piece }) => isDot(piece.node));
    this.#drawn.slice(Math.max(last, 0)).forEach(({ piece: { node } }, at) => {
      node.classList.remove('gm-time-below');
      node.classList.toggle('gm-time-above', at === 0 && node.matches('.gm-time-above'));
    });
    this.#sections
      .splice(Math.ceil(length / PIECES_PER_SECTION))
      .forEach(({ node }) => node.remove());
  }

  #seconds(context: Context): number | null {
    return context.live ? (performance.now() - this.#began) / 1000 : context.stats.seconds;
  }

  /** Update the seconds while nothing comes. */
  #tick(running: boolean): void {
    if (running) {
      this.#timer ||= window.setInterval(() => {
        // What comes moves by itself, and would be drawn with each step of the bar once more.
        this.#root.toggleAttribute('data-quiet', this.#isQuiet);
        this.#isQuiet = true;
        // Far from the screen it would cost the page a frame for nothing.
        if (this.#context && isNear(this.#header?.node)) {
          const seconds = this.#seconds(this.#context) ?? 0;
          this.#header?.update(this.#context, seconds);
          const { lastCode, stats } = this.#context;
          const step = this.#drawn.findLast(({ index }) => index === lastCode);
          step?.piece.tick?.(seconds - (stats.times[lastCode] ?? seconds));
        }
      }, 1000);
    } else {
      window.clearInterval(this.#timer);
      this.#timer = 0;
    }
  }
}

function isDot(node: HTMLElement): boolean {
  return node.matches('.gm-dot');
}

function isNear(node: HTMLElement | undefined): boolean {
  const box = node?.getBoundingClientRect();
  return box !== undefined && box.bottom >= 0 && box.top <= window.innerHeight;
}

function keyOf(block: Block): string {
  return block.kind === 'step' ? `step ${block.index}` : `${block.part.kind} ${block.index}`;
}

function attemptOf(
  block: Block,
  steps: Step[],
  lastSuccess: number,
  { verification }: Run,
  took: ReturnType<typeof taken>,
  isLong: boolean
): Attempt | null {
  if (block.kind !== 'step') {
    return null;
  }
  const at = steps.indexOf(block);
  // Of attempts that are shown by themselves, the one before may be another.
  const before = steps[at - 1]?.attempt === block.attempt - 1 ? steps[at - 1] : null;
  const failed = before && outcome(before) !== OK && outcome(before) !== null;
  return {
    step: block,
    verdict: verification?.verdicts.find(({ part }) => part === block.index) ?? null,
    previousFailure: failed ? before : null,
    succeededLater: at < lastSuccess,
    taken: took.get(block.index) ?? null,
    isOneOfMany: isLong
  };
}
