/** The prompt of a run, which is the cell that it is an output of. */

import { SessionContextDialogs } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { CellPosition } from './cellLocator';
import { hasAsked, tellAnew } from './handshake';

/** An expression that is run silently: it leaves no name. */
const TRY_AGAIN = "__import__('gemini_magic.notebook.magic', fromlist=['try_again']).try_again";

/** The cells that will run once their kernel has the magics. */
const awaited = new WeakSet<Cell>();

/**
 * Run the cell again; a recording is no answer to that. A kernel that has just started knows no `%%gemini_exec`: what
 * it would say of that must not take the place of the run.
 */
export async function askAgain({ panel, index }: CellPosition): Promise<void> {
  const { content, sessionContext } = panel;
  const cell = content.widgets[index];
  if (cell && !awaited.has(cell)) {
    awaited.add(cell);
    const isReady = await prepare(panel, cell).finally(() => awaited.delete(cell));
    if (isReady && !cell.isDisposed) {
      await NotebookActions.runCells(content, [cell], sessionContext);
    }
  }
}

/** Return whether there is a kernel to run the cell: without one, its outputs would only be cleared. */
async function prepare(panel: NotebookPanel, cell: Cell): Promise<boolean> {
  const { sessionContext } = panel;
  await sessionContext.ready;
  if (sessionContext.hasNoKernel && (await sessionContext.startKernel())) {
    await new SessionContextDialogs().selectKernel(sessionContext);
  }
  const kernel = sessionContext.session?.kernel;
  if (kernel && hasAsked(kernel)) {
    tellAnew(panel, cell);
  } else if (kernel) {
    const code = `${TRY_AGAIN}(${JSON.stringify(cell.model.id)})`;
    // Where it is not installed, the cell says so; a kernel that dies meanwhile says it itself.
    await kernel.requestExecute({ code, silent: true, store_history: false }).done.catch(() => {});
  }
  return Boolean(kernel);
}

/** Put the caret at the end of the cell's text, into view. */
export async function editPrompt({ panel, index }: CellPosition): Promise<void> {
  const { content } = panel;
  content.activeCellIndex = index;
  const cell = content.activeCell;
  await content.scrollToItem(index, 'smart').catch(() => undefined);
  // A cell far from the screen has its editor once it is drawn.
  await cell?.ready;
  if (cell && cell === content.activeCell) {
    cell.inputHidden = false;
    content.mode = 'edit';
    const line = (cell.editor?.lineCount ?? 1) - 1;
    cell.editor?.focus();
    cell.editor?.setCursorPosition({ line, column: cell.editor.getLine(line)?.length ?? 0 });
  }
}
