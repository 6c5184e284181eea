/** The text of a `%%gemini_exec` cell about another cell: pure. */

/** What a cell failed with, as in its error output. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

const TRACEBACK_LINES = 30;

/** Return a prompt about a cell's code; the user types the question. */
export function askAbout(code: string): string {
  return `%%gemini_exec\n\n\n${fenced(code, 'python')}\n`;
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
    fenced(code, 'python'),
    '',
    fenced(trace || sanitize(`${failure.ename}: ${failure.evalue}`), ''),
    ''
  ].join('\n');
}

/** Return `text` between fences that are longer than any in it. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(run => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trim()}\n${fence}`;
}
