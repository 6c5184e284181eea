/** The documents that pytest and vitest share. */

import { readRun, type Run } from '../src/contract/run';

const FOLDER = '../../tests/data/runs/';
const FILES = import.meta.glob<unknown>('../../tests/data/runs/*.json', {
  eager: true,
  import: 'default'
});

/** Code for the files of runs: that can be ours, and that is other code. */
export const STAGING = Object.values(
  import.meta.glob<{ ours: string[]; others: string[] }>('../../tests/data/staging.json', {
    eager: true,
    import: 'default'
  })
)[0]!;

export const NAMES = Object.keys(FILES).map(path => path.slice(FOLDER.length, -'.json'.length));

export function document(name: string): unknown {
  return FILES[`${FOLDER}${name}.json`];
}

export function stored(name: string): Run {
  return readRun(document(name))!;
}
