/** The contract `application/vnd.gemini-magic.run+json`: a run, and its reader. */

import { isFields, readText, readWord } from './fields';
import { readPart, type Part } from './parts';
import { readSent, type Sent } from './sent';
import { isStaging } from './staging';
import { readVerification, type Verification } from './verification';

export const MIME = 'application/vnd.gemini-magic.run+json';
export const VERSION = 1;

export const STATES = ['running', 'done', 'stopped', 'failed', 'blocked'] as const;
export type State = (typeof STATES)[number];

export const INSERTS = ['none', 'needed', 'last', 'all'] as const;
export type Insert = (typeof INSERTS)[number];

/**
 * Which code is to become cells: what the answer needs, the last attempt with what it needs, all of them,
 * also with the prose. A number is the place of one code part, which comes with what it needs.
 */
export type Choice = 'needed' | 'last' | 'all' | 'prose' | number;

/**
 * A code to insert, by its place among the parts. Of a failed one it says how many lines are kept, and the
 * code that runs after them.
 */
export type Piece = [part: number, lines?: number, rest?: string];

export interface Run {
  version: number;
  engine: string;
  model: string;
  prompt: string;
  state: State;
  /** Which code is to become cells; empty if neither a flag nor a setting says so. */
  insert: Insert | '';
  parts: Part[];
  error: string | null;
  /** "here" if the model's code ran on the user's machine. */
  ran?: string;
  /** Python that makes the run's files exist for its cells. */
  staging?: string;
  /** The pictures that were sent with the prompt. */
  sent?: Sent[];
  /** For each code the pieces that make it run, itself last. */
  needed?: Piece[][];
  /** Where the numbers of the answer stand: `readClaims` reads it. */
  claims?: Record<string, unknown>;
  /** What came of running the attempts again. */
  verification?: Verification;
  /** Set by a view that presents a run, and shows its beginning so far. */
  presented?: true;
  /** Set if it is no run, but some of one that is shown by itself: the numbers of its attempts there. */
  attempts?: readonly number[];
}

/**
 * Return `data` as a run, or null if it is not a run that this version can show.
 *
 * A notebook can come from anywhere, so every field is checked. A part of an unknown kind becomes a
 * note, so that the other parts keep their places.
 */
export function readRun(data: unknown): Run | null {
  if (!isFields(data) || data.version !== VERSION || !Array.isArray(data.parts)) {
    return null;
  }
  const parts = data.parts.map(readPart);
  const needed = readNeeded(data.needed, parts);
  const verification = readVerification(data.verification);
  const sent = readSent(data.sent);
  return {
    version: VERSION,
    engine: readText(data.engine),
    model: readText(data.model),
    prompt: readText(data.prompt),
    state: readWord(STATES, data.state) ?? 'failed',
    insert: readWord(INSERTS, data.insert) ?? '',
    parts,
    error: typeof data.error === 'string' ? data.error : null,
    ...(typeof data.staging === 'string' && isStaging(data.staging)
      ? { staging: data.staging }
      : {}),
    ...(sent.length ? { sent } : {}),
    ...(data.ran === 'here' ? { ran: data.ran } : {}),
    ...(needed ? { needed } : {}),
    ...(verification && { verification }),
    ...(isFields(data.claims) && { claims: data.claims })
  };
}

/** Return the pieces of each code, or null if they cannot be those of `parts`. */
function readNeeded(data: unknown, parts: Part[]): Piece[][] | null {
  const codes = parts.filter(part => part.kind === 'code').length;
  const isPiece = (piece: unknown): piece is Piece => {
    const [place, lines, rest] = Array.isArray(piece) ? (piece as unknown[]) : [];
    const part = parts[place as number];
    return (
      part?.kind === 'code' &&
      (lines === undefined || (Number.isInteger(lines) && Number(lines) >= 0)) &&
      (rest === undefined || (typeof rest === 'string' && isAgain(rest, part.code)))
    );
  };
  const isList = (list: unknown): list is Piece[] => Array.isArray(list) && list.every(isPiece);
  return Array.isArray(data) && data.length === codes && data.every(isList) ? data : null;
}

const SUPPRESSED = 'import contextlib\n\nwith contextlib.suppress(Exception):\n';

/** Return whether `rest` is lines of `code`, their error suppressed: other code must not come in by it. */
function isAgain(rest: string, code: string): boolean {
  const again = rest.slice(SUPPRESSED.length).split('\n');
  const lines = code.split(/\r\n|\r|\n/);
  const isAt = (start: number) =>
    again.every((line, nth) => [lines[start + nth], `    ${lines[start + nth]}`].includes(line));
  return rest.startsWith(SUPPRESSED) && lines.some((_, start) => isAt(start));
}
