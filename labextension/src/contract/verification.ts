/** What came of running the attempts of a run again: the form of `gemini_magic/runs/verify/verdicts.py`. */

import { isFields } from './fields';

/** What became of one attempt; `here` is what it printed here, where that differs. */
export interface Verdict {
  /** The place of its code among the run's parts. */
  part: number;
  kind: string;
  why?: string;
  here?: string;
}

export interface Verification {
  verdicts: Verdict[];
  /** Where the attempts were run again. */
  sandbox: string;
}

/** Return `data` as a verification, or undefined if it is none. */
export function readVerification(data: unknown): Verification | undefined {
  const fits =
    isFields(data) &&
    typeof data.sandbox === 'string' &&
    Array.isArray(data.verdicts) &&
    data.verdicts.every(isVerdict);
  return fits ? (data as unknown as Verification) : undefined;
}

function isVerdict(data: unknown): boolean {
  return (
    isFields(data) &&
    Number.isSafeInteger(data.part) &&
    typeof data.kind === 'string' &&
    data.kind !== '' &&
    [data.why ?? '', data.here ?? ''].every(text => typeof text === 'string')
  );
}
