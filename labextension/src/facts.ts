/** What differs between two answers to one prompt: seconds and tokens, from the output's metadata. */

import type { Step } from './run';

export interface Usage {
  prompt: number;
  candidates: number;
  thoughts: number;
  toolUse: number;
  cached: number;
  total: number;
}

export interface Facts {
  /** From the request to the end, or until now. */
  seconds: number | null;
  /** One entry a part: seconds from the start to when the part was complete. */
  times: number[];
  /** The seconds that each function ran, by the place of its part. */
  calls: Record<string, number>;
  usage: Usage | null;
  modelVersion: string;
  /** The name of the display that the run was shown in, '' for none. */
  display: string;
}

export const NO_FACTS: Facts = {
  seconds: null,
  times: [],
  calls: {},
  usage: null,
  modelVersion: '',
  display: ''
};

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const number = (value: unknown): number => (isNumber(value) ? value : 0);

/** Return the facts in `data`, which may be anything; what cannot be read is left out. */
export function readFacts(data: unknown): Facts {
  if (!isFields(data)) {
    return NO_FACTS;
  }
  const times = Array.isArray(data.times) && data.times.every(isNumber) ? data.times : [];
  const calls = Object.entries(isFields(data.calls) ? data.calls : {}).filter(isMeasured);
  const reply = isFields(data.reply) ? data.reply : {};
  return {
    seconds: isNumber(data.seconds) ? data.seconds : null,
    times,
    calls: Object.fromEntries(calls),
    usage: isFields(data.usage) ? readUsage(data.usage) : null,
    modelVersion: typeof reply.model_version === 'string' ? reply.model_version : '',
    display: typeof data.display === 'string' ? data.display : ''
  };
}

function isMeasured(entry: [string, unknown]): entry is [string, number] {
  return isNumber(entry[1]);
}

function readUsage(data: Fields): Usage {
  return {
    prompt: number(data.prompt),
    candidates: number(data.candidates),
    thoughts: number(data.thoughts),
    toolUse: number(data.tool_use_prompt),
    cached: number(data.cached_content),
    total: number(data.total)
  };
}

/** Return the seconds that the code of a step ran, or null where they were not measured. */
export function stepSeconds(facts: Facts, step: Step): number | null {
  const start = facts.times[step.index];
  const end = step.end === null ? undefined : facts.times[step.end];
  return start === undefined || end === undefined || end < start ? null : end - start;
}

/** Return the seconds that the function of the call at `index` ran, or null. */
export function callSeconds(facts: Facts, index: number): number | null {
  return facts.calls[index] ?? null;
}

/** Return the seconds between the part at `index` and the one before it, or null. */
export function partSeconds(facts: Facts, index: number): number | null {
  const end = facts.times[index];
  return end === undefined ? null : end - (facts.times[index - 1] ?? 0);
}
