/** Tells a kernel that asks that this extension is here, that it inserts cells, and has buttons. */

import type { Cell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';

/** The kernel opens a comm of this name; without the extension nothing answers. */
const TARGET = 'gemini_magic.lab';

/** The comms of the kernels that asked. */
const comms = new WeakMap<Kernel.IKernelConnection, Kernel.IComm>();

/** Return whether the kernel has asked, and so has the magics. */
export function hasAsked(kernel: Kernel.IKernelConnection): boolean {
  return comms.get(kernel)?.isDisposed === false;
}

/** Tell the kernel that `cell`, which is about to run, is to be asked anew: no recording is an answer. */
export function tellAnew({ sessionContext }: NotebookPanel, cell: Cell): void {
  const kernel = sessionContext.session?.kernel;
  const comm = kernel && comms.get(kernel);
  if (comm && !comm.isDisposed) {
    comm.send({ again: cell.model.id });
  }
}

/** Answer the kernels of all notebooks, also those that are started later. */
export function answerHandshakes(tracker: INotebookTracker): void {
  const answer = (panel: NotebookPanel) => {
    const kernel = panel.sessionContext.session?.kernel;
    kernel?.registerCommTarget(TARGET, comm => {
      comms.set(kernel, comm);
      comm.send({ inserts: true, asks: true });
    });
  };
  tracker.widgetAdded.connect((_, panel) => {
    panel.sessionContext.kernelChanged.connect(() => answer(panel));
    answer(panel);
  });
  tracker.forEach(answer);
}
