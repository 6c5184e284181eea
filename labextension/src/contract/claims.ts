/**
 * What is said of the numbers of an answer: where each one stands. The form in a document is that of
 * `gemini_magic/answer/claims/stored.py`.
 */

import { isFields, readText, readWord } from './fields';

export const KINDS = ['given', 'computed', 'derived', 'code', 'absent', 'common'] as const;
export type ClaimKind = (typeof KINDS)[number];
export const FLAGS = ['', 'failed', 'replaced'] as const;
export type Flag = (typeof FLAGS)[number];

/** Parts of a place that are not among the answer's: the prompt, and what went along with it. */
export const PROMPT = -1;
export const ALONG = -2;

/** Where a number stands: a part, or PROMPT or ALONG; line and column count from 1. */
export interface Place {
  part: number;
  line: number;
  column: number;
  /** How many turns of a chat back; 0 for this one. */
  turn: number;
}

/** A number of an answer and where it comes from. */
export interface Claim {
  /** The place of the part that says it. */
  part: number;
  /** Which number of that part it is, from 0. */
  nth: number;
  text: string;
  kind: ClaimKind;
  how: string;
  flag: Flag;
  place: Place | null;
  /** The numbers that it follows from. */
  of: string[];
}

const MOST_CLAIMS = 300;
const MOST_TEXT = 400;

class Unreadable extends Error {}

/** Return the claims that `data` holds, in their order; none if it is anything else. */
export function readClaims(data: unknown): Claim[] {
  try {
    const claims = Object.entries(fieldsOf(data)).flatMap(([part, rows]) =>
      listOf(rows).flatMap(row => readRow(partOf(part), listOf(row)))
    );
    return claims.length > MOST_CLAIMS ? [] : claims;
  } catch (error) {
    if (error instanceof Unreadable) {
      return [];
    }
    throw error;
  }
}

/** Return the claims of a row, which holds several if its text is a list. */
function readRow(part: number, row: unknown[]): Claim[] {
  const [nth, text, kind, how = '', where = [], flag = ''] = row;
  const found = { kind: readWord(KINDS, kind), flag: readWord(FLAGS, flag) };
  if (!found.kind || found.flag === undefined || row.length > 6) {
    throw new Unreadable();
  }
  const texts = Array.isArray(text) ? (text as unknown[]) : [text];
  if (texts.length > MOST_CLAIMS) {
    throw new Unreadable();
  }
  const { places, of } = readWhere(listOf(where), texts.length);
  return texts.map((one, at) => ({
    part,
    nth: wholeOf(nth) + at,
    text: textOf(one),
    kind: found.kind!,
    how: textOf(how),
    flag: found.flag!,
    place: places[at] ?? null,
    of
  }));
}

function readWhere(where: unknown[], many: number): { places: Place[]; of: string[] } {
  if (!where.length || typeof where[0] === 'string') {
    return { places: [], of: where.map(textOf) };
  }
  if (where.length < 3 || where.length > 4) {
    throw new Unreadable();
  }
  const [part, line, column, turn = 0] = where;
  const lines = Array.isArray(line) ? (line as unknown[]) : Array<unknown>(many).fill(line);
  const columns = Array.isArray(column) ? (column as unknown[]) : [column];
  if (lines.length !== many || columns.length !== many) {
    throw new Unreadable();
  }
  const places = lines.map((each, at) => ({
    part: wholeOf(part),
    line: wholeOf(each),
    column: wholeOf(columns[at]),
    turn: wholeOf(turn)
  }));
  return { places, of: [] };
}

function fieldsOf(value: unknown) {
  if (!isFields(value)) {
    throw new Unreadable();
  }
  return value;
}

function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) {
    throw new Unreadable();
  }
  return value;
}

function wholeOf(value: unknown): number {
  if (!Number.isSafeInteger(value)) {
    throw new Unreadable();
  }
  return value as number;
}

function partOf(key: string): number {
  if (!/^\d{1,9}$/.test(key)) {
    throw new Unreadable();
  }
  return Number(key);
}

function textOf(value: unknown): string {
  const text = readText(value);
  if (typeof value !== 'string' || text.length > MOST_TEXT) {
    throw new Unreadable();
  }
  return text;
}
