/** The line above a run: its state, who answered, what it cost, and its actions. */

import { assertNever } from '../contract/assertNever';
import { isPending } from '../contract/parts';
import type { Run } from '../contract/run';
import type { Usage } from '../contract/stats';
import { displayState } from '../contract/steps';
import { button } from '../dom/button';
import { element, formatCount, setText, setVisible } from '../dom/element';
import { mark } from '../dom/mark';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';
import type { Context } from './context';
import { InsertMenu } from './insertMenu';
import { MoreMenu } from './moreMenu';
import { activityOf } from './parts';
import { progressWords } from './progress';
import { recordedWords } from './recorded';
import { secondsWords } from './seconds';
import { StopButton } from './stopButton';
import { VerifyButton } from './verifyButton';
import { Versions } from './versions';

/** What can be asked of the view. */
interface Actions {
  expand(open: boolean): void;
  toAnswer(): void;
  /** Say why there are no verdicts. */
  unverified(line: string): void;
}

export class Header {
  readonly node: HTMLElement;
  readonly #state: HTMLElement;
  readonly #meta: HTMLElement;
  readonly #tokens: HTMLElement;
  readonly #detail: HTMLElement;
  readonly #running: HTMLProgressElement;
  readonly #upload: HTMLElement;
  readonly #uploadBar: HTMLProgressElement;
  readonly #uploadText: HTMLElement;
  readonly #stop: StopButton;
  readonly #verify: VerifyButton;
  readonly #insert: InsertMenu;
  readonly #versions: Versions;
  readonly #again: HTMLButtonElement;
  readonly #more: MoreMenu;
  readonly #toAnswer: HTMLButtonElement;
  #context: Context;
  #drawnFrom = '';

  constructor(context: Context, { expand, toAnswer, unverified }: Actions) {
    this.#context = context;
    const { doc, hooks } = context;
    const { trans } = hooks;
    this.node = element(doc, 'header', 'gm-header');
    this.#state = element(doc, 'b', 'gm-state');
    this.#state.setAttribute('role', 'status');
    this.#meta = element(doc, 'span', 'gm-meta');
    this.#tokens = element(doc, 'span', 'gm-meta gm-tokens');
    this.#detail = element(doc, 'span', 'gm-unseen');
    this.#uploadBar = element(doc, 'progress', 'gm-upload-bar');
    this.#uploadText = element(doc, 'span', 'gm-meta');
    this.#upload = element(doc, 'span', 'gm-upload');
    this.#upload.append(this.#uploadBar, this.#uploadText);
    this.#running = element(doc, 'progress', 'gm-progress');
    this.#running.ariaLabel = trans.__('The run is going on');
    this.#stop = new StopButton(context, () => setText(this.#state, trans.__('Stopping…')));
    this.#verify = new VerifyButton(context, unverified);
    this.#insert = new InsertMenu(context);
    this.#versions = new Versions(context);
    this.#again = againButton(context, () => this.#context.hooks.again?.());
    this.#more = new MoreMenu(context, expand, this.#verify);
    this.#toAnswer = toAnswerButton(context, toAnswer);
    this.#arrange(doc);
  }

  #arrange(doc: Document): void {
    const about = element(doc, 'span', 'gm-about');
    // As text, so that it breaks between its words.
    about.append(this.#state, ' ', this.#upload, ' ', this.#meta, ' ', this.#tokens);
    const actions = element(doc, 'span', 'gm-actions');
    // Stop is the last but one: at the end, what comes in front of it must not move it.
    actions.append(
      this.#toAnswer,
      this.#versions.node,
      this.#again,
      this.#verify.node,
      ...this.#insert.nodes,
      this.#stop.node,
      this.#more.node
    );
    const track = element(doc, 'div', 'gm-track');
    track.append(this.#running);
    // A screen reader hears a button's label, not the text that the button shows for a moment.
    const spoken = element(doc, 'span', 'gm-unseen');
    spoken.ariaLive = 'polite';
    this.node.append(
      mark(doc),
      about,
      this.#detail,
      actions,
      track,
      spoken,
      this.#insert.menu,
      this.#more.menu
    );
  }

  /** Offer the way to the answer, which is below the screen, or no longer. */
  offerAnswer(offered: boolean): void {
    setVisible(this.#toAnswer, offered);
  }

  update(context: Context, seconds: number | null): void {
    this.#context = context;
    const { hooks, live, run, stats } = context;
    const { trans } = hooks;
    const last = run.parts.at(-1);
    const drawnFrom = [
      run.parts.length,
      last?.kind,
      last?.kind === 'call' && isPending(last),
      Object.values(context.progress ?? {}),
      context.waiting?.key,
      context.waiting !== null,
      Math.floor(seconds ?? 0)
    ].join();
    // A stream has many pieces of prose a second, and most change nothing here.
    if (live && drawnFrom === this.#drawnFrom) {
      return;
    }
    this.#drawnFrom = drawnFrom;
    this.#stop.update(context);
    setText(this.#state, this.#stop.asked ? trans.__('Stopping…') : stateWords(context, run));
    setText(this.#meta, metaWords(context, seconds));
    this.#drawTokens(stats.usage, trans);
    this.#drawProgress(context);
    setVisible(this.#running, live);
    this.#versions.update(context);
    setVisible(this.#again, Boolean(hooks.again) && !live);
    this.#verify.update(context);
    this.#insert.update(context);
    this.#more.update(context);
  }

  /** An upload takes the place of the rest, so that the header stays one line. */
  #drawProgress({ progress, hooks }: Context): void {
    setVisible(this.#upload, progress !== null);
    setVisible(this.#meta, progress === null);
    if (progress) {
      setText(this.#uploadText, progressWords(hooks.trans, progress));
      this.#uploadBar.ariaLabel = sanitize(progress.text);
      this.#uploadBar.max = progress.total || 1;
      this.#uploadBar.value = progress.done;
    }
  }

  #drawTokens(usage: Usage | null, trans: Translations): void {
    setVisible(this.#tokens, usage !== null);
    if (usage) {
      const { doc } = this.#context;
      const count = formatCount(doc, usage.total);
      const counts = [
        usage.prompt + usage.toolUse,
        usage.thoughts,
        usage.candidates,
        usage.cached
      ].map(tokens => formatCount(doc, tokens));
      const detail = usage.cached
        ? trans.__('%1 in (%4 of them cached), %2 thinking, %3 out', ...counts)
        : trans.__('%1 in, %2 thinking, %3 out', ...counts);
      setText(this.#tokens, trans._n('%1 token', '%2 tokens', usage.total, count));
      this.#tokens.title = detail;
      setText(this.#detail, detail);
    }
  }
}

function stateWords({ hooks, live, stats, waiting }: Context, run: Run): string {
  const { trans, elsewhere } = hooks;
  if (run.presented) {
    return trans.__('Attempt by attempt');
  }
  const state = displayState(run);
  switch (state) {
    case 'done':
      return stats.recorded === null ? trans.__('Done') : trans.__('Replayed');
    case 'last-failed':
      return trans.__('Done · last attempt failed');
    case 'stopped':
      return trans.__('Stopped');
    case 'failed':
      return trans.__('Failed');
    case 'blocked':
      return trans.__('Blocked');
    case 'running':
      if (elsewhere) {
        return trans.__('Running in another window');
      }
      if (waiting) {
        return trans.__('Waiting for you');
      }
      return live ? activityWords(trans, run) : trans.__('Unfinished');
    default:
      return assertNever(state);
  }
}

function activityWords(trans: Translations, run: Run): string {
  const last = run.parts.at(-1);
  const activity = last && activityOf(trans, last);
  if (activity) {
    return activity;
  }
  return run.parts.some(part => part.kind !== 'note') ? trans.__('Working') : trans.__('Waiting');
}

function metaWords(context: Context, seconds: number | null): string {
  const { trans } = context.hooks;
  const { run, live } = context;
  const attempt = run.parts.filter(part => part.kind === 'code').length;
  if (!live || seconds === null) {
    const recorded = recordedWords(trans, context.stats, Date.now());
    const here = run.ran === 'here' ? trans.__('code ran here') : '';
    const words = [recorded, engineWords(trans, run), here, secondsWords(trans, seconds)];
    return words.filter(Boolean).join(' · ');
  }
  const [whole, step] = [Math.floor(seconds), runningSeconds(context, seconds)];
  const stats = [
    trans.__('%1 s', step ?? whole),
    attempt ? trans.__('attempt %1', attempt) : '',
    step !== null && step < whole ? trans.__('%1 s in all', whole) : '',
    engineWords(trans, run)
  ];
  return stats.filter(Boolean).join(' · ');
}

function againButton({ doc, hooks: { trans } }: Context, press: () => void): HTMLButtonElement {
  const again = button(doc, 'gm-bare gm-again', '↻', press);
  again.ariaLabel = trans.__('Try again');
  again.title = trans.__('Try again: this answer stays');
  return again;
}

function toAnswerButton({ doc, hooks: { trans } }: Context, press: () => void): HTMLButtonElement {
  const toAnswer = button(doc, 'gm-bare gm-to-answer', '↓', press);
  toAnswer.prepend(element(doc, 'span', 'gm-wide', `${trans.__('To the answer')} `));
  toAnswer.ariaLabel = trans.__('To the answer');
  toAnswer.hidden = true;
  return toAnswer;
}

/** Return the whole seconds that the running code has taken, null if no code runs or nobody knows. */
function runningSeconds({ lastCode, run, stats }: Context, seconds: number): number | null {
  const since = stats.times[lastCode];
  const runs = lastCode >= 0 && lastCode === run.parts.length - 1;
  return runs && since !== undefined ? Math.max(0, Math.floor(seconds - since)) : null;
}

/** Return who answered. The offline engine must never look like a model. */
function engineWords(trans: Translations, run: Run): string {
  switch (run.engine) {
    case 'offline':
      return trans.__('offline engine · code run here');
    case 'replay':
      return [trans.__('replay of a recording'), sanitize(run.model)].filter(Boolean).join(' · ');
    case 'vertex':
      return sanitize(run.model) || trans.__('Vertex AI');
    default:
      return sanitize(run.model) || sanitize(run.engine);
  }
}
