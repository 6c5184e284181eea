/** Text from outside, made fit to be read: the same rules as `gemini_magic/text.py`. */

// Terminal escapes, whole or cut off at the end of a fragment, and control characters
// (ECMA-48, 5.4 and 8.3).
const ESCAPES =
  // eslint-disable-next-line no-control-regex
  /\x1b(?:\[[0-?]*[ -/]*(?:[@-~]|$)|[\]PX^_][^]*?(?:\x07|\x1b\\|$)|[ -/]*(?:[0-~]|$))|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
// Marks that reorder what is read: https://trojansource.codes
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;

/** Return `text` without terminal escapes, and with reordering marks made visible. */
export function printable(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(ESCAPES, '')
    .replace(REORDERING, mark => `\\u${mark.charCodeAt(0).toString(16)}`);
}

/** Return `text` without line ends before and after it. */
export function trimLines(text: string): string {
  return text.replace(/^\n+|\s+$/g, '');
}

/** Return how many lines `text` has; 0 when it is empty. */
export function countLines(text: string): number {
  return text === '' ? 0 : text.split('\n').length;
}

export interface Clipped {
  head: string;
  /** Empty when nothing was left out. */
  tail: string;
  /** The lines of the whole text. */
  total: number;
  clipped: boolean;
}

// About what thirty full lines hold: one line of a megabyte is as unreadable as thousands.
const CHARS_PER_LINE = 400;

/**
 * Return the first and last lines of `text`, at most `lines` of them; all of it for 0.
 *
 * Two thirds from the beginning, where tables have their heads; the rest from the end, where
 * errors say what went wrong.
 */
export function clip(text: string, lines: number): Clipped {
  const rows = text.split('\n');
  const total = rows.length;
  const whole = { head: text, tail: '', total, clipped: false };
  if (lines <= 0 || (total <= lines && text.length <= lines * CHARS_PER_LINE)) {
    return whole;
  }
  const last = Math.floor(Math.min(lines, total) / 3);
  const first = Math.min(lines, total) - last;
  const head = rows.slice(0, first).join('\n');
  const tail = last ? rows.slice(-last).join('\n') : '';
  return {
    head: head.slice(0, first * CHARS_PER_LINE),
    tail: tail.slice(-last * CHARS_PER_LINE || tail.length),
    total,
    clipped: true
  };
}

const RAISED = /^[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Iteration|Warning|Expired)\b.*$/;
const FAILURE_CHARS = 60;

/** Return the line of an output that names the exception, as `KeyError: 'July'`, or ''. */
export function failure(output: string): string {
  const line = printable(output)
    .split('\n')
    .findLast(row => RAISED.test(row.trim()));
  const found = line?.trim() ?? '';
  return found.length > FAILURE_CHARS ? `${found.slice(0, FAILURE_CHARS - 1)}…` : found;
}
