/** How far something has come that takes long and happens before the answer: an upload. */

import { isFields, isNumber } from './fields';

export interface Progress {
  text: string;
  /** In bytes, as is `total`. */
  done: number;
  total: number;
}

/** Return `data` as a progress, or null if it is none; older kernels send none. */
export function readProgress(data: unknown): Progress | null {
  const { text, done, total } = isFields(data) ? data : {};
  return typeof text === 'string' && isCount(done) && isCount(total) ? { text, done, total } : null;
}

function isCount(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}
