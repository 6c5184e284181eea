/** The saved output of a cell that an element of the page shows. */

import type { CodeCell, ICodeCellModel } from '@jupyterlab/cells';
import type { CellPosition } from './cellLocator';
import type { Output, Outputs } from './unfinishedOutputs';

export interface SavedOutput {
  outputs: Outputs;
  at: number;
  output: Output;
}

/** Return the output of the cell that `node` is in, or null. */
export function savedOutput({ panel, index }: CellPosition, node: HTMLElement): SavedOutput | null {
  const cell = panel.content.widgets[index] as Partial<CodeCell> | undefined;
  const at = cell?.outputArea?.widgets.findIndex(widget => widget.node.contains(node)) ?? -1;
  const { outputs } = (cell?.model ?? {}) as Partial<ICodeCellModel>;
  const output = at < 0 ? undefined : outputs?.get(at)?.toJSON();
  return outputs && output ? { outputs, at, output: output as Output } : null;
}
