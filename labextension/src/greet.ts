/** Tells a kernel that asks that this extension is here, and that inserting is its work. */

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

/** The kernel opens a comm of this name; without the extension nobody answers. */
const TARGET = 'gemini_magic.lab';

/** Answer the kernels of all notebooks, those that are started later too. */
export function greetKernels(tracker: INotebookTracker): void {
  const greet = (panel: NotebookPanel) => {
    panel.sessionContext.session?.kernel?.registerCommTarget(TARGET, comm => {
      comm.send({ inserts: true });
    });
  };
  tracker.widgetAdded.connect((_, panel) => {
    panel.sessionContext.kernelChanged.connect(() => greet(panel));
    greet(panel);
  });
  tracker.forEach(greet);
}
