/** Tells a kernel that asks that this extension is here, that it inserts cells, and has buttons. */

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

/** The kernel opens a comm of this name; without the extension nothing answers. */
const TARGET = 'gemini_magic.lab';

/** Answer the kernels of all notebooks, also those that are started later. */
export function answerHandshakes(tracker: INotebookTracker): void {
  const answer = (panel: NotebookPanel) => {
    panel.sessionContext.session?.kernel?.registerCommTarget(TARGET, comm => {
      comm.send({ inserts: true, asks: true });
    });
  };
  tracker.widgetAdded.connect((_, panel) => {
    panel.sessionContext.kernelChanged.connect(() => answer(panel));
    answer(panel);
  });
  tracker.forEach(answer);
}
