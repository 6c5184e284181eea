/**
 * The parts of an answer: their types, how each kind is read, and how a part grows.
 *
 * A new kind needs a type and a row of `KINDS` here, and its row of `DRAWERS` in `view/parts.ts`.
 */

import { isFields, isNumber, readText, type Fields } from './fields';

/** Markdown by the model. */
export type Text = { kind: 'text'; text: string };
export type Thought = { kind: 'thought'; text: string };
/** A line by the engine or by us, never by the model. */
export type Note = { kind: 'note'; text: string };
/** The answer in the shape that was asked for: JSON. */
export type Data = { kind: 'data'; text: string };
export type Code = { kind: 'code'; code: string; language: string; id: string };
/** `seen` is what the model was told of the output, if that is not all, `masked` how many values were hidden. */
export type Result = {
  kind: 'result';
  outcome: string;
  output: string;
  id: string;
  seen?: string;
  masked?: number;
};
export type Image = { kind: 'image'; mime_type: string; data: string };
/** A file that came with the answer, in base64; no data if it was too large to be stored. */
export type File = { kind: 'file'; name: string; mime_type: string; size: number; data: string };
/** A call of a function of the notebook. While the function runs, it has no response and no error. */
export type Call = {
  kind: 'call';
  name: string;
  args: unknown;
  response: unknown;
  error: string | null;
};
/** A search of the web that the model made. */
export type Query = { kind: 'query'; text: string };
/** A page that the answer rests on, or recites under a licence. */
export type Source = { kind: 'source'; title: string; uri: string; licence?: string };

export type Part =
  Text | Thought | Note | Data | Code | Result | Image | File | Call | Query | Source;

export type PartKind = Part['kind'];
export type PartOf<K extends PartKind> = Extract<Part, { kind: K }>;

interface Kind<P extends Part> {
  /** Return a part of this kind from JSON of any shape. */
  read(fields: Fields): P;
  /** Return the part in place of `older` once `newer` has come; null if `newer` is a part of its own. */
  merged?(older: P, newer: P): P | null;
}

const KINDS: { [K in PartKind]: Kind<PartOf<K>> } = {
  text: { read: prose('text'), merged: appended },
  thought: { read: prose('thought'), merged: appended },
  note: { read: prose('note') },
  data: { read: prose('data'), merged: appended },
  query: { read: prose('query') },
  code: {
    read: fields => ({
      kind: 'code',
      code: readText(fields.code),
      language: readText(fields.language),
      id: readText(fields.id)
    })
  },
  result: {
    read: fields => ({
      kind: 'result',
      outcome: readText(fields.outcome),
      output: readText(fields.output),
      id: readText(fields.id),
      ...(typeof fields.seen === 'string' ? { seen: fields.seen } : {}),
      ...(isNumber(fields.masked) && fields.masked > 0 ? { masked: fields.masked } : {})
    })
  },
  image: {
    read: fields => ({
      kind: 'image',
      mime_type: readText(fields.mime_type),
      data: readText(fields.data)
    })
  },
  file: {
    read: fields => ({
      kind: 'file',
      name: readText(fields.name),
      mime_type: readText(fields.mime_type),
      size: isNumber(fields.size) ? fields.size : 0,
      data: readText(fields.data)
    })
  },
  call: {
    read: fields => ({
      kind: 'call',
      name: readText(fields.name),
      args: fields.args,
      response: fields.response,
      error: typeof fields.error === 'string' ? fields.error : null
    }),
    merged: (older, newer) => (isPending(older) ? newer : null)
  },
  source: {
    read: fields => ({
      kind: 'source',
      title: readText(fields.title),
      uri: readText(fields.uri),
      ...(readText(fields.licence) ? { licence: readText(fields.licence) } : {})
    })
  }
};

function prose<K extends PartKind>(kind: K): (fields: Fields) => { kind: K; text: string } {
  return fields => ({ kind, text: readText(fields.text) });
}

function appended<P extends { text: string }>(older: P, newer: P): P {
  return { ...older, text: older.text + newer.text };
}

/** Return what `data` says as a part, or a note in its place if this version cannot read it. */
export function readPart(data: unknown): Part {
  const fields = isFields(data) ? data : {};
  const kind = readText(fields.kind);
  return Object.hasOwn(KINDS, kind)
    ? KINDS[kind as PartKind].read(fields)
    : { kind: 'note', text: `a part that this version cannot show: ${kind || '?'}` };
}

/**
 * Return the one part that `older` and the part behind it are, or null if they are two. Text, thought
 * and data grow at their end; a call is replaced once it has ended. `Run.add` has the same rule.
 */
export function merged(older: Part, newer: Part): Part | null {
  const rule = KINDS[newer.kind].merged as ((older: Part, newer: Part) => Part | null) | undefined;
  return rule && older.kind === newer.kind ? rule(older, newer) : null;
}

/** Return whether a call has neither returned nor failed. */
export function isPending(call: Call): boolean {
  return call.error === null && (call.response ?? null) === null;
}
