/** Some of an answer, shown by itself, as `gemini_magic/answer/excerpt.py` writes it. */

import { isFields } from './fields';
import { readRun, type Run } from './run';

export const EXCERPT_MIME = 'application/vnd.gemini-magic.excerpt+json';

/** Read an excerpt from anywhere, as a run that has nothing else; return null for what is none. */
export function readExcerpt(data: unknown): Run | null {
  const { version, parts, attempts } = isFields(data) ? data : {};
  const run = readRun({ version, parts, state: 'done', insert: 'none' });
  const codes = run?.parts.filter(part => part.kind === 'code').length;
  const isNumbered =
    Array.isArray(attempts) && attempts.length === codes && attempts.every(isAttempt);
  return run && isNumbered ? { ...run, attempts } : null;
}

function isAttempt(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
