/**
 * Runs that were going on when their notebook was saved.
 *
 * Their output is a widget, which JupyterLab cannot bring back. In its place comes the run as it
 * began, and the whole of it once the kernel sends it, though to a page that is gone.
 */

import type { ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { MIME } from './run';
import type { Words } from './words';

const WIDGET = 'application/vnd.jupyter.widget-view+json';

type Outputs = ICodeCellModel['outputs'];
type Output = ReturnType<Outputs['toJSON']>[number];
type Fields = Record<string, unknown>;

/** Mend the runs of every notebook that is loaded from now on. */
export function mendRuns(tracker: INotebookTracker, words: Words): void {
  tracker.widgetAdded.connect((_, panel) => {
    // A second view of an open notebook has its outputs, and with them a run that is live.
    if (!panel.context.isReady) {
      void panel.context.ready.then(() => mend(panel, words));
    }
  });
}

function mend(panel: NotebookPanel, words: Words): void {
  const waiting = new Map<string, Outputs>();
  for (const cell of panel.content.model?.cells ?? []) {
    if (cell.type === 'code') {
      const { outputs } = cell as ICodeCellModel;
      outputs.toJSON().forEach((output, at) => {
        const name = displayOf(output);
        if (name) {
          outputs.set(at, withoutWidget(output, words));
          waiting.set(name, outputs);
        }
      });
    }
  }
  if (waiting.size) {
    panel.sessionContext.iopubMessage.connect((_, { header, content }) => {
      if (header.msg_type === 'update_display_data') {
        replace(waiting, content as Fields);
      }
    });
  }
}

/** Return the name under which the whole run of an output will come, or '' where none will. */
function displayOf(output: Output): string {
  const { [MIME]: run } = (output.data ?? {}) as Record<string, Fields | undefined>;
  const { [MIME]: facts } = (output.metadata ?? {}) as Record<string, Fields | undefined>;
  return run?.state === 'running' && typeof facts?.display === 'string' ? facts.display : '';
}

function withoutWidget(output: Output, words: Words): Output {
  const { [WIDGET]: widget, [MIME]: run, ...data } = output.data as Record<string, Fields>;
  if (!widget) {
    return output;
  }
  const text = words.__(
    'The page was loaded while this went on. The run comes here when it ends; ' +
      '%gemini runs has it as long as the kernel lives.'
  );
  return {
    ...output,
    data: { ...data, [MIME]: { ...run, parts: [{ kind: 'note', text }] } }
  } as Output;
}

function replace(waiting: Map<string, Outputs>, content: Fields): void {
  const { data, metadata, transient } = content as Record<string, Fields | undefined>;
  const name = String(transient?.display_id ?? '');
  const outputs = waiting.get(name);
  const at = outputs?.toJSON().findIndex(output => displayOf(output) === name) ?? -1;
  if (outputs && at >= 0) {
    waiting.delete(name);
    outputs.set(at, { output_type: 'display_data', data, metadata } as Output);
  }
}
