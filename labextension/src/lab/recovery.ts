/**
 * Recovery of runs that JupyterLab would lose, or leave live for ever.
 *
 * The output of a live run is a widget. JupyterLab cannot restore it when a notebook is loaded, replaces
 * it at the end of the run only in the cell that was run, and leaves it when the kernel dies.
 */

import type { CodeCell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';
import type { Fields } from '../contract/fields';
import { MIME } from '../contract/run';
import type { Translations } from '../text/i18n';
import { FollowedRuns } from './followedRuns';
import { begunIn, displayIn, saysIdle } from './kernelMessages';
import { GONE } from './kernelQuestion';
import { showLoadedRuns } from './loadedRuns';
import { awaitedIn, outputsOf, unfinishedOf } from './panelOutputs';
import { BEFORE_WIDGETS, RANK, rendererFactory } from './renderer';
import { dropAllRepeated, isOwn, isReplyTo, isShared, LATE } from './sharing';
import {
  finish,
  keep,
  metadataIn,
  replaceOlder,
  unfinishedIn,
  type Output,
  type Outputs
} from './unfinishedOutputs';
import type { ViewRegistry } from './viewRegistry';

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
    if (loaded) {
      // What it holds of a run that goes on is shown as it began: its widget is not in this window.
      panel.content.rendermime.addFactory(rendererFactory(views), BEFORE_WIDGETS);
    }
    void panel.context.ready.then(() => recovery.watch(panel, loaded));
  });
}

class RunRecovery {
  readonly #tracker: INotebookTracker;
  readonly #views: ViewRegistry;
  readonly #trans: Translations;
  readonly #followed = new FollowedRuns();
  /** The displays of the runs that this window asked for. */
  readonly #own = new Set<string>();
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
      const { rendermime } = panel.content;
      const factory = rendererFactory(this.#views);
      void showLoadedRuns(panel, this.#views, this.#trans).finally(() =>
        rendermime.addFactory(factory, RANK)
      );
    }
  }

  /** Called before JupyterLab handles a message. */
  #capture(_: unknown, { msg }: { msg: KernelMessage.IMessage }): void {
    const name = displayIn(msg);
    if (name) {
      this.#views.captureInteraction(name);
      // The kernel does not know of the earlier answers of the cell, which stay with the run.
      const earlier = this.#all().flatMap(outputs => metadataIn(outputs, name))[0]?.earlier;
      const { metadata } = msg.content as { metadata: Record<string, Fields> };
      if (earlier) {
        metadata[MIME] = { earlier, ...metadata[MIME] };
      }
    }
  }

  #receive(panel: NotebookPanel, message: KernelMessage.IMessage): void {
    // Notebooks of one kernel all hear what it answers to one of them, each when its own line brings it.
    const asked = this.#tracker.find(each => isReplyTo(each, message)) ?? panel;
    if (asked.sessionContext !== panel.sessionContext) {
      return;
    }
    const name = displayIn(message);
    const own = isOwn(panel, message);
    if (own) {
      this.#remember(message);
    } else {
      this.#follow(message);
    }
    if (name) {
      this.#act(panel, own, () => this.#deliver(name, message));
    } else if (saysIdle(message)) {
      // A kernel runs one cell after the other.
      const line = this.#trans.__('The kernel ended this before it was done.');
      this.#keepAll(panel, own, line);
    }
  }

  /** Act at once on what this window asked for; on the rest later, if it is still to be done. */
  #act(panel: NotebookPanel, own: boolean, act: () => void): void {
    if (own) {
      act();
      return;
    }
    setTimeout(() => {
      act();
      setTimeout(() => dropAllRepeated(panel), LATE);
    }, LATE);
  }

  #remember(message: KernelMessage.IMessage): void {
    const name = begunIn(message);
    if (name) {
      this.#own.add(name);
    }
  }

  #follow(message: KernelMessage.IMessage): void {
    const found = this.#followed.receive(message);
    if (found) {
      this.#views.follow(found.display, found.run);
    }
  }

  /** Put a run that has ended wherever it is still awaited: its cell may have moved. */
  #deliver(name: string, { content, parent_header }: KernelMessage.IMessage): void {
    const sent = content as unknown as Output;
    const all = this.#all();
    const found = all.flatMap(unfinishedIn).filter(({ display }) => display === name);
    found.forEach(unfinished => finish(unfinished, sent));
    all.forEach(outputs => replaceOlder(outputs, name, sent));
    if (found.length || all.some(outputs => metadataIn(outputs, name).length)) {
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

  /** Keep what has come of the runs in `panel`: their kernel is gone, or has ended them. */
  #keepAll(panel: NotebookPanel, own = !isShared(panel), line = ''): void {
    const names = awaitedIn(panel);
    this.#keep(panel, own ? names : names.filter(name => this.#own.has(name)), line);
    if (!own && names.length) {
      this.#act(panel, own, () => this.#keep(panel, names, line));
    }
  }

  #keep(panel: NotebookPanel, names: string[], line: string): void {
    const all = panel.isDisposed ? [] : unfinishedOf(panel);
    for (const unfinished of all.filter(u => u.awaited && names.includes(u.display))) {
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
