/** How far something long has come that happens before the answer: an upload. */

import { printable } from './text';
import type { Words } from './words';

export interface Progress {
  text: string;
  /** In bytes, as is `total`. */
  done: number;
  total: number;
}

/** Return `data` as a progress, or null when there is none; older kernels send none. */
export function readProgress(data: unknown): Progress | null {
  const { text, done, total } = (data ?? {}) as Partial<Record<keyof Progress, unknown>>;
  return typeof text === 'string' && isCount(done) && isCount(total) ? { text, done, total } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

const UNITS = ['bytes', 'kB', 'MB', 'GB'];

/** Return what is done and how far it is: `uploading big.csv · 12.3 of 45.6 MB`. */
export function progressWords(words: Words, { text, done, total }: Progress): string {
  if (!total) {
    return printable(text);
  }
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(total, 1)) / 3));
  const count = (bytes: number) => (bytes / 1000 ** power).toFixed(power ? 1 : 0);
  const far = words.__('%1 of %2', count(done), `${count(total)} ${UNITS[power]}`);
  return `${printable(text)} · ${far}`;
}
