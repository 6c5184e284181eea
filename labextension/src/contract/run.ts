/** The contract `application/vnd.gemini-magic.run+json`: a run, and its reader. */

import { isFields, readText, readWord } from './fields';
import { readPart, type Part } from './parts';
import { isStaging } from './staging';

export const MIME = 'application/vnd.gemini-magic.run+json';
export const VERSION = 1;

export const STATES = ['running', 'done', 'stopped', 'failed', 'blocked'] as const;
export type State = (typeof STATES)[number];

export const INSERTS = ['none', 'last', 'all'] as const;
export type Insert = (typeof INSERTS)[number];

/** Which code is to become cells. A number is the place of one code part. */
export type Choice = 'last' | 'all' | 'prose' | number;

export interface Run {
  version: number;
  engine: string;
  model: string;
  prompt: string;
  state: State;
  /** Which code is to become cells; empty if neither a flag nor a setting says so. */
  insert: Insert | '';
  parts: Part[];
  error: string | null;
  /** Python that makes the run's files exist for its cells. */
  staging?: string;
}

/**
 * Return `data` as a run, or null if it is not a run that this version can show.
 *
 * A notebook can come from anywhere, so every field is checked. A part of an unknown kind becomes a
 * note, so that the other parts keep their places.
 */
export function readRun(data: unknown): Run | null {
  if (!isFields(data) || data.version !== VERSION || !Array.isArray(data.parts)) {
    return null;
  }
  return {
    version: VERSION,
    engine: readText(data.engine),
    model: readText(data.model),
    prompt: readText(data.prompt),
    state: readWord(STATES, data.state) ?? 'failed',
    insert: readWord(INSERTS, data.insert) ?? '',
    parts: data.parts.map(readPart),
    error: typeof data.error === 'string' ? data.error : null,
    ...(typeof data.staging === 'string' && isStaging(data.staging)
      ? { staging: data.staging }
      : {})
  };
}
