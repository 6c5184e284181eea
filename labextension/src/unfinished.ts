/** The outputs of runs that have not ended: how they are told from others, and what becomes of them. */

import type { ICodeCellModel } from '@jupyterlab/cells';
import type { IOutputModel } from '@jupyterlab/rendermime';
import { readFacts } from './facts';
import { blocks, MIME, output, readRun, type Run } from './run';

const WIDGET = 'application/vnd.jupyter.widget-view+json';

export type Outputs = ICodeCellModel['outputs'];
export type Output = ReturnType<Outputs['toJSON']>[number];
type Fields = Record<string, unknown>;

/** An output of a run that has not ended, and its display. */
export interface Unfinished {
  outputs: Outputs;
  at: number;
  display: string;
  /** False where it was seen that nothing more will come. */
  awaited: boolean;
}

/** Return those among `outputs`. */
export function unfinishedIn(outputs: Outputs): Unfinished[] {
  const found: Unfinished[] = [];
  for (let at = 0; at < outputs.length; at++) {
    const display = displayOf(outputs.get(at));
    const { [MIME]: run } = display ? dataOf(outputs, at) : {};
    if (run?.state === 'running') {
      const { [MIME]: facts } = outputs.get(at).metadata as Record<string, Fields>;
      found.push({ outputs, at, display, awaited: facts?.ended !== true });
    }
  }
  return found;
}

/** Return the name under which a run was shown, '' for what is no such output. */
export function displayOf({ metadata }: IOutputModel): string {
  return readFacts(metadata[MIME]).display;
}

/** Put the run that has ended, as the kernel sent it, where it was awaited. */
export function finish({ outputs, at }: Unfinished, sent: Output): void {
  outputs.set(at, { ...sent, output_type: 'display_data' } as Output);
}

/**
 * Put what has come of a run in place of its widget, which no saved notebook can show, and a line
 * below that says what became of it. `latest` is what the page has seen, null for nothing;
 * `ended` that nothing more will come.
 */
export function keep(
  { outputs, at, display }: Unfinished,
  latest: Run | null,
  line: string,
  ended: boolean
): void {
  const data = dataOf(outputs, at);
  const begun = readRun(data[MIME]);
  const run = latest ?? begun;
  if (!run) {
    return;
  }
  // Where there is no widget any more, the last part is the line that was put there before.
  const parts = latest || data[WIDGET] ? run.parts : run.parts.slice(0, -1);
  const note = { kind: 'note' as const, text: line };
  const kept: Run = { ...run, parts: [...parts, note] };
  outputs.set(at, {
    output_type: 'display_data',
    data: { [MIME]: kept, 'text/plain': plain(kept) },
    metadata: { [MIME]: ended ? { display, ended } : { display } }
  } as unknown as Output);
}

/** Return the run as a viewer shows it that does not know our MIME type. */
function plain(run: Run): string {
  return blocks(run)
    .flatMap(block =>
      block.kind === 'step'
        ? [block.part.code, output(block)]
        : 'text' in block.part
          ? [block.part.text]
          : []
    )
    .filter(text => text.trim())
    .join('\n\n');
}

function dataOf(outputs: Outputs, at: number): Record<string, Fields | undefined> {
  return outputs.get(at).data as Record<string, Fields | undefined>;
}
