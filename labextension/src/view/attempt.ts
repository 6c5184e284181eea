/** An attempt as it is drawn: a step, and what the rest of the run says of it. */

import type { Image } from '../contract/parts';
import type { Run } from '../contract/run';
import type { Sent } from '../contract/sent';
import { OK, outcome, type Step } from '../contract/steps';
import type { Verdict } from '../contract/verification';

/**
 * A step, what came of running it again, the step before it if that failed, whether a later one succeeded,
 * and the picture that it was made from.
 */
export interface Attempt {
  step: Step;
  verdict: Verdict | null;
  previousFailure: Step | null;
  succeededLater: boolean;
  taken: Image | Sent | null;
  /** Whether there are so many that only the last one is to be open. */
  isOneOfMany: boolean;
}

/** All attempts of a run, and the pictures that were taken, by the place of their code. */
export interface Attempts {
  run: Run;
  steps: readonly Step[];
  taken: ReadonlyMap<number, Image | Sent>;
  /** The place of the last step that succeeded among the steps, or -1. */
  lastSuccess: number;
  isLong: boolean;
}

export function attemptOf(step: Step, all: Attempts): Attempt {
  const at = all.steps.indexOf(step);
  // Of attempts that are shown by themselves, the one before may be another.
  const before = all.steps[at - 1]?.attempt === step.attempt - 1 ? all.steps[at - 1]! : null;
  const failed = before && outcome(before) !== OK && outcome(before) !== null;
  return {
    step,
    verdict: all.run.verification?.verdicts.find(({ part }) => part === step.index) ?? null,
    previousFailure: failed ? before : null,
    succeededLater: at < all.lastSuccess,
    taken: all.taken.get(step.index) ?? null,
    isOneOfMany: all.isLong
  };
}
