/**
 * Runs that JupyterLab would lose, or leave live for ever.
 *
 * The output of a run that goes on is a widget. JupyterLab cannot bring it back when a notebook is
 * loaded, replaces it at its end only where its cell was run, and leaves it when the kernel dies.
 */

import type { CodeCell, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { LabViews } from './labviews';
import { MIME } from './run';
import {
  displayOf,
  finish,
  keep,
  unfinishedIn,
  type Output,
  type Outputs,
  type Unfinished
} from './unfinished';
import type { Words } from './words';

type Fields = Record<string, unknown>;

// Milliseconds in which a kernel answers that has nothing to do.
const SOON = 1500;
const GONE: Kernel.Status[] = ['restarting', 'autorestarting', 'terminating', 'dead'];

/** Mend the runs of every notebook that is opened from now on. */
export function mendRuns(tracker: INotebookTracker, views: LabViews, words: Words): void {
  const mender = new Mender(tracker, views, words);
  tracker.widgetAdded.connect((_, panel) => {
    // A second view of an open notebook has its outputs, and with them a run that is live.
    const loaded = !panel.context.isReady;
    void panel.context.ready.then(() => mender.follow(panel, loaded));
  });
}

class Mender {
  readonly #tracker: INotebookTracker;
  readonly #views: LabViews;
  readonly #words: Words;
  /** Runs that ended while their cell was nowhere: cut, and not pasted yet. */
  readonly #homeless = new Map<string, Output>();

  constructor(tracker: INotebookTracker, views: LabViews, words: Words) {
    this.#tracker = tracker;
    this.#views = views;
    this.#words = words;
  }

  follow(panel: NotebookPanel, loaded: boolean): void {
    if (panel.isDisposed) {
      return;
    }
    const { sessionContext } = panel;
    const hear = () => {
      sessionContext.session?.anyMessage.disconnect(this.#hold, this);
      sessionContext.session?.anyMessage.connect(this.#hold, this);
    };
    hear();
    sessionContext.sessionChanged.connect(hear);
    sessionContext.iopubMessage.connect((_, message) => this.#hear(panel, message));
    sessionContext.statusChanged.connect((_, status) => {
      if (GONE.includes(status)) {
        this.#endAll(panel);
      }
    });
    sessionContext.kernelChanged.connect((_, { oldValue }) => oldValue && this.#endAll(panel));
    panel.content.model?.cells.changed.connect(
      (_, { type }) => type === 'add' && this.#house(panel)
    );
    if (loaded) {
      void this.#mend(panel);
    }
  }

  /** A message that has not been handled yet. */
  #hold(_: unknown, { msg }: { msg: KernelMessage.IMessage }): void {
    const name = displayIn(msg);
    if (name) {
      this.#views.hold(name);
    }
  }

  #hear(panel: NotebookPanel, message: KernelMessage.IMessage): void {
    const name = displayIn(message);
    if (name) {
      this.#land(name, message);
    } else if (saysIdle(message)) {
      // A kernel runs one cell after the other.
      this.#endAll(panel, this.#words.__('The kernel ended this before it was done.'));
    }
  }

  /** Put a run that has ended wherever it is awaited still: its cell may have been moved. */
  #land(name: string, { content, parent_header }: KernelMessage.IMessage): void {
    const sent = content as unknown as Output;
    const all = this.#all();
    const found = all.flatMap(unfinishedIn).filter(({ display }) => display === name);
    found.forEach(unfinished => finish(unfinished, sent));
    if (found.length || all.some(outputs => holds(outputs, name))) {
      return;
    }
    // Its output was cleared: what comes afterwards is shown all the same, as of any other cell.
    const outputs = this.#running((parent_header as { msg_id?: string }).msg_id);
    if (outputs) {
      outputs.add({ ...sent, output_type: 'display_data' } as Output);
    } else {
      this.#homeless.set(name, sent);
    }
  }

  #house(panel: NotebookPanel): void {
    for (const unfinished of this.#homeless.size ? unfinishedOf(panel) : []) {
      const sent = this.#homeless.get(unfinished.display);
      if (sent) {
        finish(unfinished, sent);
      }
    }
  }

  /** Keep what has come of the runs that `panel` shows, now that their kernel is gone. */
  #endAll(panel: NotebookPanel, line = ''): void {
    for (const unfinished of unfinishedOf(panel).filter(({ awaited }) => awaited)) {
      const latest = this.#views.latest(unfinished.display);
      this.#views.hold(unfinished.display);
      keep(
        unfinished,
        latest,
        line ||
          this.#words.__(
            'The kernel was restarted or died before this was done. What had come is kept.'
          ),
        true
      );
    }
  }

  /** Show the runs that were saved before they ended, and wait for those that may still come. */
  async #mend(panel: NotebookPanel): Promise<void> {
    const names = new Set(
      unfinishedOf(panel)
        .filter(u => u.awaited)
        .map(u => u.display)
    );
    if (!names.size) {
      return;
    }
    const say = (line: string, ended: boolean) => {
      for (const unfinished of panel.isDisposed ? [] : unfinishedOf(panel)) {
        if (unfinished.awaited && names.has(unfinished.display)) {
          keep(unfinished, null, line, ended);
        }
      }
    };
    say(this.#words.__('The notebook was saved while this went on.'), false);
    const over = answered(panel).then(() => true);
    const late = new Promise<boolean>(resolve => setTimeout(() => resolve(false), SOON));
    if (!(await Promise.race([over, late])) && panel.sessionContext.session?.kernel) {
      say(
        this.#words.__(
          'The page was loaded while this went on. The run comes here when it ends; ' +
            '%gemini runs has it as long as the kernel lives.'
        ),
        false
      );
    }
    await over;
    say(
      this.#words.__(
        'The notebook was saved while this went on, and how it ended has not come here; ' +
          '%gemini runs has it as long as the kernel lives.'
      ),
      true
    );
  }

  #all(): Outputs[] {
    const found = new Set<Outputs>();
    this.#tracker.forEach(panel => outputsOf(panel).forEach(outputs => found.add(outputs)));
    return [...found];
  }

  /** Return the outputs of the cell that made the request `id`, or undefined. */
  #running(id: string | undefined): Outputs | undefined {
    let found: Outputs | undefined;
    this.#tracker.forEach(({ content }) => {
      for (const cell of content.widgets) {
        const { outputArea } = cell as { outputArea?: CodeCell['outputArea'] };
        if (id && outputArea?.future?.msg.header.msg_id === id) {
          found = outputArea.model;
        }
      }
    });
    return found;
  }
}

/**
 * Wait until the kernel of `panel` has nothing to do, or there is none. A page asks a kernel what it is
 * when it connects, and a kernel answers between two cells.
 */
async function answered({ sessionContext }: NotebookPanel): Promise<void> {
  await sessionContext.ready;
  await sessionContext.session?.kernel?.info.catch(() => undefined);
}

/** Return the display that `message` updates with one of our runs, or ''. */
function displayIn({ header, content }: KernelMessage.IMessage): string {
  if (header.msg_type !== 'update_display_data') {
    return '';
  }
  const { data, metadata, transient } = content as Record<string, Fields | undefined>;
  const facts = metadata?.[MIME] as Fields | undefined;
  // A display that somebody else made of a run is theirs to update.
  const ours = data?.[MIME] && facts?.display === transient?.display_id;
  return ours ? String(facts?.display ?? '') : '';
}

/** Return whether a cell has ended, on the kernel's own line: others may run beside it. */
function saysIdle({ header, content, parent_header }: KernelMessage.IMessage): boolean {
  const { msg_type, subshell_id } = parent_header as { msg_type?: string; subshell_id?: string };
  const { execution_state } = content as { execution_state?: string };
  return (
    header.msg_type === 'status' &&
    execution_state === 'idle' &&
    msg_type === 'execute_request' &&
    !subshell_id
  );
}

function holds(outputs: Outputs, name: string): boolean {
  for (let at = 0; at < outputs.length; at++) {
    if (displayOf(outputs.get(at)) === name) {
      return true;
    }
  }
  return false;
}

function outputsOf(panel: NotebookPanel): Outputs[] {
  return [...(panel.content.model?.cells ?? [])]
    .filter(cell => cell.type === 'code')
    .map(cell => (cell as ICodeCellModel).outputs);
}

function unfinishedOf(panel: NotebookPanel): Unfinished[] {
  return outputsOf(panel).flatMap(unfinishedIn);
}
