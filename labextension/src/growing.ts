/** Markdown that grows: which of its blocks no later text can change. */

import { blocksOf, unmark } from './markup';

/** Return the beginning of `markdown` that is complete: all blocks but the last. */
export function settled(markdown: string): string {
  const blocks = blocksOf(markdown);
  const last = blocks.findLastIndex(({ type }) => type !== 'space');
  const done = unmark(blocks.map(({ raw }, at) => (at < last ? raw : '')).join(''));
  // Of text with line ends or marks of its own, what the blocks say is not the beginning.
  return markdown.startsWith(done) ? done : '';
}
