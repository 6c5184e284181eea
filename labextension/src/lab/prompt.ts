/** The prompt of a run, which is the cell that it is an output of. */

import { NotebookActions } from '@jupyterlab/notebook';
import type { CellPosition } from './cellLocator';
import { tellAnew } from './handshake';

/** Run the cell again; a recording is no answer to that. */
export function askAgain({ panel, index }: CellPosition): void {
  const { content, sessionContext } = panel;
  const cell = content.widgets[index];
  if (cell) {
    tellAnew(panel, cell);
    void NotebookActions.runCells(content, [cell], sessionContext);
  }
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
