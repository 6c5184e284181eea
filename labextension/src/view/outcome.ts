/** How a step ended, in words and as a class for its colour. */

import { stepSeconds } from '../contract/stats';
import { FAILED, OK, STOPPED, TIMED_OUT, UNKNOWN, type Step } from '../contract/steps';
import { exceptionLine } from '../text/lines';
import { sanitize } from '../text/sanitize';
import type { Context } from './context';

/** `null` while no result has come. */
type Outcome = string | null;

const CLASSES: Record<string, string> = {
  [OK]: 'ok',
  [FAILED]: 'failed',
  [STOPPED]: 'late',
  [TIMED_OUT]: 'late'
};

/** Return the word by which `outcome.css` colours a step. */
export function outcomeClass(context: Context, step: Step, ended: Outcome): string {
  return isRunning(context, step, ended) ? 'running' : (CLASSES[ended ?? UNKNOWN] ?? 'none');
}

/** Return how a step ended: `ok`, `failed · KeyError: 'July'`, `timed out after 30 s`. */
export function chipWords(context: Context, step: Step, ended: Outcome, output: string): string {
  const { trans } = context.hooks;
  if (isRunning(context, step, ended)) {
    return trans.__('running');
  }
  if (ended === null && context.run.presented) {
    return trans.__('not shown yet');
  }
  switch (ended ?? UNKNOWN) {
    case OK:
      return trans.__('ok');
    case FAILED: {
      const why = exceptionLine(output);
      return why ? trans.__('failed · %1', why) : trans.__('failed');
    }
    case TIMED_OUT: {
      const seconds = stepSeconds(context.stats, step);
      return seconds && seconds >= 1
        ? trans.__('timed out after %1 s', Math.round(seconds))
        : trans.__('timed out');
    }
    case STOPPED:
      return trans.__('stopped');
    case UNKNOWN:
      return trans.__('no result');
    default:
      return sanitize(ended ?? '').slice(0, 40);
  }
}

/** Only the last code of a live run can still be running. */
function isRunning(context: Context, step: Step, ended: Outcome): boolean {
  return ended === null && context.live && context.lastCode === step.index;
}
