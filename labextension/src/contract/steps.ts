/** Steps: each code part with its results and images. Computed from a run, never stored. */

import type { Code, Image, Part, Result } from './parts';
import type { Run, State } from './run';

export const OK = 'OUTCOME_OK';
export const FAILED = 'OUTCOME_FAILED';
export const TIMED_OUT = 'OUTCOME_DEADLINE_EXCEEDED';
export const UNKNOWN = 'OUTCOME_UNSPECIFIED';
/** Ours: no server says it of code that its user stopped. */
export const STOPPED = 'OUTCOME_STOPPED';

export interface Step {
  kind: 'step';
  /** The place of the code among the run's parts. */
  index: number;
  /** 1 for the first attempt of a run. */
  attempt: number;
  part: Code;
  results: Result[];
  /** The places of those results among the run's parts. */
  resultsAt: number[];
  images: Image[];
  /** The place of the last result, or null without one. */
  end: number | null;
  /** The place of the last part that belongs to the step. */
  until: number;
}

/** A step, or a part that belongs to no step. */
export type Block = Step | { kind: 'part'; index: number; until: number; part: Part };

/**
 * Return the blocks of a run in their order.
 *
 * A result belongs to the code with its id, else to the last code before it; an image to the last code.
 */
export function blocks(run: Run): Block[] {
  const found: Block[] = [];
  const byId = new Map<string, Step>();
  let last: Step | undefined;
  let attempt = 0;
  run.parts.forEach((part, index) => {
    if (part.kind === 'code') {
      last = stepOf(part, index, run.attempts?.[attempt] ?? attempt + 1);
      attempt += 1;
      found.push(last);
      if (part.id) {
        byId.set(part.id, last);
      }
    } else if (part.kind === 'result' && last) {
      const step = byId.get(part.id) ?? last;
      step.results.push(part);
      step.resultsAt.push(index);
      step.end = step.until = index;
    } else if (part.kind === 'image' && last) {
      last.images.push(part);
      last.until = index;
    } else {
      found.push({ kind: 'part', index, until: index, part });
    }
  });
  return found;
}

function stepOf(part: Code, index: number, attempt: number): Step {
  return {
    kind: 'step',
    index,
    attempt,
    part,
    results: [],
    resultsAt: [],
    images: [],
    end: null,
    until: index
  };
}

/** Return the steps of a run, in order. */
export function steps(run: Run): Step[] {
  return blocks(run).filter(block => block.kind === 'step');
}

/** Return the wire's word for how a step ended, that of its last result; null without a result. */
export function outcome(step: Step): string | null {
  const last = step.results.at(-1);
  return last ? last.outcome || UNKNOWN : null;
}

/** Return everything the code of a step printed, errors included, in the order it came. */
export function output(step: Step): string {
  return step.results.map(result => result.output).join('');
}

/** Return whether a step ended badly; one whose end is unknown may have gone well. */
export function isFailed(step: Step): boolean {
  return [FAILED, STOPPED, TIMED_OUT].includes(outcome(step) ?? '');
}

/** Return the state of a run, or `last-failed` if it is done although its last step failed. */
export function displayState(run: Run): State | 'last-failed' {
  const last = run.state === 'done' && steps(run).at(-1);
  return last && isFailed(last) ? 'last-failed' : run.state;
}
