/** The runs in a notebook that is opened, which were saved before they ended: some may still go on. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Translations } from '../text/i18n';
import { awaitedIn, unfinishedOf } from './panelOutputs';
import { dropAllRepeated, isShared, LATE } from './sharing';
import { keep } from './unfinishedOutputs';
import type { ViewRegistry } from './viewRegistry';

// In milliseconds. An idle kernel answers sooner.
const SOON = 1500;

/** Keep what has come of the awaited runs with a line; `ended` says that nothing more will come. */
type KeepAll = (line: string, ended: boolean) => void;

/** Show these runs, and wait for those that may still end. */
export async function showLoadedRuns(
  panel: NotebookPanel,
  views: ViewRegistry,
  trans: Translations
): Promise<void> {
  const names = awaitedIn(panel);
  const keepAll: KeepAll = (line, ended) => {
    for (const unfinished of panel.isDisposed ? [] : unfinishedOf(panel)) {
      if (unfinished.awaited && names.includes(unfinished.display)) {
        keep(unfinished, null, line, ended);
      }
    }
  };
  if (names.length && isShared(panel)) {
    // Another window may be at it.
    names.forEach(name => views.follow(name, null));
    await waitForOthers(panel, keepAll, trans);
  } else if (names.length) {
    await waitForKernel(panel, keepAll, trans);
  }
}

async function waitForOthers(
  panel: NotebookPanel,
  keepAll: KeepAll,
  trans: Translations
): Promise<void> {
  await answered(panel);
  await new Promise(resolve => setTimeout(resolve, LATE));
  keepAll(trans.__('The window that this ran in was closed before it was done.'), true);
  setTimeout(() => dropAllRepeated(panel), LATE);
}

async function waitForKernel(
  panel: NotebookPanel,
  keepAll: KeepAll,
  trans: Translations
): Promise<void> {
  keepAll(trans.__('The notebook was saved while this went on.'), false);
  const over = answered(panel).then(() => true);
  const late = new Promise<boolean>(resolve => setTimeout(() => resolve(false), SOON));
  if (!(await Promise.race([over, late])) && panel.sessionContext.session?.kernel) {
    keepAll(
      trans.__(
        'The page was loaded while this went on. The run comes here when it ends; ' +
          '%gemini runs has it as long as the kernel lives.'
      ),
      false
    );
  }
  await over;
  keepAll(
    trans.__(
      'The notebook was saved while this went on, and how it ended has not come here; ' +
        '%gemini runs has it as long as the kernel lives.'
    ),
    true
  );
}

/**
 * Wait until the kernel of `panel` is idle, or there is no kernel. A page asks a kernel for its info when
 * it connects, and a kernel answers between two cells.
 */
async function answered({ sessionContext }: NotebookPanel): Promise<void> {
  await sessionContext.ready;
  await sessionContext.session?.kernel?.info.catch(() => undefined);
}
