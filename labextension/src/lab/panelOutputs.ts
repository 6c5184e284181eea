/** The outputs of a notebook that is open, and the runs in them that have not ended. */

import type { ICodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { unfinishedIn, type Outputs, type Unfinished } from './unfinishedOutputs';

export function outputsOf(panel: NotebookPanel): Outputs[] {
  return [...(panel.content.model?.cells ?? [])]
    .filter(cell => cell.type === 'code')
    .map(cell => (cell as ICodeCellModel).outputs);
}

export function unfinishedOf(panel: NotebookPanel): Unfinished[] {
  return outputsOf(panel).flatMap(unfinishedIn);
}

/** Return the displays of the runs in `panel` of which more may come. */
export function awaitedIn(panel: NotebookPanel): string[] {
  return unfinishedOf(panel)
    .filter(({ awaited }) => awaited)
    .map(({ display }) => display);
}
