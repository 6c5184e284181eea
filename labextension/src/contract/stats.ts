/** What differs between two answers to one prompt: seconds and tokens, from the output's metadata. */

import { isFields, isNumber, readText, readWord, type Fields } from './fields';
import type { Step } from './steps';

export interface Usage {
  prompt: number;
  candidates: number;
  thoughts: number;
  toolUse: number;
  cached: number;
  total: number;
}

export interface Stats {
  /** From the request to the end, or until now. */
  seconds: number | null;
  /** For each part, the seconds from the start until it was complete. */
  times: number[];
  /** The seconds that each function ran, by the place of its part. */
  calls: Record<string, number>;
  usage: Usage | null;
  /** The name of the display that the run was shown in, '' without one. */
  display: string;
  /** When the answer was recorded that was played, in milliseconds since 1970; null if it was asked for. */
  recorded: number | null;
  /** How the run is to be presented when it is drawn the first time, '' as most are not. */
  step: (typeof STEPS)[number] | '';
  /** Set for a run that is unfinished if nothing more will come of it. */
  ended?: boolean;
}

const STEPS = ['attempts', 'ask'] as const;

export const NO_STATS: Stats = {
  seconds: null,
  times: [],
  calls: {},
  usage: null,
  display: '',
  recorded: null,
  step: ''
};

/** Return the stats in `data`, which may be anything; what cannot be read is left out. */
export function readStats(data: unknown): Stats {
  if (!isFields(data)) {
    return NO_STATS;
  }
  const calls = Object.entries(isFields(data.calls) ? data.calls : {}).filter(isMeasured);
  return {
    seconds: isNumber(data.seconds) ? data.seconds : null,
    times: Array.isArray(data.times) && data.times.every(isNumber) ? data.times : [],
    calls: Object.fromEntries(calls),
    usage: isFields(data.usage) ? readUsage(data.usage) : null,
    display: readText(data.display),
    recorded: readMoment(data.recorded),
    step: readWord(STEPS, data.step) ?? '',
    ...(data.ended === true && { ended: true })
  };
}

function readMoment(data: unknown): number | null {
  const moment = Date.parse(readText(data));
  return Number.isNaN(moment) ? null : moment;
}

function isMeasured(entry: [string, unknown]): entry is [string, number] {
  return isNumber(entry[1]);
}

function readUsage(data: Fields): Usage {
  const count = (name: string) => (isNumber(data[name]) ? data[name] : 0);
  return {
    prompt: count('prompt'),
    candidates: count('candidates'),
    thoughts: count('thoughts'),
    toolUse: count('tool_use_prompt'),
    cached: count('cached_content'),
    total: count('total')
  };
}

/** Return the seconds that the code of a step ran, or null if they were not measured. */
export function stepSeconds(stats: Stats, step: Step): number | null {
  const start = stats.times[step.index];
  const end = step.end === null ? undefined : stats.times[step.end];
  return start === undefined || end === undefined || end < start ? null : end - start;
}

/** Return the seconds that the function of the call at `index` ran, or null. */
export function callSeconds(stats: Stats, index: number): number | null {
  return stats.calls[index] ?? null;
}

/** Return the seconds between the part at `index` and the part before it, or null. */
export function partSeconds(stats: Stats, index: number): number | null {
  const end = stats.times[index];
  return end === undefined ? null : end - (stats.times[index - 1] ?? 0);
}
