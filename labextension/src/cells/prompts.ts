/** The text of a `%%gemini_exec` cell about another cell: pure. */

import { fenced } from './fenced';

/** What a cell failed with, as in its error output. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

const TRACEBACK_LINES = 30;

/** Return a prompt about a cell's code; the user types the question. */
export function askAbout(code: string): string {
  return `%%gemini_exec\n\n\n${fenced(code.trim(), 'python')}\n`;
}

/** Return a prompt that asks to fix a cell's code. */
export function askToFix(
  code: string,
  failure: Failure,
  sanitize: (text: string) => string
): string {
  const lines = sanitize(failure.traceback.join('\n')).split('\n');
  const trace = lines.slice(-TRACEBACK_LINES).join('\n').trim();
  return [
    '%%gemini_exec',
    `This code fails with ${failure.ename}. Find out why, and mend it.`,
    '',
    fenced(code.trim(), 'python'),
    '',
    fenced((trace || sanitize(`${failure.ename}: ${failure.evalue}`)).trim(), ''),
    ''
  ].join('\n');
}
