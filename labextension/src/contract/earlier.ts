/** The answers that a cell gave before: kept in the metadata of its output, bounded. */

import { isFields, type Fields } from './fields';
import { readRun, type Run } from './run';
import { readStats, type Stats } from './stats';

/** An answer: the run, and what was measured of it. */
export interface Answer {
  run: Run;
  stats: Stats;
}

/** How many earlier answers are kept, the newest of them. */
export const MOST_EARLIER = 4;
/** How many characters of JSON they may take in a notebook, all together. */
export const MOST_CHARS = 1_000_000;

/** Return the earlier answers in an output's metadata, oldest first; what cannot be read is left out. */
export function readEarlier(metadata: unknown): Answer[] {
  return storedIn(metadata).flatMap(({ run, stats }) => {
    const read = readRun(run);
    return read && read.state !== 'running' ? [{ run: read, stats: readStats(stats) }] : [];
  });
}

/** An earlier answer as it is stored. */
export type StoredAnswer = { run: unknown; stats: Fields };

/**
 * Return the answers to store with the next one: those of `metadata`, and the one that it is of. One in
 * which nothing was answered is not kept.
 */
export function withCurrent(run: unknown, metadata: unknown): StoredAnswer[] {
  const { earlier: _, ...stats } = isFields(metadata) ? metadata : {};
  const read = readRun(run);
  const answered = read?.parts.some(({ kind }) => ['text', 'data', 'code'].includes(kind));
  const own = answered && read?.state !== 'running' ? [{ run, stats }] : [];
  return [...storedIn(metadata), ...own];
}

/** Return those of `stored` that fit beside `run`, the newest; one that says the same as it is left out. */
export function fitting(stored: StoredAnswer[], run: unknown, most = MOST_EARLIER): StoredAnswer[] {
  const saidBy = (data: unknown) =>
    JSON.stringify(isFields(data) ? [data.prompt, data.parts] : null);
  const others = stored.filter(answer => saidBy(answer.run) !== saidBy(run));
  others.splice(0, others.length - Math.min(most, MOST_EARLIER));
  while (others.length && JSON.stringify(others).length > MOST_CHARS) {
    others.shift();
  }
  return others;
}

function storedIn(metadata: unknown): StoredAnswer[] {
  const stored = isFields(metadata) && Array.isArray(metadata.earlier) ? metadata.earlier : [];
  return stored
    .slice(-MOST_EARLIER)
    .filter(isFields)
    .map(({ run, stats }) => ({ run, stats: isFields(stats) ? stats : {} }));
}
