/** Which of many rows are shown: those that came while they grow, by how they stand, and how many at once. */

import { MOST_ROWS, type Row, type Rows, type RowsStats, type RowState } from '../contract/rows';

/** How rows stand, as a user looks for them. */
export const GROUPS = ['done', 'failed', 'running'] as const;
export type Group = (typeof GROUPS)[number];

const GROUP_OF: Record<RowState, Group> = {
  done: 'done',
  recorded: 'done',
  failed: 'failed',
  blocked: 'failed',
  stopped: 'failed',
  running: 'running',
  waits: 'running'
};

/** Rows that are shown before the user asks for all. */
const FEW = 24;

export function groupOf({ state }: Row): Group {
  return GROUP_OF[state];
}

/** Return how many of all rows are in a group, those that are not here too; without one, that there are. */
export function countOf({ counts, total }: Rows, group: Group | null): number {
  const all = Object.entries(counts) as [RowState, number][];
  const known = all
    .filter(([state]) => group === null || GROUP_OF[state] === group)
    .reduce((sum, [, count]) => sum + count, 0);
  return group === null ? Math.max(total ?? 0, known) : known;
}

/** Return how many rows have ended. */
export function countEnded(rows: Rows): number {
  return countOf(rows, 'done') + countOf(rows, 'failed');
}

/**
 * Return `now` with the rows that have come `before`: a document that grows has the last ones only. What was on
 * its way and is not any more has come, and may not be here. Of too many those that failed stay, and the last.
 */
export function merged(before: Rows | null, now: Rows): Rows {
  if (now.state !== 'running' || before?.key !== now.key || before.state !== 'running') {
    return now;
  }
  const found = new Map(before.rows.filter(isEnded).map(row => [row.number, row]));
  now.rows.forEach(row => found.set(row.number, row));
  const byNumber = (one: Row, other: Row) => one.number - other.number;
  const isLess = (row: Row) => Number(groupOf(row) === 'done');
  const kept = [...found.values()]
    .sort((one, other) => isLess(one) - isLess(other) || other.number - one.number)
    .slice(0, MOST_ROWS);
  return { ...now, rows: kept.sort(byNumber) };
}

/** Return what is known of these rows, `now` or from `before`, and of no other: they may be without number. */
export function knownOf(
  { rows }: Rows,
  before: RowsStats['rows'] | undefined,
  now: RowsStats['rows']
): RowsStats['rows'] {
  return Object.fromEntries(
    rows.map(({ number }) => [number, now[number] ?? before?.[number]] as const)
  );
}

function isEnded(row: Row): boolean {
  return groupOf(row) !== 'running';
}

/** Return the rows of a group that are shown: a few, and those that are `kept`, unless `all` are wanted. */
export function shownOf(
  { rows }: Rows,
  group: Group | null,
  { all, last, kept }: { all: boolean; last: boolean; kept: (number: number) => boolean }
): { shown: Row[]; here: number } {
  const found = rows.filter(row => group === null || groupOf(row) === group);
  const isFew = (at: number) => (last ? at >= found.length - FEW : at < FEW);
  const shown = found.filter((row, at) => all || isFew(at) || kept(row.number));
  return { shown, here: found.length };
}
