/** Runs are run again by the kernel, which is asked over a comm: `gemini_magic/views/verification.py`. */

import type { Fields } from '../contract/fields';
import { MIME } from '../contract/run';
import type { CellPosition } from './cellLocator';
import { askKernel, type Answerer } from './kernelQuestion';
import { savedOutput } from './savedOutput';
import type { Output } from './unfinishedOutputs';

const VERIFIES: Answerer = {
  target: 'gemini_magic.verify',
  listen: "__import__('gemini_magic.views.verification', fromlist=['listen']).listen()",
  lacking: 'this kernel has no gemini_magic that can verify: pip install gemini-magic'
};
/** Characters of a document: a server closes the line on more. */
const LARGEST = 8_000_000;
/** What a run is saved as. */
const SAVED = [MIME, 'text/html', 'text/markdown', 'text/plain'];

/**
 * Let the kernel run the attempts of the run shown at `node` again, and put the verdicts into the saved
 * output, which then draws them. Rejects with a line that says why not.
 */
export async function verifyOutput(
  place: CellPosition,
  node: HTMLElement,
  progress: (line: string) => void
): Promise<void> {
  const { panel } = place;
  const saved = savedOutput(place, node);
  const kernel = panel.sessionContext.session?.kernel;
  const { [MIME]: run } = (saved?.output.data ?? {}) as Fields;
  if (!kernel || !saved || !run) {
    throw new Error('the run is not among the outputs of a cell with a kernel');
  }
  const shown = JSON.stringify(run);
  if (shown.length > LARGEST) {
    throw new Error('the run is too large to be sent: use %gemini verify');
  }
  const { [MIME]: metadata } = (saved.output.metadata ?? {}) as Fields;
  // What the cell answered before says nothing of this run, and may be large.
  const { earlier: _, ...stats } = (metadata ?? {}) as Fields;
  const { data: found } = (await askKernel(kernel, VERIFIES, { run, stats }, progress)) as {
    data: Fields;
  };
  const { outputs, at } = saved;
  const now = outputs.get(at)?.toJSON() as Output | undefined;
  const isThere = JSON.stringify((now?.data as Fields | undefined)?.[MIME]) === shown;
  if (!panel.isDisposed && isThere) {
    const data = SAVED.filter(type => type in found).map(type => [type, found[type]]);
    outputs.set(at, {
      ...now,
      data: { ...(now!.data as Fields), ...Object.fromEntries(data) }
    } as Output);
  }
}
