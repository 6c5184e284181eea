/** The answers of a cell that is run again are kept with its new one. */

import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import { NotebookActions } from '@jupyterlab/notebook';
import { fitting, withCurrent, type StoredAnswer } from '../contract/earlier';
import { isFields } from '../contract/fields';
import { MIME } from '../contract/run';
import type { Output, Outputs } from './unfinishedOutputs';

/**
 * Keep `most` of each cell from now on. A cell may show several runs: each new one gets the answers of the one that stood
 * in its place.
 */
export function keepAnswers(most: () => number): void {
  // By the cell: one whose run failed before it began has them still when it is run once more.
  const kept = new WeakMap<object, StoredAnswer[][]>();
  NotebookActions.executionScheduled.connect((_, { cell }) => {
    const found = runsAt(cell).map(({ run, metadata }) => withCurrent(run, metadata));
    if (found.length) {
      kept.set(cell.model, found);
    } else if (isCleared(cell)) {
      kept.delete(cell.model);
    }
  });
  NotebookActions.executed.connect((_, { cell }) => {
    runsAt(cell).forEach(({ outputs, at, run, metadata }, nth) => {
      const earlier = fitting(kept.get(cell.model)?.[nth] ?? [], run, most());
      if (earlier.length) {
        const output = outputs.get(at).toJSON();
        const all = { ...(output.metadata as object), [MIME]: { ...metadata, earlier } };
        outputs.set(at, { ...output, metadata: all } as Output);
      }
    });
  });
}

/** Return whether a user took the outputs away; those of a cell that runs have only not come. */
function isCleared({ model }: Cell): boolean {
  const { outputs, executionState } = model as Partial<ICodeCellModel>;
  return outputs?.length === 0 && executionState !== 'running';
}

interface Shown {
  outputs: Outputs;
  at: number;
  run: unknown;
  metadata: object;
}

/** Return the runs that the outputs of `cell` show, in order. */
function runsAt({ model }: Cell): Shown[] {
  const { outputs } = model as Partial<ICodeCellModel>;
  const found: Shown[] = [];
  for (let at = 0; outputs && at < outputs.length; at++) {
    const { data, metadata } = outputs.get(at);
    if (isFields(data[MIME])) {
      const { [MIME]: own } = metadata;
      found.push({ outputs, at, run: data[MIME], metadata: isFields(own) ? own : {} });
    }
  }
  return found;
}
