/** Inserts cells into a notebook, as one step of its undo history. */

import { NotebookActions, type Notebook, type NotebookPanel } from '@jupyterlab/notebook';
import { KEY, plan, type Plan } from '../cells/plan';
import type { Choice, Run } from '../contract/run';

/** The undo history of a notebook, which its interface does not declare: https://docs.yjs.dev/api/undo-manager */
interface History {
  undoStack: { meta: Map<string, unknown> }[];
  stopCapturing(): void;
}

/** Marks a cell that was inserted since the notebook was opened, for our shortcut. */
const INSERTED = 'gm-inserted';

/** Insert the cells of `choice` below the cell at `index`; return how many. Nothing is executed. */
export function insertCells(panel: NotebookPanel, index: number, run: Run, choice: Choice): number {
  return insertPlanned(panel.content, index, run, choice)?.cells.length ?? 0;
}

/** Insert them because the user asked, and scroll to the first; with `runs`, run them too. */
export function insertAndShow(
  panel: NotebookPanel,
  index: number,
  run: Run,
  choice: Choice,
  runs = false
): number {
  const notebook = panel.content;
  // A user of the keyboard goes on from the button. After a click the notebook gets the focus, which has
  // the keys to undo, run and edit.
  const byKeyboard = notebook.node.querySelector('.gm-run :focus-visible') !== null;
  const done = insertPlanned(notebook, index, run, choice);
  if (!done?.cells.length) {
    return 0;
  }
  notebook.deselectAll();
  notebook.activeCellIndex = done.at;
  void showActive(notebook, !byKeyboard);
  if (runs) {
    const cells = notebook.widgets.slice(done.at, done.at + done.cells.length);
    void NotebookActions.runCells(notebook, cells, panel.sessionContext);
  }
  return done.cells.length;
}

/** Return whether the last change of the cells of `notebook` was an insertion. */
export function isLastChange(notebook: Notebook): boolean {
  const shared = notebook.model?.sharedModel;
  return (shared && historyOf(shared).undoStack.at(-1)?.meta.has(KEY)) ?? false;
}

async function showActive(notebook: Notebook, focus: boolean): Promise<void> {
  // It is rejected if the user scrolls elsewhere meanwhile.
  await notebook.scrollToItem(notebook.activeCellIndex).catch(() => undefined);
  if (focus) {
    await NotebookActions.focusActiveCell(notebook);
  }
}

function insertPlanned(notebook: Notebook, index: number, run: Run, choice: Choice): Plan | null {
  const shared = notebook.model?.sharedModel;
  if (!shared) {
    return null;
  }
  const source = shared.getCell(index).getId();
  const cells = shared.cells.map(cell => ({
    source: cell.getSource(),
    origin: cell.getMetadata(KEY),
    deletable: cell.getMetadata('deletable')
  }));
  const planned = plan(cells, index, source, run, choice);
  const { remove, at, cells: made } = planned;
  if (made.length) {
    const history = historyOf(shared);
    // Otherwise changes within half a second before or after would be undone with it.
    history.stopCapturing();
    shared.transact(() => {
      remove.forEach(place => shared.deleteCell(place));
      shared.insertCells(at, made);
    });
    history.stopCapturing();
    history.undoStack.at(-1)?.meta.set(KEY, made.length);
    notebook.widgets.slice(at, at + made.length).forEach(cell => cell.addClass(INSERTED));
  }
  return planned;
}

function historyOf(shared: object): History {
  return (shared as { undoManager: History }).undoManager;
}
