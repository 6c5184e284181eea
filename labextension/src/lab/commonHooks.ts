/** What all views in JupyterLab can do, and what those can that are in a cell's output. */

import { Clipboard } from '@jupyterlab/apputils';
import type { Choice, Run } from '../contract/run';
import type { Hooks, Options } from '../view/context';
import type { CellLocator } from './cellLocator';
import { insertAndShow } from './insertion';

/** What all views share. */
export interface Shared extends Pick<Hooks, 'trans' | 'typeset'> {
  /** Returns the options that hold now: they may change while a view is shown. */
  options(): Options;
}

/** Return the hooks of any view. */
export function commonHooks({ trans, typeset, options }: Shared): Hooks {
  return {
    trans,
    get options() {
      return options();
    },
    copy: text => {
      Clipboard.copyToSystem(text);
      return true;
    },
    ...(typeset && { typeset })
  };
}

/** Return what a view may do that is in a cell's output. */
export function cellHooks(
  locator: CellLocator,
  host: () => HTMLElement
): Pick<Hooks, 'insert' | 'insertAndRun' | 'stop'> {
  const insert = (runs: boolean) => (run: Run, choice: Choice) => {
    const place = locator.cell(host());
    return place ? insertAndShow(place.panel, place.index, run, choice, runs) : 0;
  };
  const [add, addAndRun] = [insert(false), insert(true)];
  const stop = () => void locator.session(host())?.session?.kernel?.interrupt();
  return {
    get insert() {
      return mayHave(host(), node => locator.hasCell(node)) ? add : undefined;
    },
    get insertAndRun() {
      return locator.hasKernel(host()) ? addAndRun : undefined;
    },
    get stop() {
      return mayHave(host(), node => locator.session(node)) ? stop : undefined;
    }
  };
}

/** Return whether `found` finds what `node` needs; one that is not in its place yet will most often be in a notebook. */
export function mayHave(node: HTMLElement, found: (node: HTMLElement) => unknown): boolean {
  return !node.isConnected || Boolean(found(node));
}

/** Return the hooks of both. Those that are read whenever something is drawn stay so; a spread would read them once. */
export function joined<One extends object, Other extends object>(
  one: One,
  other: Other
): One & Other {
  return Object.defineProperties(one, Object.getOwnPropertyDescriptors(other)) as One & Other;
}
