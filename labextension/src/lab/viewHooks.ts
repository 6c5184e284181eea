/** What a view of a run in JupyterLab may do where it is. */

import type { KernelMessage } from '@jupyterlab/services';
import type { Decision, Waiting } from '../contract/waiting';
import type { Hooks } from '../view/context';
import type { CellLocator, CellPosition } from './cellLocator';
import { cellHooks, commonHooks, joined, mayHave, type Shared } from './commonHooks';
import { askAgain, editPrompt } from './prompt';
import type { RegisteredView } from './registeredView';
import { verifyOutput } from './verification';

interface Placed extends Shared {
  locator: CellLocator;
  /** Returns whether another window asked for the run, and more may come of it. */
  isElsewhere(shown: RegisteredView): boolean;
}

/** Return the hooks of a view. An action that is not possible where it is has no button. */
export function hooksOf(
  shown: () => RegisteredView,
  { locator, isElsewhere, ...shared }: Placed
): Hooks {
  const host = () => shown().host;
  const verify = (progress: (line: string) => void) => verifyAt(locator, host(), progress);
  const atCell = (act: (cell: CellPosition) => unknown) => () => {
    const cell = locator.cell(host());
    if (cell) {
      act(cell);
    }
  };
  const answer = (waiting: Waiting, word: Decision) => reply(locator, host(), waiting, word);
  const hasCell = () => mayHave(host(), node => locator.hasCell(node));
  const own: Partial<Hooks> = {
    get verify() {
      return locator.hasKernel(host()) ? verify : undefined;
    },
    // Without a kernel JupyterLab starts one, or asks which.
    get again() {
      return hasCell() ? atCell(askAgain) : undefined;
    },
    get edit() {
      return hasCell() ? atCell(editPrompt) : undefined;
    },
    saved: run => (run === shown().run ? shown().saved() : null),
    get elsewhere() {
      return isElsewhere(shown());
    },
    get answer() {
      return mayHave(host(), node => locator.session(node)) ? answer : undefined;
    }
  };
  return joined(joined(commonHooks(shared), cellHooks(locator, host)), own);
}

/** Tell the kernel what the user decided. */
function reply(locator: CellLocator, host: HTMLElement, { key }: Waiting, word: Decision): void {
  // It is no cell's, so that none keeps a line of it.
  locator
    .session(host)
    ?.session?.kernel?.sendInputReply(
      { status: 'ok', value: `${key}:${word}` },
      {} as KernelMessage.IHeader<'input_request'>
    );
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
