/** The outputs of a notebook that show many rows, which may be several of the same. */

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { isFields, type Fields } from '../contract/fields';
import { ROWS_MIME } from '../contract/rows';
import { outputsOf } from './panelOutputs';
import type { Output, Outputs } from './unfinishedOutputs';

/** What stands in an output: its forms by their types, and what is known beside. */
export interface Shown {
  data: Fields;
  metadata: Fields;
}

/** What rows are saved as. */
const SAVED = [ROWS_MIME, 'text/html', 'text/plain'];

/**
 * Put `shown` into the outputs of the rows of `key`, with `growing` only where they still grow; return how many
 * outputs there are.
 */
export function replaceRows(
  panel: NotebookPanel,
  key: string,
  shown: Shown,
  growing = false
): number {
  const facts = shown.metadata[ROWS_MIME] ?? {};
  const wanted = JSON.stringify([shown.data[ROWS_MIME], facts]);
  const meant = rowsIn(panel).filter(
    ({ rows }) => rows.key === key && (!growing || rows.state === 'running')
  );
  for (const { outputs, at, rows } of meant) {
    // Where the page itself asked for them, JupyterLab has drawn it already.
    const known = outputs.get(at).metadata[ROWS_MIME] ?? {};
    if (JSON.stringify([rows, known]) !== wanted) {
      const forms = SAVED.filter(type => type in shown.data).map(type => [type, shown.data[type]]);
      outputs.set(at, {
        ...outputs.get(at).toJSON(),
        data: Object.fromEntries(forms),
        metadata: { [ROWS_MIME]: facts }
      } as unknown as Output);
    }
  }
  return meant.length;
}

/**
 * Follow rows that a page asked for which is not there any more: it was loaded anew. Of a notebook that several
 * share, each window has the outputs of the one that asked.
 */
export function followRows(tracker: INotebookTracker): void {
  tracker.widgetAdded.connect((_, panel) => {
    panel.sessionContext.iopubMessage.connect((_, { header, content }) => {
      const { data, metadata } = content as Partial<Shown>;
      const rows = header.msg_type === 'update_display_data' && data?.[ROWS_MIME];
      if (isFields(rows) && typeof rows.key === 'string' && !panel.content.model?.collaborative) {
        const { key } = rows;
        setTimeout(
          () =>
            !panel.isDisposed &&
            replaceRows(panel, key, { data: data!, metadata: metadata ?? {} }, true)
        );
      }
    });
  });
}

function rowsIn(panel: NotebookPanel): { outputs: Outputs; at: number; rows: Fields }[] {
  const found = [];
  for (const outputs of outputsOf(panel)) {
    for (let at = 0; at < outputs.length; at++) {
      const rows = outputs.get(at).data[ROWS_MIME];
      if (isFields(rows)) {
        found.push({ outputs, at, rows });
      }
    }
  }
  return found;
}
