/** The contract `application/vnd.gemini-magic.run+json`: its types, a guard, and its attempts. */

export const MIME = 'application/vnd.gemini-magic.run+json';
export const VERSION = 1;

export const STATES = ['running', 'done', 'stopped', 'failed', 'blocked'] as const;
export type State = (typeof STATES)[number];

export const INSERTS = ['none', 'last', 'all'] as const;
export type Insert = (typeof INSERTS)[number];

export const OK = 'OUTCOME_OK';
export const FAILED = 'OUTCOME_FAILED';
export const TIMED_OUT = 'OUTCOME_DEADLINE_EXCEEDED';
export const UNKNOWN = 'OUTCOME_UNSPECIFIED';

export type Prose = { kind: 'text' | 'thought' | 'note'; text: string };
export type Code = { kind: 'code'; code: string; language: string; id: string };
export type Result = { kind: 'result'; outcome: string; output: string; id: string };
/** The answer in the shape that was asked for, JSON. */
export type Data = { kind: 'data'; text: string };
export type Image = { kind: 'image'; mime_type: string; data: string };
/** A call of a function of the notebook. While the function runs it has no ending. */
export type Call = {
  kind: 'call';
  name: string;
  args: unknown;
  response: unknown;
  error: string | null;
};
/** A search of the web that the model made. */
export type Query = { kind: 'query'; text: string };
export type Source = { kind: 'source'; title: string; uri: string };
export type Part = Prose | Data | Code | Result | Image | Call | Query | Source;

export interface Run {
  version: number;
  engine: string;
  model: string;
  prompt: string;
  state: State;
  /** Which code is to become cells; empty where nobody said so. */
  insert: Insert | '';
  parts: Part[];
  error: string | null;
  /** Python that makes the run's files exist for its cells. */
  staging?: string;
}

/** A code part with its results and images: an attempt. Computed, never stored. */
export interface Step {
  kind: 'step';
  /** The place of the code among the run's parts. */
  index: number;
  /** 1 for the first attempt. */
  attempt: number;
  part: Code;
  results: Result[];
  images: Image[];
  /** The place of the last result, or null without one. */
  end: number | null;
  /** The place of the last part that belongs to it. */
  until: number;
}

/** What reads as one thing: a step, or a part that belongs to none. */
export type Block = Step | { kind: 'part'; index: number; until: number; part: Part };

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const oneOf = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  known.find(word => word === value);

/**
 * Return what `data` says as a run, or null when it is none that this version can show.
 *
 * A notebook can come from anywhere, so every field is checked. A part of an unknown kind becomes
 * a note, which keeps the places of the others.
 */
export function readRun(data: unknown): Run | null {
  if (!isFields(data) || data.version !== VERSION || !Array.isArray(data.parts)) {
    return null;
  }
  return {
    version: VERSION,
    engine: text(data.engine),
    model: text(data.model),
    prompt: text(data.prompt),
    state: oneOf(STATES, data.state) ?? 'failed',
    insert: oneOf(INSERTS, data.insert) ?? '',
    parts: data.parts.map(readPart),
    error: typeof data.error === 'string' ? data.error : null,
    ...(typeof data.staging === 'string' ? { staging: data.staging } : {})
  };
}

/** Return what `data` says as a part; a note in its place when it cannot be read. */
export function readPart(data: unknown): Part {
  const fields = isFields(data) ? data : {};
  const kind = fields.kind;
  switch (kind) {
    case 'text':
    case 'thought':
    case 'note':
    case 'data':
    case 'query':
      return { kind, text: text(fields.text) };
    case 'code':
      return {
        kind,
        code: text(fields.code),
        language: text(fields.language),
        id: text(fields.id)
      };
    case 'result':
      return {
        kind,
        outcome: text(fields.outcome),
        output: text(fields.output),
        id: text(fields.id)
      };
    case 'image':
      return { kind, mime_type: text(fields.mime_type), data: text(fields.data) };
    case 'call':
      return {
        kind,
        name: text(fields.name),
        args: fields.args,
        response: fields.response,
        error: typeof fields.error === 'string' ? fields.error : null
      };
    case 'source':
      return { kind, title: text(fields.title), uri: text(fields.uri) };
    default:
      return { kind: 'note', text: `a part that this version cannot show: ${text(kind) || '?'}` };
  }
}

/**
 * Return the answer as it reads: parts in order, code with its results and images as a step.
 *
 * A result goes to the code with its id; without one, to the code before it. Images go to the last
 * code. The same rule as `gemini_magic/steps.py`.
 */
export function blocks(run: Run): Block[] {
  const found: Block[] = [];
  const byId = new Map<string, Step>();
  let last: Step | undefined;
  let attempt = 0;
  run.parts.forEach((part, index) => {
    if (part.kind === 'code') {
      attempt += 1;
      last = {
        kind: 'step',
        index,
        attempt,
        part,
        results: [],
        images: [],
        end: null,
        until: index
      };
      found.push(last);
      if (part.id) {
        byId.set(part.id, last);
      }
    } else if (part.kind === 'result' && last) {
      const step = byId.get(part.id) ?? last;
      step.results.push(part);
      step.end = step.until = index;
    } else if (part.kind === 'image' && last) {
      last.images.push(part);
      last.until = index;
    } else {
      found.push({ kind: 'part', index, until: index, part });
    }
  });
  return found;
}

/** Return the attempts of a run, in order. */
export function steps(run: Run): Step[] {
  return blocks(run).filter(block => block.kind === 'step');
}

/** Return whether a call has neither returned nor failed. */
export function isPending(call: Call): boolean {
  return call.error === null && (call.response ?? null) === null;
}

/** Return the wire's word for how a step ended: that of its last result; null without one. */
export function outcome(step: Step): string | null {
  const last = step.results.at(-1);
  return last ? last.outcome || UNKNOWN : null;
}

/** Return the state, or `unmended` of a run that is done though its last attempt failed. */
export function standing(run: Run): State | 'unmended' {
  const last = run.state === 'done' && steps(run).at(-1);
  return last && [FAILED, TIMED_OUT].includes(outcome(last) ?? '') ? 'unmended' : run.state;
}

/** Return everything the code of a step printed, errors included, in the order it came. */
export function output(step: Step): string {
  return step.results.map(result => result.output).join('');
}
