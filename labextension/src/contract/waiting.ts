/** What the user is asked while the kernel waits, by the trait `waiting`. */

import { isFields, readText } from './fields';

export interface Waiting {
  question: string;
  /** Tells one question from another where buttons answer it; empty where the answer is typed. */
  key: string;
}

export const DECISIONS = ['yes', 'all', 'no'] as const;
export type Decision = (typeof DECISIONS)[number];

/** Return `data` as what is asked, or null if nothing is; older kernels say nothing. */
export function readWaiting(data: unknown): Waiting | null {
  const { question, key } = isFields(data) ? data : {};
  return typeof question === 'string' && question ? { question, key: readText(key) } : null;
}
