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
import { blocks, displayState } from '../contract/steps';
import { element, setText, setVisible } from '../dom/element';
import { Follower } from '../dom/follow';
import { sanitize } from '../text/sanitize';
import { Claims } from './claims';
import type { Context, Hooks } from './context';
import { Header } from './header';
import { hasView } from './parts';
import { PieceList } from './pieceList';
import { Presentation } from './presentation';
import { SentPictures } from './sentPictures';
import { Sources } from './sources';
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

class View implements RunView {
  readonly #root: HTMLElement;
  readonly #pieces: PieceList;
  readonly #sent: SentPictures;
  readonly #sources: Sources;
  readonly #error: HTMLElement;
  readonly #claims: Claims;
  /** The prompt of an older answer, where the cell asks something else by now. */
  readonly #asked: HTMLElement;
  /** What came of running all attempts again. */
  readonly #again: HTMLElement;
  readonly #follower: Follower;
  readonly #began: number;
  #header: Header | null = null;
  #context: Context | null = null;
  /** The answers of the cell, oldest first, and how many before the newest the shown one is. */
  #answers: readonly Answer[] = [];
  #back = 0;
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
    this.#pieces = new PieceList(doc);
    this.#sent = new SentPictures(doc);
    this.#error = element(doc, 'p', 'gm-error');
    this.#sources = new Sources(doc, hooks.trans);
    this.#claims = new Claims(doc, this.#root, ({ part, line, turn }) =>
      turn ? null : this.#pieces.reveal(part, line)
    );
    this.#asked = element(doc, 'div', 'gm-asked gm-again-words');
    this.#again = element(doc, 'div', 'gm-again-words');
    this.#root.append(
      this.#asked,
      this.#again,
      this.#sent.node,
      this.#pieces.node,
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
    this.#isQuiet &&= this.#pieces.isEmpty;
    const running = live && run.state === 'running';
    this.#answers = [...(running ? [] : (beside.earlier ?? [])), { run, stats: stats ?? NO_STATS }];
    this.#back = Math.min(this.#back, this.#answers.length - 1);
    this.#draw(running, beside);
  }

  /** Show another answer of the cell. */
  #choose(at: number): void {
    this.#back = this.#answers.length - 1 - at;
    // What was opened in one answer says nothing of another.
    this.#pieces.clear();
    this.#draw(false, {});
  }

  #draw(running: boolean, beside: Beside): void {
    const context = this.#contextOf(running, beside);
    const { run } = context;
    this.#context = context;
    this.#root.dataset.state = displayState(run);
    this.#root.dataset.live = String(running);
    this.#header ??= this.#addHeader(context);
    this.#header.update(context, this.#seconds(context));
    setVisible(this.#header.node, !run.attempts);
    this.#tick(running);
    this.#claims.update(context);
    this.#drawParts(context);
    this.#follower.update(running, running ? null : this.#pieces.answer);
    this.#sources.update(context);
    this.#drawAsked(context);
    this.#drawAgain(context);
    setText(this.#error, sanitize(run.error ?? ''));
    setVisible(this.#error, Boolean(run.error));
  }

  #contextOf(running: boolean, { progress = null, waiting = null }: Beside): Context {
    const count = this.#answers.length;
    const at = count - 1 - this.#back;
    const { run, stats } = this.#answers[at]!;
    return {
      doc: this.#root.ownerDocument,
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
  }

  #addHeader(context: Context): Header {
    const { run, hooks } = context;
    // A screen reader lists the regions of a page: the prompt tells them apart.
    const prompt = sanitize(run.prompt).slice(0, 40);
    this.#root.ariaLabel = run.attempts
      ? hooks.trans.__('Of a Gemini run')
      : hooks.trans.__('Gemini run: %1', prompt);
    const header = new Header(context, {
      expand: open => this.expand(open),
      toAnswer: () => this.#follower.goToTarget(),
      unverified: line => this.#drawUnverified(line)
    });
    this.#root.prepend(header.node);
    return header;
  }

  expand(open: boolean): void {
    this.#pieces.expand(open);
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

  #drawParts(context: Context): void {
    const found = blocks(context.run).filter(block => block.kind === 'step' || hasView(block.part));
    const took = taken(found, context.run.sent ?? []);
    this.#sent.update(context, took);
    this.#pieces.update(context, found, took, this.#follower.isAtEnd);
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
          this.#pieces.tick(lastCode, seconds - (stats.times[lastCode] ?? seconds));
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
