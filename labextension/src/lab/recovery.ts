/**
 * Recovery of runs that JupyterLab would lose, or leave live for ever.
 *
 * The output of a live run is a widget. JupyterLab cannot restore it when a notebook is loaded, replaces
 * it at the end of the run only in the cell that was run, and leaves it when the kernel dies.
 */

import type { CodeCell, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { MIME } from '../contract/run';
import type { Translations } from '../text/i18n';
import {
  displayOf,
  finish,
  keep,
  unfinishedIn,
  type Output,
  type Outputs,
  type Unfinished
} from './unfinishedOutputs';
import type { ViewRegistry } from './viewRegistry';

type Fields = Record<string, unknown>;

// In milliseconds. An idle kernel answers sooner.
const SOON = 1500;
const GONE: Kernel.Status[] = ['restarting', 'autorestarting', 'terminating', 'dead'];

/** Recover the runs of every notebook that is opened from now on. */
export function recoverRuns(
  tracker: INotebookTracker,
  views: ViewRegistry,
  trans: Translations
): void {
  const recovery = new RunRecovery(tracker, views, trans);
  tracker.widgetAdded.connect((_, panel) => {
    // A second view of an open notebook has its outputs, and with them a run that is live.
    const loaded = !panel.context.isReady;
    void panel.context.ready.then(() => recovery.watch(panel, loaded));
  });
}

class RunRecovery {
  readonly #tracker: INotebookTracker;
  readonly #views: ViewRegistry;
  readonly #trans: Translations;
  /** Runs that ended while their cell was in no notebook: cut, and not pasted yet. */
  readonly #pending = new Map<string, Output>();

  constructor(tracker: INotebookTracker, views: ViewRegistry, trans: Translations) {
    this.#tracker = tracker;
    this.#views = views;
    this.#trans = trans;
  }

  watch(panel: NotebookPanel, loaded: boolean): void {
    if (panel.isDisposed) {
      return;
    }
    const { sessionContext } = panel;
    const listen = () => {
      sessionContext.session?.anyMessage.disconnect(this.#capture, this);
      sessionContext.session?.anyMessage.connect(this.#capture, this);
    };
    listen();
    sessionContext.sessionChanged.connect(listen);
    sessionContext.iopubMessage.connect((_, message) => this.#receive(panel, message));
    sessionContext.statusChanged.connect((_, status) => {
      if (GONE.includes(status)) {
        this.#keepAll(panel);
      }
    });
    sessionContext.kernelChanged.connect((_, { oldValue }) => oldValue && this.#keepAll(panel));
    panel.content.model?.cells.changed.connect(
      (_, { type }) => type === 'add' && this.#deliverPending(panel)
    );
    if (loaded) {
      void this.#recover(panel);
    }
  }

  /** Called before JupyterLab handles a message. */
  #capture(_: unknown, { msg }: { msg: KernelMessage.IMessage }): void {
    const name = displayIn(msg);
    if (name) {
      this.#views.captureInteraction(name);
    }
  }

  #receive(panel: NotebookPanel, message: KernelMessage.IMessage): void {
    const name = displayIn(message);
    if (name) {
      this.#deliver(name, message);
    } else if (saysIdle(message)) {
      // A kernel runs one cell after the other.
      this.#keepAll(panel, this.#trans.__('The kernel ended this before it was done.'));
    }
  }

  /** Put a run that has ended wherever it is still awaited: its cell may have moved. */
  #deliver(name: string, { content, parent_header }: KernelMessage.IMessage): void {
    const sent = content as unknown as Output;
    const all = this.#all();
    const found = all.flatMap(unfinishedIn).filter(({ display }) => display === name);
    found.forEach(unfinished => finish(unfinished, sent));
    if (found.length || all.some(outputs => holds(outputs, name))) {
      return;
    }
    // Its output was cleared: what comes later is shown all the same, as in any other cell.
    const outputs = this.#running((parent_header as { msg_id?: string }).msg_id);
    if (outputs) {
      outputs.add({ ...sent, output_type: 'display_data' } as Output);
    } else {
      this.#pending.set(name, sent);
    }
  }

  #deliverPending(panel: NotebookPanel): void {
    for (const unfinished of this.#pending.size ? unfinishedOf(panel) : []) {
      const sent = this.#pending.get(unfinished.display);
      if (sent) {
        finish(unfinished, sent);
      }
    }
  }

  /** Keep what has come of the runs in `panel`: their kernel is gone. */
  #keepAll(panel: NotebookPanel, line = ''): void {
    for (const unfinished of unfinishedOf(panel).filter(({ awaited }) => awaited)) {
      const latest = this.#views.latest(unfinished.display);
      this.#views.captureInteraction(unfinished.display);
      keep(
        unfinished,
        latest,
        line ||
          this.#trans.__(
            'The kernel was restarted or died before this was done. What had come is kept.'
          ),
        true
      );
    }
  }

  /** Show the runs that were saved before they ended, and wait for those that may still end. */
  async #recover(panel: NotebookPanel): Promise<void> {
    const names = new Set(
      unfinishedOf(panel)
        .filter(u => u.awaited)
        .map(u => u.display)
    );
    if (!names.size) {
      return;
    }
    const note = (line: string, ended: boolean) => {
      for (const unfinished of panel.isDisposed ? [] : unfinishedOf(panel)) {
        if (unfinished.awaited && names.has(unfinished.display)) {
          keep(unfinished, null, line, ended);
        }
      }
    };
    note(this.#trans.__('The notebook was saved while this went on.'), false);
    const over = answered(panel).then(() => true);
    const late = new Promise<boolean>(resolve => setTimeout(() => resolve(false), SOON));
    if (!(await Promise.race([over, late])) && panel.sessionContext.session?.kernel) {
      note(
        this.#trans.__(
          'The page was loaded while this went on. The run comes here when it ends; ' +
            '%gemini runs has it as long as the kernel lives.'
        ),
        false
      );
    }
    await over;
    note(
      this.#trans.__(
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
 * Wait until the kernel of `panel` is idle, or there is no kernel. A page asks a kernel for its info when
 * it connects, and a kernel answers between two cells.
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
  const stats = metadata?.[MIME] as Fields | undefined;
  // If somebody else made a display of a run, it is theirs to update.
  const ours = data?.[MIME] && stats?.display === transient?.display_id;
  return ours ? String(stats?.display ?? '') : '';
}

/** Return whether a cell of the kernel's main shell has ended; subshells may run beside it. */
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
