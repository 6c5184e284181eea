/** What the view of many rows is drawn with. */

import type { Rows, RowsStats } from '../contract/rows';
import type { Translations } from '../text/i18n';
import type { Hooks } from './context';

/** What the view needs from where it is mounted. An action that is missing has no button. */
export interface RowsHooks {
  trans: Translations;
  stop?(): void;
  /** Ask a row again and show what came; return what is to be said of it, reject with why it was not asked. */
  ask?(rows: Rows, row: Rows['rows'][number]): Promise<string>;
  /** Those of the run that a row opens to. */
  run: Hooks;
}

/** One drawing of rows. */
export interface RowsContext {
  doc: Document;
  hooks: RowsHooks;
  rows: Rows;
  stats: RowsStats;
  /** True while the kernel still asks. */
  live: boolean;
}
