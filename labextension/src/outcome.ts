/** How an attempt ended, in words and as a class for its colour. */

import type { Context } from './context';
import { stepSeconds } from './facts';
import { FAILED, OK, TIMED_OUT, UNKNOWN, type Step } from './run';
import { failure, printable } from './text';

/** `null` while no result has come. */
type Outcome = string | null;

const CLASSES: Record<string, string> = { [OK]: 'ok', [FAILED]: 'failed', [TIMED_OUT]: 'late' };

/** Return the word that the style sheet colours by. */
export function outcomeClass(context: Context, step: Step, ended: Outcome): string {
  return isRunning(context, step, ended) ? 'running' : (CLASSES[ended ?? UNKNOWN] ?? 'none');
}

/** Return how an attempt ended: `ok`, `failed · KeyError: 'July'`, `timed out after 30 s`. */
export function chipWords(context: Context, step: Step, ended: Outcome, output: string): string {
  const { words } = context.hooks;
  if (isRunning(context, step, ended)) {
    return words.__('running');
  }
  switch (ended ?? UNKNOWN) {
    case OK:
      return words.__('ok');
    case FAILED: {
      const why = failure(output);
      return why ? words.__('failed · %1', why) : words.__('failed');
    }
    case TIMED_OUT: {
      const seconds = stepSeconds(context.facts, step);
      return seconds && seconds >= 1
        ? words.__('timed out after %1 s', Math.round(seconds))
        : words.__('timed out');
    }
    case UNKNOWN:
      return words.__('no result');
    default:
      return printable(ended ?? '').slice(0, 40);
  }
}

/** Only the last code of a live run can still be running. */
function isRunning(context: Context, step: Step, ended: Outcome): boolean {
  return ended === null && context.live && context.lastCode === step.index;
}
