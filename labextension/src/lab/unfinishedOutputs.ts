/** The outputs of runs that have not ended: how they are found, and what takes their place. */

import type { ICodeCellModel } from '@jupyterlab/cells';
import type { IOutputModel } from '@jupyterlab/rendermime';
import type { Fields } from '../contract/fields';
import { MIME, readRun, type Run } from '../contract/run';
import { readStats } from '../contract/stats';
import { blocks, output } from '../contract/steps';

const WIDGET = 'application/vnd.jupyter.widget-view+json';

export type Outputs = ICodeCellModel['outputs'];
export type Output = ReturnType<Outputs['toJSON']>[number];
/** An output of a run that has not ended, and its display. */
export interface Unfinished {
  outputs: Outputs;
  at: number;
  display: string;
  /** False once it is known that nothing more will come. */
  awaited: boolean;
}

/** Return those among `outputs`. */
export function unfinishedIn(outputs: Outputs): Unfinished[] {
  const found: Unfinished[] = [];
  for (let at = 0; at < outputs.length; at++) {
    const display = displayOf(outputs.get(at));
    const { [MIME]: run } = display ? dataOf(outputs, at) : {};
    if (run?.state === 'running') {
      const { [MIME]: stats } = outputs.get(at).metadata as Record<string, Fields>;
      found.push({ outputs, at, display, awaited: stats?.ended !== true });
    }
  }
  return found;
}

/** Return the name of the display that a run was shown in, '' for any other output. */
export function displayOf({ metadata }: IOutputModel): string {
  return readStats(metadata[MIME]).display;
}

/** Put the run that has ended, as the kernel sent it, in the place of the unfinished one. */
export function finish({ outputs, at }: Pick<Unfinished, 'outputs' | 'at'>, sent: Output): void {
  outputs.set(at, { ...sent, output_type: 'display_data' } as Output);
}

/**
 * Replace the widget of a run, which no saved notebook can show, by what has come of the run, and a line
 * that says what happened. `latest` is what the page has seen, null for nothing; `ended` says that
 * nothing more will come.
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
  // Without a widget, the last part is the line that was put there before.
  const parts = latest || data[WIDGET] ? run.parts : run.parts.slice(0, -1);
  const note = { kind: 'note' as const, text: line };
  const kept: Run = { ...run, parts: [...parts, note] };
  outputs.set(at, {
    output_type: 'display_data',
    data: { [MIME]: kept, 'text/plain': plain(kept) },
    metadata: { [MIME]: ended ? { display, ended } : { display } }
  } as unknown as Output);
}

/**
 * Put a run that ended and has changed since in the place of what it was: JupyterLab does so only in a
 * page in which it was asked for.
 */
export function replaceOlder(outputs: Outputs, display: string, sent: Output): void {
  const now = readRun((sent.data as Record<string, unknown>)[MIME]);
  for (let at = 0; at < outputs.length; at++) {
    const before = displayOf(outputs.get(at)) === display && readRun(dataOf(outputs, at)[MIME]);
    if (before && now && before.parts.length < now.parts.length && before.state !== 'running') {
      finish({ outputs, at }, sent);
    }
  }
}

/** Return what is stored beside the runs of `display`. */
export function metadataIn(outputs: Outputs, display: string): Fields[] {
  const all = Array.from({ length: outputs.length }, (_, at) => outputs.get(at));
  return all
    .filter(output => displayOf(output) === display)
    .map(({ metadata }) => metadata[MIME] as Fields);
}

/** Leave of several outputs of one display, which as many windows wrote, the first. */
export function dropRepeated(outputs: Outputs): void {
  const names = new Set<string>();
  for (let at = 0; at < outputs.length; at++) {
    const name = displayOf(outputs.get(at));
    if (name && names.has(name)) {
      outputs.remove(at--);
    }
    names.add(name);
  }
}

/** Return the run as text, for viewers that do not know our MIME type. */
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
