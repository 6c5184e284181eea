/** A call of a function of the notebook: its row tells what was asked and answered, if short. */

import type { Context, Piece, Placed } from './context';
import { make, say, show } from './dom';
import { callSeconds } from './facts';
import { Fold, FoldedView } from './fold';
import { pretty, written } from './json';
import { drawOutput } from './output';
import { isPending, type Call } from './run';
import { printable } from './text';
import type { Words } from './words';

// What reads at a glance; a function's name is shorter, and what is longer is none.
const GLANCE_CHARS = 60;
// As `gemini_magic/functions.py` begins it; what a function raises begins with its type.
const REFUSED = /^refused by /;

type Ending = 'running' | 'ok' | 'failed' | 'refused' | 'none';

export class CallView extends FoldedView implements Piece<Placed<Call>> {
  readonly #name: HTMLElement;
  readonly #args: HTMLElement;
  readonly #chip: HTMLElement;
  readonly #told: HTMLElement;
  readonly #meta: HTMLElement;
  readonly #asked: Box;
  readonly #answer: Box;
  #drawnFrom: unknown[] = [];
  #latest: [Call, Context] | null = null;

  constructor(context: Context) {
    super(new Fold(context.doc, 'gm-dot gm-call', () => this.#drawBody()));
    const { doc } = context;
    const what = make(doc, 'span', 'gm-what');
    this.#name = make(doc, 'b', 'gm-name');
    this.#args = make(doc, 'span', 'gm-brief');
    what.append(this.#name, this.#args);
    this.#chip = make(doc, 'span', 'gm-chip');
    this.#told = make(doc, 'span', 'gm-brief');
    this.#meta = make(doc, 'span', 'gm-meta');
    this.fold.title.append(what, this.#chip, this.#told, this.#meta);
    this.#asked = new Box(doc);
    this.#answer = new Box(doc);
    this.fold.body.classList.add('gm-box');
    this.fold.body.append(this.#asked.node, this.#answer.node);
  }

  update({ part, index }: Placed<Call>, context: Context): void {
    const ended = ending(part, index, context);
    const seconds = callSeconds(context.facts, index);
    const before = this.#drawnFrom;
    this.#drawnFrom = [part, ended, seconds];
    if (before.length && this.#drawnFrom.every((value, at) => value === before[at])) {
      return;
    }
    this.#latest = [part, context];
    this.#drawRow(part, ended, seconds, context.hooks.words);
    const drawn = this.fold.open;
    // What the row cannot tell of a failure is told below it.
    this.fold.suggest(ended === 'failed' && brief(part.error ?? '') !== part.error);
    if (drawn && this.fold.open) {
      this.#drawBody();
    }
  }

  #drawRow(part: Call, ended: Ending, seconds: number | null, words: Words): void {
    this.node.dataset.outcome = ended;
    this.#chip.className = `gm-chip gm-chip-${ended}`;
    say(this.#name, words.__('Called %1', brief(part.name)));
    say(this.#args, `(${brief(inCall(part.args))})`);
    say(this.#chip, chipWords(part, ended, words));
    say(this.#told, ended === 'ok' ? `→ ${brief(written(returned(part)))}` : '');
    say(this.#meta, seconds === null ? '' : words.__('%1 s', seconds.toFixed(1)));
  }

  #drawBody(): void {
    if (this.#latest) {
      const [part, context] = this.#latest;
      const { words } = context.hooks;
      const args = isEmpty(part.args) ? '' : pretty(written(part.args));
      this.#asked.draw(context, words.__('Arguments'), args, 'JSON');
      const value = part.error ?? returned(part);
      const name = part.error === null ? words.__('Result') : words.__('Error');
      if (typeof value === 'string') {
        this.#answer.draw(context, name, value);
      } else {
        this.#answer.draw(context, name, isPending(part) ? '' : pretty(written(value)), 'JSON');
      }
    }
  }
}

/** A text below its name; nothing while there is none. */
class Box {
  readonly node: HTMLElement;
  readonly #name: HTMLElement;
  readonly #body: HTMLElement;
  #shown = '';

  constructor(doc: Document) {
    this.node = make(doc, 'div', 'gm-out');
    this.#name = make(doc, 'div', 'gm-label');
    this.#body = make(doc, 'div');
    this.node.append(this.#name, this.#body);
    show(this.node, false);
  }

  draw(context: Context, name: string, text: string, language?: string): void {
    if (text !== this.#shown) {
      this.#shown = text;
      say(this.#name, name);
      drawOutput(context, this.#body, text, language);
      show(this.node, text !== '');
    }
  }
}

/** The function of the last call of a live run can still be running. */
function ending(call: Call, index: number, { live, run }: Context): Ending {
  if (call.error !== null) {
    return REFUSED.test(call.error) ? 'refused' : 'failed';
  }
  if (!isPending(call)) {
    return 'ok';
  }
  return live && index === run.parts.length - 1 ? 'running' : 'none';
}

function chipWords(call: Call, ended: Ending, words: Words): string {
  switch (ended) {
    case 'running':
      return words.__('running');
    case 'ok':
      return words.__('ok');
    case 'refused':
      return words.__('refused');
    case 'failed':
      return call.error ? words.__('failed · %1', brief(call.error)) : words.__('failed');
    case 'none':
      return words.__('no result');
  }
}

/** Return what the function returned, without what the wire wraps it in; older runs have none. */
function returned({ response }: Call): unknown {
  const names = Object.keys(response ?? {});
  return names.length === 1 && names[0] === 'result' && typeof response === 'object'
    ? (response as { result: unknown }).result
    : response;
}

/** Return arguments as they are called with: `city="Paris", days=2`. */
function inCall(args: unknown): string {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    return written(args);
  }
  return Object.entries(args)
    .map(([name, value]) => `${name}=${written(value)}`)
    .join(', ');
}

function isEmpty(args: unknown): boolean {
  return typeof args === 'object' && Object.keys(args ?? {}).length === 0;
}

/** Return the beginning of `text`, in one line. */
function brief(text: string): string {
  const line = printable(text.slice(0, 4 * GLANCE_CHARS))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > GLANCE_CHARS ? `${line.slice(0, GLANCE_CHARS - 1)}…` : line;
}
