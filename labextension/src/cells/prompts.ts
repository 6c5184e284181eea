/** The text of new `%%gemini_exec` cells, about another cell or empty: pure. */

import { fenced } from './fenced';

/** What a cell failed with, as in its error output. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

const TRACEBACK_LINES = 30;
/** What a cell begins with that is a prompt. */
const MAGIC = /^%%gemini(?:_exec)?(?!\S)/;

/** A prompt to be typed. */
export const NEW_PROMPT = '%%gemini_exec\n';
/** What makes the magic known. */
export const LOAD = '%load_ext gemini_magic';

/** Return whether the text of a cell begins with our magic, by either of its names. */
export function isPrompt(source: string): boolean {
  return MAGIC.test(source);
}

/** Return whether no cell of a notebook, given by their texts, loads the magic. */
export function needsLoading(sources: readonly string[]): boolean {
  return !sources.some(source => /^\s*%(?:re)?load_ext\s+gemini_magic\b/m.test(source));
}

/** Return the content of a notebook that begins with a prompt to be typed. */
export function newNotebook(kernel: string, shown: string): object {
  const cell = (source: string) => ({
    cell_type: 'code',
    source,
    metadata: {},
    outputs: [],
    execution_count: null
  });
  return {
    nbformat: 4,
    nbformat_minor: 4,
    metadata: kernel
      ? { kernelspec: { name: kernel, display_name: shown, language: 'python' } }
      : {},
    cells: [cell(LOAD), cell(NEW_PROMPT)]
  };
}

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
