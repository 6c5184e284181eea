/** What a view in JupyterLab may do where it is. */

import { Clipboard } from '@jupyterlab/apputils';
import type { KernelMessage } from '@jupyterlab/services';
import type { Choice, Run } from '../contract/run';
import type { Decision, Waiting } from '../contract/waiting';
import type { Hooks, Options } from '../view/context';
import type { CellLocator, CellPosition } from './cellLocator';
import { insertAndShow } from './insertion';
import { askAgain, editPrompt } from './prompt';
import type { RegisteredView } from './registeredView';
import { verifyOutput } from './verification';

/** What all views share. */
interface Shared extends Pick<Hooks, 'trans' | 'typeset'> {
  locator: CellLocator;
  /** Returns the options that hold now. */
  options(): Options;
  /** Returns whether another window asked for the run, and more may come of it. */
  isElsewhere(shown: RegisteredView): boolean;
}

/** Return the hooks of a view. An action that is not possible where it is has no button. */
export function hooksOf(
  shown: () => RegisteredView,
  { trans, typeset, locator, options, isElsewhere }: Shared
): Hooks {
  const host = () => shown().host;
  // An output that is not in its place yet will most often be in a notebook.
  const has = (found: (node: HTMLElement) => unknown) =>
    !host().isConnected || Boolean(found(host()));
  const hasKernel = () => locator.hasKernel(host());
  const insert = (run: Run, choice: Choice) => insertAt(locator, host(), run, choice);
  const insertAndRun = (run: Run, choice: Choice) => insertAt(locator, host(), run, choice, true);
  const verify = (progress: (line: string) => void) => verifyAt(locator, host(), progress);
  const atCell = (act: (cell: CellPosition) => unknown) => () => {
    const cell = locator.cell(host());
    if (cell) {
      act(cell);
    }
  };
  const answer = ({ key }: Waiting, word: Decision) =>
    // It is no cell's, so that none keeps a line of it.
    locator
      .session(host())
      ?.session?.kernel?.sendInputReply(
        { status: 'ok', value: `${key}:${word}` },
        {} as KernelMessage.IHeader<'input_request'>
      );
  const stop = () => void locator.session(host())?.session?.kernel?.interrupt();
  return {
    trans,
    // Read whenever something is drawn: they may change while a view is shown.
    get options() {
      return options();
    },
    copy: text => {
      Clipboard.copyToSystem(text);
      return true;
    },
    ...(typeset && { typeset }),
    get insert() {
      return has(node => locator.hasCell(node)) ? insert : undefined;
    },
    get insertAndRun() {
      return hasKernel() ? insertAndRun : undefined;
    },
    get verify() {
      return hasKernel() ? verify : undefined;
    },
    // Without a kernel JupyterLab starts one, or asks which.
    get again() {
      return has(node => locator.hasCell(node)) ? atCell(askAgain) : undefined;
    },
    get edit() {
      return has(node => locator.hasCell(node)) ? atCell(editPrompt) : undefined;
    },
    saved: run => (run === shown().run ? shown().saved() : null),
    get elsewhere() {
      return isElsewhere(shown());
    },
    get answer() {
      return has(node => locator.session(node)) ? answer : undefined;
    },
    get stop() {
      return has(node => locator.session(node)) ? stop : undefined;
    }
  };
}

async function verifyAt(
  locator: CellLocator,
  host: HTMLElement,
  progress: (line: string) => void
): Promise<void> {
  const place = locator.cell(host);
  if (place) {
    await verifyOutput(place, host, progress);
  }
}

function insertAt(
  locator: CellLocator,
  host: HTMLElement,
  run: Run,
  choice: Choice,
  runs = false
): number {
  const place = locator.cell(host);
  return place ? insertAndShow(place.panel, place.index, run, choice, runs) : 0;
}
