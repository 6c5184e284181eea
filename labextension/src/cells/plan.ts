/** Which cells a run becomes, and which cells of a notebook they replace: pure. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Choice, Run } from '../contract/run';
import { steps } from '../contract/steps';
import { piecesOf, sourceOf, trimmed, withLicences } from './pieces';

export const KEY = 'gemini_magic';
export const TAG = 'gemini-generated';
export const STAGING = -1;

/** The origin of a generated cell, kept in its metadata. */
export type Origin = {
  /** The id of the cell that was run. */
  source_cell: string;
  /** Which answer it was: the same for the same codes. */
  run: string;
  /** The place of the part among the run's parts; STAGING for the cell that makes its files exist. */
  part: number;
  /** Of the source as it was inserted: a cell with another hash has been edited by the user. */
  sha256: string;
};

/** A cell of the notebook format, as far as it is written here. */
export type NewCell = {
  cell_type: 'code' | 'markdown';
  source: string;
  metadata: { trusted: boolean; tags: string[]; gemini_magic: Origin };
};

/** A cell of the notebook, as far as it is read here. */
export interface OldCell {
  source: string;
  /** The cell's metadata under `gemini_magic`. */
  origin: unknown;
  /** False if the user has forbidden deleting the cell. */
  deletable?: unknown;
}

export interface Plan {
  /** The places of the cells to delete, from last to first. */
  remove: number[];
  /** The place of the first new cell once those are deleted. */
  at: number;
  cells: NewCell[];
}

export function hash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** Return the name of a run for its cells. */
export function runName(run: Run): string {
  const codes = steps(run).map(step => step.part.code);
  const staging = run.staging ? [run.staging] : [];
  return hash(JSON.stringify([run.prompt, ...staging, ...codes])).slice(0, 16);
}

/**
 * Return the cells that `choice` asks for. Only code becomes code; prose becomes Markdown. Before
 * the first code of a run with files comes what makes them exist.
 */
export function cellsOf(run: Run, choice: Choice, sourceCell: string): NewCell[] {
  const name = runName(run);
  const sources = sourcesOf(run, choice, false);
  const cells = run.parts.flatMap((part, index) => {
    const source = sources.get(index);
    if (source !== undefined) {
      return [cell('code', source, sourceCell, name, index)];
    }
    if (part.kind === 'text' && choice === 'prose' && part.text.trim()) {
      return [cell('markdown', part.text, sourceCell, name, index)];
    }
    return [];
  });
  const first = cells.findIndex(made => made.cell_type === 'code');
  return run.staging && first >= 0
    ? cells.toSpliced(first, 0, cell('code', run.staging, sourceCell, name, STAGING))
    : cells;
}

/** Return the sources of the code cells of `choice`, by the place of the code. */
function sourcesOf(run: Run, choice: Choice, headed: boolean): Map<number, string> {
  const all = new Map(steps(run).map(step => [step.index, step]));
  const keepsRest = choice === 'all' || choice === 'prose';
  return new Map(
    piecesOf(run, choice).map(piece => [
      piece[0],
      withLicences(sourceOf(all.get(piece[0])!, piece, headed, keepsRest), run)
    ])
  );
}

function cell(
  kind: NewCell['cell_type'],
  text: string,
  source_cell: string,
  run: string,
  part: number
): NewCell {
  const source = trimmed(text);
  const origin: Origin = { source_cell, run, part, sha256: hash(source) };
  return { cell_type: kind, source, metadata: { trusted: false, tags: [TAG], [KEY]: origin } };
}

/**
 * Return the text of the one cell that a kernel asks for while it knows of no extension: that of `joined`
 * in `gemini_magic/answer/insertion/cells.py`, but for magics, which are calls there.
 */
export function joined(run: Run, choice: Choice): string {
  const codes = [...sourcesOf(run, choice, true).values()];
  return (run.staging && codes.length ? [run.staging, ...codes] : codes).join('\n\n');
}

/**
 * Return the changes that put the cells of `choice` below the cell at `index`.
 *
 * Cells of an earlier insertion are replaced if the user did not edit them and may delete them, and for
 * each part only the first below: any other is a copy that the user made. The one cell that the kernel
 * asked for is replaced, too. A single code replaces only itself and the cells of an older run; what it
 * needs is inserted with it where it is not there yet.
 */
export function plan(
  notebook: OldCell[],
  index: number,
  sourceCell: string,
  run: Run,
  choice: Choice
): Plan {
  const name = runName(run);
  const remove: number[] = [];
  let at = index + 1;
  const asked = joined(run, choice);
  const present = new Set<number>();
  const seen = new Set<string>();
  notebook.forEach(({ source, origin, deletable }, place) => {
    const stays = deletable === false;
    if (place === index + 1 && !origin && asked && source === asked && !stays) {
      remove.unshift(place);
    }
    if (!isOrigin(origin) || origin.source_cell !== sourceCell || place < index) {
      return;
    }
    const part = `${origin.run} ${origin.part}`;
    const untouched = !seen.has(part) && !stays && hash(source) === origin.sha256;
    seen.add(part);
    const single = typeof choice === 'number' && origin.run === name;
    if (single && origin.part !== choice) {
      present.add(origin.part);
    }
    if (untouched && !(single && origin.part !== choice)) {
      remove.unshift(place);
    } else if (single && origin.part < choice) {
      at = place + 1;
    }
  });
  at -= remove.filter(place => place < at).length;
  const cells = cellsOf(run, choice, sourceCell);
  return {
    remove,
    at,
    cells: cells.filter(made => !present.has(made.metadata[KEY].part))
  };
}

function isOrigin(value: unknown): value is Origin {
  const origin = value as Partial<Origin> | null | undefined;
  return typeof origin?.source_cell === 'string' && typeof origin.sha256 === 'string';
}
