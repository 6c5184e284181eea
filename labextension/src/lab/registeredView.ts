/** A view of a run as JupyterLab has it: where it is, and what it shows. */

import type { Run } from '../contract/run';
import type { SavedRun } from '../contract/saved';
import type { RunView } from '../view/runView';

export interface RegisteredView {
  host: HTMLElement;
  view: RunView;
  run: Run | null;
  /** The name of the display that the run is shown in, '' for none. */
  display: string;
  /** True until the saved run comes. */
  live: boolean;
  /** True if it is known that nothing more will come of a run that is unfinished. */
  ended: boolean;
  /** The output area that a live view is in. */
  area: Element | null;
  /** The boxes in it that were scrolled at any time. */
  scrolled: Set<Element>;
  /** Returns what the notebook saves of the run, null where it is in none. */
  saved: () => SavedRun | null;
  /** Restores the user's interaction, which moving the view interrupts. */
  restore: (() => void) | null;
  /** Draws it again, as it was drawn last. */
  redraw: () => void;
}

/** Return whether this is what a notebook holds of a run of which more may come. */
export function isUnfinished({ run, live, ended }: RegisteredView): boolean {
  return run?.state === 'running' && !live && !ended;
}

export function rootOf(host: HTMLElement): HTMLElement {
  return host.querySelector<HTMLElement>(':scope > .gm-run')!;
}
