/** What a run says in the end. */

import type { Part } from '../contract/parts';
import type { Run } from '../contract/run';

/**
 * Return the answer as Markdown: the prose behind the last attempt or call, JSON if that was asked for;
 * where nothing is behind it, all prose.
 */
export function answerOf({ parts }: Run): string {
  const last = parts.findLastIndex(({ kind }) => ['code', 'result', 'call'].includes(kind));
  return said(parts.slice(last + 1)) || said(parts);
}

function said(parts: Part[]): string {
  return parts
    .flatMap(part => (part.kind === 'text' || part.kind === 'data' ? [part.text.trim()] : []))
    .filter(Boolean)
    .join('\n\n');
}
