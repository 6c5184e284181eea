/** The line above a run: how it stands, who answered, what it cost, what can be done with it. */

import type { Choice, Context } from './context';
import { copyButton, insertAndSay } from './actions';
import { button, make, numeral, say, show } from './dom';
import type { Usage } from './facts';
import { menuButton } from './menu';
import { progressWords } from './progress';
import { isPending, standing, type Run } from './run';
import { StopButton } from './stop';
import { printable } from './text';
import type { Words } from './words';

const MARKS: Record<string, string> = {
  running: '◔',
  done: '✓',
  failed: '✗',
  blocked: '✗'
};

export class Header {
  readonly node: HTMLElement;
  readonly #mark: HTMLElement;
  readonly #state: HTMLElement;
  readonly #meta: HTMLElement;
  readonly #tokens: HTMLElement;
  readonly #detail: HTMLElement;
  readonly #going: HTMLProgressElement;
  readonly #upload: HTMLElement;
  readonly #bar: HTMLProgressElement;
  readonly #far: HTMLElement;
  readonly #stop: StopButton;
  readonly #insert: HTMLButtonElement;
  readonly #choices: HTMLButtonElement;
  readonly #copy: HTMLButtonElement;
  #context: Context;
  #shows = '';

  constructor(context: Context, expand: (open: boolean) => void) {
    this.#context = context;
    const { doc, hooks } = context;
    const { words } = hooks;
    this.node = make(doc, 'header', 'gm-header');
    this.#mark = make(doc, 'span', 'gm-mark');
    this.#mark.ariaHidden = 'true';
    this.#state = make(doc, 'b', 'gm-state');
    this.#state.setAttribute('role', 'status');
    this.#meta = make(doc, 'span', 'gm-meta');
    this.#tokens = make(doc, 'span', 'gm-meta gm-tokens');
    this.#detail = make(doc, 'span', 'gm-unseen');
    this.#bar = make(doc, 'progress', 'gm-far-bar');
    this.#far = make(doc, 'span', 'gm-meta');
    this.#upload = make(doc, 'span', 'gm-far');
    this.#upload.append(this.#bar, this.#far);
    this.#going = make(doc, 'progress', 'gm-progress');
    this.#going.ariaLabel = words.__('The run is going on');
    const going = make(doc, 'div', 'gm-going');
    going.append(this.#going);
    this.#stop = new StopButton(context, () => say(this.#state, words.__('Stopping…')));
    this.#insert = button(doc, 'gm-main gm-insert-last', words.__('Insert as cells'), () =>
      this.#choose('last')
    );
    const insert = menuButton(doc, 'gm-main gm-insert-as', '▾', [
      { label: words.__('The last code'), act: () => this.#choose('last') },
      { label: words.__('The code of all attempts'), act: () => this.#choose('all') },
      { label: words.__('All, with the prose'), act: () => this.#choose('prose') }
    ]);
    insert.opener.ariaLabel = words.__('Choose what to insert');
    this.#choices = insert.opener;
    const copy = copyButton(context, 'gm-bare gm-copy-last', () => lastCode(this.#context.run));
    copy.ariaLabel = words.__('Copy the last code');
    const more = menuButton(doc, 'gm-bare gm-more', '⋯', [
      { label: words.__('Expand all'), act: () => expand(true) },
      { label: words.__('Collapse all'), act: () => expand(false) }
    ]);
    more.opener.ariaLabel = words.__('More');
    this.#copy = copy;
    // What a button says of what it did stands under its label, which hides it from a screen reader.
    const heard = make(doc, 'span', 'gm-unseen');
    heard.ariaLive = 'polite';
    const actions = make(doc, 'span', 'gm-actions');
    actions.append(this.#stop.node, this.#insert, insert.opener, copy, more.opener);
    this.node.append(
      this.#mark,
      this.#state,
      this.#upload,
      this.#meta,
      this.#tokens,
      this.#detail,
      actions,
      going,
      heard,
      insert.menu,
      more.menu
    );
  }

  update(context: Context, seconds: number | null): void {
    this.#context = context;
    const { hooks, live, run, facts } = context;
    const { words } = hooks;
    const last = run.parts.at(-1);
    const shows = [
      run.parts.length,
      last?.kind,
      last?.kind === 'call' && isPending(last),
      Object.values(context.progress ?? {}),
      Math.floor(seconds ?? 0)
    ].join();
    // A stream has many pieces of prose a second, and this line has nothing to say of most.
    if (live && shows === this.#shows) {
      return;
    }
    this.#shows = shows;
    const state = run.state === 'running' && !live ? 'unfinished' : standing(run);
    say(this.#mark, MARKS[state] ?? '■');
    this.#stop.update(context);
    say(this.#state, this.#stop.asked ? words.__('Stopping…') : stateWords(words, run, live));
    say(this.#meta, metaWords(context, seconds));
    this.#drawTokens(facts.usage, words);
    this.#drawProgress(context);
    show(this.#going, live);
    const hasCode = run.parts.some(part => part.kind === 'code');
    const takes = hasCode && !live;
    show(this.#copy, takes);
    show(this.#insert, takes && Boolean(hooks.insert));
    show(this.#choices, takes && Boolean(hooks.insert));
  }

  /** What takes long is told in place of the rest, so that the line stays one line. */
  #drawProgress({ progress, hooks }: Context): void {
    show(this.#upload, progress !== null);
    show(this.#meta, progress === null);
    if (progress) {
      say(this.#far, progressWords(hooks.words, progress));
      this.#bar.ariaLabel = printable(progress.text);
      this.#bar.max = progress.total || 1;
      this.#bar.value = progress.done;
    }
  }

  #drawTokens(usage: Usage | null, words: Words): void {
    show(this.#tokens, usage !== null);
    if (usage) {
      const { doc } = this.#context;
      const count = numeral(doc, usage.total);
      const counts = [
        usage.prompt + usage.toolUse,
        usage.thoughts,
        usage.candidates,
        usage.cached
      ].map(tokens => numeral(doc, tokens));
      const detail = usage.cached
        ? words.__('%1 in (%4 of them cached), %2 thinking, %3 out', ...counts)
        : words.__('%1 in, %2 thinking, %3 out', ...counts);
      say(this.#tokens, words._n('%1 token', '%2 tokens', usage.total, count));
      this.#tokens.title = detail;
      say(this.#detail, detail);
    }
  }

  #choose(choice: Choice): void {
    insertAndSay(this.#context, this.#insert, choice);
  }
}

function lastCode(run: Run): string {
  return run.parts.findLast(part => part.kind === 'code')?.code ?? '';
}

function stateWords(words: Words, run: Run, live: boolean): string {
  switch (standing(run)) {
    case 'done':
      return words.__('Done');
    case 'unmended':
      return words.__('Done · last attempt failed');
    case 'stopped':
      return words.__('Stopped');
    case 'failed':
      return words.__('Failed');
    case 'blocked':
      return words.__('Blocked');
    case 'running':
      return live ? activity(words, run) : words.__('Unfinished');
  }
}

function activity(words: Words, run: Run): string {
  const last = run.parts.at(-1);
  switch (last?.kind) {
    case 'code':
      return words.__('Running code');
    case 'thought':
      return words.__('Thinking');
    case 'text':
    case 'data':
      return words.__('Writing');
    case 'call':
      return isPending(last) ? words.__('Running a function') : words.__('Working');
    default:
      return run.parts.some(part => part.kind !== 'note')
        ? words.__('Working')
        : words.__('Waiting');
  }
}

function metaWords(context: Context, seconds: number | null): string {
  const { words } = context.hooks;
  const { run, live } = context;
  const attempt = run.parts.filter(part => part.kind === 'code').length;
  const time =
    seconds === null ? '' : words.__('%1 s', live ? Math.floor(seconds) : seconds.toFixed(1));
  const facts = live
    ? [time, attempt ? words.__('attempt %1', attempt) : '', engineWords(words, run)]
    : [engineWords(words, run), time];
  return facts.filter(Boolean).join(' · ');
}

/** Return who answered. The offline engine never passes for a model. */
function engineWords(words: Words, run: Run): string {
  switch (run.engine) {
    case 'offline':
      return words.__('offline engine · code run here');
    case 'replay':
      return [words.__('replay of a recording'), printable(run.model)].filter(Boolean).join(' · ');
    case 'vertex':
      return printable(run.model) || words.__('Vertex AI');
    default:
      return printable(run.model) || printable(run.engine);
  }
}
