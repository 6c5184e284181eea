/** The line above a run: its state, who answered, what it cost, and its actions. */

import { assertNever } from '../contract/assertNever';
import { isPending } from '../contract/parts';
import type { Run } from '../contract/run';
import type { Usage } from '../contract/stats';
import { displayState } from '../contract/steps';
import { element, formatCount, setText, setVisible } from '../dom/element';
import { menuButton } from '../dom/menu';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';
import { copyButton } from './codeActions';
import type { Context } from './context';
import { InsertMenu } from './insertMenu';
import { activityOf } from './parts';
import { progressWords } from './progress';
import { secondsWords } from './seconds';
import { StopButton } from './stopButton';
import { VerifyButton } from './verifyButton';

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
  readonly #copy: HTMLButtonElement;
  #context: Context;
  #drawnFrom = '';

  constructor(
    context: Context,
    expand: (open: boolean) => void,
    unverified: (line: string) => void
  ) {
    this.#context = context;
    const { doc, hooks } = context;
    const { trans } = hooks;
    this.node = element(doc, 'header', 'gm-header');
    const mark = element(doc, 'span', 'gm-mark');
    mark.ariaHidden = 'true';
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
    const track = element(doc, 'div', 'gm-track');
    track.append(this.#running);
    this.#stop = new StopButton(context, () => setText(this.#state, trans.__('Stopping…')));
    this.#verify = new VerifyButton(context, unverified);
    this.#insert = new InsertMenu(context);
    const copy = copyButton(context, 'gm-bare gm-copy-last', () => lastCode(this.#context.run));
    copy.ariaLabel = trans.__('Copy the last code');
    const more = menuButton(doc, 'gm-bare gm-more', '⋯', () => [
      { label: trans.__('Expand all'), act: () => expand(true) },
      { label: trans.__('Collapse all'), act: () => expand(false) }
    ]);
    more.opener.ariaLabel = trans.__('More');
    this.#copy = copy;
    // A screen reader hears a button's label, not the text that the button shows for a moment.
    const spoken = element(doc, 'span', 'gm-unseen');
    spoken.ariaLive = 'polite';
    const actions = element(doc, 'span', 'gm-actions');
    // Stop is the last but one: at the end, what comes in front of it must not move it.
    actions.append(this.#verify.node, ...this.#insert.nodes, copy, this.#stop.node, more.opener);
    this.node.append(
      mark,
      this.#state,
      this.#upload,
      this.#meta,
      this.#tokens,
      this.#detail,
      actions,
      track,
      spoken,
      this.#insert.menu,
      more.menu
    );
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
      Math.floor(seconds ?? 0)
    ].join();
    // A stream has many pieces of prose a second, and most change nothing here.
    if (live && drawnFrom === this.#drawnFrom) {
      return;
    }
    this.#drawnFrom = drawnFrom;
    this.#stop.update(context);
    setText(this.#state, this.#stop.asked ? trans.__('Stopping…') : stateWords(trans, run, live));
    setText(this.#meta, metaWords(context, seconds));
    this.#drawTokens(stats.usage, trans);
    this.#drawProgress(context);
    setVisible(this.#running, live);
    const hasCode = run.parts.some(part => part.kind === 'code');
    setVisible(this.#copy, hasCode && !live);
    this.#verify.update(context);
    this.#insert.update(context);
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

function lastCode(run: Run): string {
  return run.parts.findLast(part => part.kind === 'code')?.code ?? '';
}

function stateWords(trans: Translations, run: Run, live: boolean): string {
  const state = displayState(run);
  switch (state) {
    case 'done':
      return trans.__('Done');
    case 'last-failed':
      return trans.__('Done · last attempt failed');
    case 'stopped':
      return trans.__('Stopped');
    case 'failed':
      return trans.__('Failed');
    case 'blocked':
      return trans.__('Blocked');
    case 'running':
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
  const time =
    live && seconds !== null ? trans.__('%1 s', Math.floor(seconds)) : secondsWords(trans, seconds);
  const stats = live
    ? [time, attempt ? trans.__('attempt %1', attempt) : '', engineWords(trans, run)]
    : [engineWords(trans, run), run.ran === 'here' ? trans.__('code ran here') : '', time];
  return stats.filter(Boolean).join(' · ');
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
