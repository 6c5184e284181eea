/** Cells put into a notebook, in one step of its undo history. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import { KEY, plan } from './cells';
import type { Choice } from './context';
import type { Run } from './run';

/** Put the cells of `choice` below the cell at `index`; return how many. Nothing is executed. */
export function insertCells(panel: NotebookPanel, index: number, run: Run, choice: Choice): number {
  const notebook = panel.content.model?.sharedModel;
  if (!notebook) {
    return 0;
  }
  const source = notebook.getCell(index).getId();
  const cells = notebook.cells.map(cell => ({
    source: cell.getSource(),
    origin: cell.getMetadata(KEY)
  }));
  const { remove, at, cells: made } = plan(cells, index, source, run, choice);
  if (made.length) {
    notebook.transact(() => {
      remove.forEach(place => notebook.deleteCell(place));
      notebook.insertCells(at, made);
    });
  }
  return made.length;
}
