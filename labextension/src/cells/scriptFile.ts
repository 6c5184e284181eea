/** A run as Python that runs: https://jupytext.readthedocs.io/en/latest/formats-scripts.html#the-percent-format */

import type { Run } from '../contract/run';
import { sanitize } from '../text/sanitize';
import { cellsOf, KEY, STAGING } from './plan';

const BASH = '%%bash\n';
// As in `gemini_magic/runs/exports/script.py`.
const VARIABLES =
  '# These files were variables of a notebook. If they are not in this folder, stage them there:';

/** Return what the answer needs as a script of cells, under the prompt. */
export function scriptOf(run: Run): string {
  const cells = cellsOf(run, 'needed', '').map(({ source, metadata }) => {
    if (metadata[KEY].part === STAGING && source.includes('data={')) {
      return `# %%\n${VARIABLES}\n${commented(source)}`;
    }
    // To Python a cell magic is no code.
    return source.startsWith(BASH)
      ? `# %% language="bash"\n${commented(source.slice(BASH.length))}`
      : `# %%\n${source}`;
  });
  return (
    [`# %% [markdown]\n${commented(sanitize(run.prompt).trim())}`, ...cells].join('\n\n') + '\n'
  );
}

function commented(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(line => `# ${line}`.trimEnd())
    .join('\n');
}
