/** A call of a function of the notebook: its row shows arguments and result if they are short. */

import { assertNever } from '../contract/assertNever';
import { isPending, type Call } from '../contract/parts';
import { callSeconds } from '../contract/stats';
import { Disclosure, DisclosureView } from '../dom/disclosure';
import { element, setText, setVisible } from '../dom/element';
import type { Translations } from '../text/i18n';
import { prettyJson, toJson } from '../text/json';
import { sanitize } from '../text/sanitize';
import { Approval } from './approval';
import { isGrowing, type Context, type Piece, type Placed } from './context';
import { drawOutput } from './output';
import { secondsWords } from './seconds';

// What a user reads at a glance.
const GLANCE_CHARS = 60;
// The text that the kernel begins a refusal with; an exception begins with its type.
const REFUSED = /^refused by /;

type Ending = 'waiting' | 'running' | 'ok' | 'failed' | 'refused' | 'none';

export class CallView extends DisclosureView implements Piece<Placed<Call>> {
  readonly #name: HTMLElement;
  readonly #args: HTMLElement;
  readonly #chip: HTMLElement;
  readonly #result: HTMLElement;
  readonly #meta: HTMLElement;
  readonly #approval: Approval;
  readonly #asked: Box;
  readonly #answer: Box;
  #drawnFrom: unknown[] = [];
  #index = -1;
  #latest: [Call, Context] | null = null;

  constructor(context: Context) {
    super(new Disclosure(context.doc, 'gm-dot gm-call', () => this.#drawBody()));
    const { doc } = context;
    const what = element(doc, 'span', 'gm-what');
    this.#name = element(doc, 'b', 'gm-name');
    this.#args = element(doc, 'span', 'gm-brief');
    what.append(this.#name, this.disclosure.triangle, this.#args);
    this.#chip = element(doc, 'span', 'gm-chip');
    this.#result = element(doc, 'span', 'gm-brief');
    this.#meta = element(doc, 'span', 'gm-meta');
    this.disclosure.title.append(what, this.#chip, this.#result, this.#meta);
    this.#approval = new Approval(context);
    this.disclosure.row.append(this.#approval.node);
    this.#asked = new Box(doc);
    this.#answer = new Box(doc);
    this.disclosure.body.classList.add('gm-box');
    this.disclosure.body.append(this.#asked.node, this.#answer.node);
  }

  reveal(part: number): (() => void) | null {
    if (part !== this.#index) {
      return null;
    }
    const wasOpen = this.disclosure.open;
    const box = this.#answer.node;
    this.disclosure.set(true);
    box.classList.add('gm-lit-box');
    box.scrollIntoView?.({ block: 'nearest' });
    return () => {
      box.classList.remove('gm-lit-box');
      if (!wasOpen) {
        this.disclosure.set(false);
      }
    };
  }

  update({ part, index }: Placed<Call>, context: Context): void {
    this.#index = index;
    const ended = ending(part, index, context);
    this.#approval.update(ended === 'waiting' ? context.waiting : null, context);
    const seconds = callSeconds(context.stats, index);
    const before = this.#drawnFrom;
    this.#drawnFrom = [part, ended, seconds];
    if (before.length && this.#drawnFrom.every((value, at) => value === before[at])) {
      return;
    }
    this.#latest = [part, context];
    this.#drawRow(part, ended, seconds, context.hooks.trans);
    const drawn = this.disclosure.open;
    // A failure that does not fit into the row is shown below it.
    this.disclosure.setByDefault(ended === 'failed' && brief(part.error ?? '') !== part.error);
    if (drawn && this.disclosure.open) {
      this.#drawBody();
    }
  }

  #drawRow(part: Call, ended: Ending, seconds: number | null, trans: Translations): void {
    this.node.dataset.outcome = ended;
    this.#chip.className = `gm-chip gm-chip-${ended}`;
    setText(this.#name, callWords(trans, ended, brief(part.name)));
    setText(this.#args, `(${brief(argumentsOf(part.args))})`);
    setText(this.#chip, chipWords(part, ended, trans));
    setText(this.#result, ended === 'ok' ? `→ ${brief(toJson(returned(part)))}` : '');
    setText(this.#meta, secondsWords(trans, seconds));
  }

  #drawBody(): void {
    if (this.#latest) {
      const [part, context] = this.#latest;
      const { trans } = context.hooks;
      const args = isEmpty(part.args) ? '' : prettyJson(toJson(part.args));
      this.#asked.draw(context, trans.__('Arguments'), args, 'JSON');
      const value = part.error ?? returned(part);
      const name = part.error === null ? trans.__('Result') : trans.__('Error');
      if (typeof value === 'string') {
        this.#answer.draw(context, name, value);
      } else {
        this.#answer.draw(context, name, isPending(part) ? '' : prettyJson(toJson(value)), 'JSON');
      }
    }
  }
}

/** A text below its name, hidden while there is none. */
class Box {
  readonly node: HTMLElement;
  readonly #name: HTMLElement;
  readonly #body: HTMLElement;
  #shown = '';

  constructor(doc: Document) {
    this.node = element(doc, 'div', 'gm-out');
    this.#name = element(doc, 'div', 'gm-label');
    this.#body = element(doc, 'div');
    this.node.append(this.#name, this.#body);
    setVisible(this.node, false);
  }

  draw(context: Context, name: string, text: string, language?: string): void {
    if (text !== this.#shown) {
      this.#shown = text;
      setText(this.#name, name);
      drawOutput(context, this.#body, text, language);
      setVisible(this.node, text !== '');
    }
  }
}

/** Only the last call of a live run can still be running. */
function ending(call: Call, index: number, context: Context): Ending {
  if (call.error !== null) {
    return REFUSED.test(call.error) ? 'refused' : 'failed';
  }
  if (!isPending(call)) {
    return 'ok';
  }
  if (isGrowing(context, index)) {
    return context.waiting ? 'waiting' : 'running';
  }
  return 'none';
}

function callWords(trans: Translations, ended: Ending, name: string): string {
  switch (ended) {
    case 'waiting':
      return trans.__('Wants to call %1', name);
    case 'running':
      return trans.__('Calling %1', name);
    case 'refused':
      return trans.__('Wanted to call %1', name);
    default:
      return trans.__('Called %1', name);
  }
}

function chipWords(call: Call, ended: Ending, trans: Translations): string {
  switch (ended) {
    case 'waiting':
      return trans.__('waiting for you');
    case 'running':
      return trans.__('running');
    case 'ok':
      return trans.__('ok');
    case 'refused':
      return trans.__('refused');
    case 'failed':
      return call.error ? trans.__('failed · %1', brief(call.error)) : trans.__('failed');
    case 'none':
      return trans.__('no result');
    default:
      return assertNever(ended);
  }
}

/** Return what the function returned, without the wire's object around it; older runs have none. */
function returned({ response }: Call): unknown {
  const names = Object.keys(response ?? {});
  return names.length === 1 && names[0] === 'result' && typeof response === 'object'
    ? (response as { result: unknown }).result
    : response;
}

/** Return arguments as in a call: `city="Paris", days=2`. */
function argumentsOf(args: unknown): string {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    return toJson(args);
  }
  return Object.entries(args)
    .map(([name, value]) => `${name}=${toJson(value)}`)
    .join(', ');
}

function isEmpty(args: unknown): boolean {
  return typeof args === 'object' && Object.keys(args ?? {}).length === 0;
}

/** Return the beginning of `text` in one line. */
function brief(text: string): string {
  const line = sanitize(text.slice(0, 4 * GLANCE_CHARS))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > GLANCE_CHARS ? `${line.slice(0, GLANCE_CHARS - 1)}…` : line;
}
