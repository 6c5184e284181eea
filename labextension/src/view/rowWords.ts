/** What is said of rows: how one stands, and where it is if it is not here. */

import type { Row, Rows } from '../contract/rows';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';
import { groupOf } from './rowList';
import type { RowsContext } from './rowsContext';

/** Return how a row stands, in a word. */
export function stateWord({ live, hooks: { trans } }: RowsContext, { state }: Row): string {
  const words = {
    done: trans.__('done'),
    recorded: trans.__('recorded'),
    failed: trans.__('failed'),
    blocked: trans.__('blocked'),
    stopped: trans.__('stopped'),
    // Nothing comes of it any more.
    running: live ? trans.__('running') : trans.__('unfinished'),
    waits: live ? trans.__('waits') : trans.__('unfinished')
  };
  return words[state];
}

/** Return where the run is if it is not here. */
export function whereWords(
  { live, hooks: { trans }, rows: { name, state } }: RowsContext,
  row: Row
): string {
  // Those of a kernel that was gone half-way are nowhere.
  if (row.run !== null || (state === 'running' && !live)) {
    return '';
  }
  if (groupOf(row) === 'running') {
    return trans.__('Its answer comes here.');
  }
  if (live) {
    return trans.__('Its run can be opened, and asked again, when all rows are there.');
  }
  const variable = sanitize(name);
  return variable ? trans.__('Its run is %1[%2].', variable, row.number) : '';
}

/** Return where the rows are that are not here: those of a kernel that was gone half-way, or kept none, are nowhere. */
export function awayWords(
  trans: Translations,
  { key, name, state }: Rows,
  live: boolean,
  away: number,
  count: string
): string {
  if (key === '' || (state === 'running' && !live)) {
    return trans._n('%1 more row is not here', '%2 more rows are not here', away, count);
  }
  return name
    ? trans._n('%1 more row is in %3', '%2 more rows are in %3', away, count, sanitize(name))
    : trans._n('%1 more row is in the variable', '%2 more rows are in the variable', away, count);
}
