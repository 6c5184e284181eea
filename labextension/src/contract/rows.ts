/** Many rows, each asked the same, as `gemini_magic/answer/rows.py` writes and reads them. */

import { isFields, isNumber, readText, readWord } from './fields';

export const ROWS_MIME = 'application/vnd.gemini-magic.rows+json';
const VERSION = 1;

const STATES = ['open', 'running', 'done', 'stopped', 'failed'] as const;
export const ROW_STATES = [
  'done',
  'recorded',
  'failed',
  'blocked',
  'stopped',
  'running',
  'waits'
] as const;
export type RowState = (typeof ROW_STATES)[number];

/** Rows of a document, and characters of a text that is read. */
export const MOST_ROWS = 200;
const LONGEST = 4000;

export interface Row {
  number: number;
  state: RowState;
  /** What of it went into the prompt, on one line. */
  text: string;
  answer: string;
  error: string;
  /** Its run as a document, which `readRun` reads, or null: it is in the variable. */
  run: unknown;
}

export interface Rows {
  /** Finds the runs in the kernel that asked them, '' if it keeps none. */
  key: string;
  /** The variable that has them, '' if nobody knows. */
  name: string;
  /** "open" as long as rows are asked when they are wanted. */
  state: (typeof STATES)[number];
  total: number | null;
  /** Those that go into the prompt. */
  columns: string;
  /** How many are asked at a time. */
  workers: number;
  /** What they wait for, '' for nothing. */
  said: string;
  /** How many of all rows stand how. */
  counts: Partial<Record<RowState, number>>;
  /** By rising numbers. */
  rows: Row[];
}

/** What differs from one time to the next: seconds and tokens of all rows, and what is known of each. */
export interface RowsStats {
  seconds: number | null;
  tokens: number | null;
  /** About how many seconds the others take. */
  left: number | null;
  /** The stats of each row, which `readStats` reads, by its number. */
  rows: Record<string, unknown>;
}

/** Read rows from anywhere; return null for what are none. */
export function readRows(data: unknown): Rows | null {
  if (!isFields(data) || data.version !== VERSION || !isFields(data.counts)) {
    return null;
  }
  const { total = null, workers, counts, key = '', name = '', columns = '', said = '' } = data;
  const state = readWord(STATES, data.state);
  const rows = readAll(data.rows);
  const isRead =
    state &&
    rows &&
    isCount(workers) &&
    (total === null || isCount(total)) &&
    [key, name, columns, said].every(text => typeof text === 'string') &&
    Object.entries(counts).every(([word, count]) => readWord(ROW_STATES, word) && isCount(count));
  if (!isRead) {
    return null;
  }
  return {
    key: cut(key),
    name: cut(name),
    state,
    total,
    columns: cut(columns),
    workers,
    said: cut(said),
    counts,
    rows
  };
}

function readAll(data: unknown): Row[] | null {
  if (!Array.isArray(data) || data.length > MOST_ROWS) {
    return null;
  }
  const rows = data.map(readRow).filter(row => row !== null);
  const rises = rows.every(({ number }, at) => at === 0 || number > rows[at - 1]!.number);
  return rows.length === data.length && rises ? rows : null;
}

function readRow(data: unknown): Row | null {
  const {
    number,
    state,
    text = '',
    answer = '',
    error = '',
    run = null
  } = isFields(data) ? data : {};
  const known = readWord(ROW_STATES, state);
  const isRead =
    isCount(number) &&
    [text, answer, error].every(each => typeof each === 'string') &&
    (run === null || isFields(run));
  return known && isRead
    ? { number, state: known, text: cut(text), answer: cut(answer), error: cut(error), run }
    : null;
}

/** Return the stats in `data`, which may be anything; what cannot be read is left out. */
export function readRowsStats(data: unknown): RowsStats {
  const { seconds, tokens, left, rows } = isFields(data) ? data : {};
  const known = (value: unknown) => (isNumber(value) && value >= 0 ? value : null);
  return {
    seconds: known(seconds),
    tokens: known(tokens),
    left: known(left),
    rows: isFields(rows) ? rows : {}
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function cut(text: unknown): string {
  return readText(text).slice(0, LONGEST);
}
