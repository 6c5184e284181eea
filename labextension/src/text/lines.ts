/** Lines of code and of output: counted, trimmed, clipped. */

import { overstrike } from './overstrike';
import { sanitize } from './sanitize';

/** Return `text` without line ends before and after it. */
export function trimLines(text: string): string {
  return text.replace(/^\n+|\s+$/g, '');
}

/** Return how many lines `text` has; 0 if it is empty. */
export function countLines(text: string): number {
  return text === '' ? 0 : text.split('\n').length;
}

export interface Clipped {
  head: string;
  /** Empty if nothing is left out. */
  tail: string;
  /** The lines of the whole text. */
  total: number;
  clipped: boolean;
}

// A line of a megabyte is as unreadable as a thousand lines.
const CHARS_PER_LINE = 400;

/**
 * Return the first and last lines of `text`, at most `lines` of them; all of it for 0.
 *
 * Two thirds come from the beginning, where tables have their heads; the rest comes from the end,
 * where tracebacks name the error.
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
const EXCEPTION_CHARS = 60;

/** Return the line of an output that names the exception, as `KeyError: 'July'`, or ''. */
export function exceptionLine(output: string): string {
  const line = sanitize(overstrike(output))
    .split('\n')
    .findLast(row => RAISED.test(row.trim()));
  const found = line?.trim() ?? '';
  return found.length > EXCEPTION_CHARS ? `${found.slice(0, EXCEPTION_CHARS - 1)}…` : found;
}

const SAYS_LITTLE = /^\s*(?:$|#|import\b|from\b|%|@|["')\]}])/;

/** Return the first line of code that says what it does, '' if there is none. */
export function tellingLine(code: string): string {
  const line = code.split('\n').find(row => !SAYS_LITTLE.test(row)) ?? '';
  return line.trim().slice(0, 100);
}
