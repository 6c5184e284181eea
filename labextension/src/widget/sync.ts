/** The run of a widget, put together from its traits. */

import { merged, readPart } from '../contract/parts';
import { readRun, type Run } from '../contract/run';

/** A run as far as it has come, the number of the last delta in it, and its display. */
export interface SyncedRun {
  seq: number;
  run: Run;
  display: string;
}

/**
 * Return the run of the trait `run`, a whole document with its `seq`, or null if it is none.
 *
 * Pictures are sent once: one without data takes it from `known`.
 */
export function readSnapshot(snapshot: unknown, known: SyncedRun | null): SyncedRun | null {
  const run = readRun(snapshot);
  if (!run) {
    return null;
  }
  const parts = run.parts.map((part, at) => {
    const before = known?.run.parts[at];
    const isBare = (part.kind === 'image' || part.kind === 'file') && !part.data;
    return isBare && before?.kind === part.kind ? before : part;
  });
  // Those of the prompt never change.
  const sent = run.sent?.map((each, at) => (each.data ? each : (known?.run.sent?.[at] ?? each)));
  const { display } = snapshot as { display?: unknown };
  return {
    seq: seqOf(snapshot),
    run: { ...run, parts, ...(sent && { sent }) },
    display: typeof display === 'string' ? display : ''
  };
}

/**
 * Return `synced` with the delta of the trait `tail` added: `{seq, parts}`. A part that grew comes as what
 * is new of it. A delta that is not the next one changes nothing: a repeated one is known already, and
 * after a lost one the next `run` has everything.
 */
export function applyDelta(synced: SyncedRun, tail: unknown): SyncedRun {
  const delta = (tail as { parts?: unknown } | null)?.parts;
  if (seqOf(tail) !== synced.seq + 1 || !Array.isArray(delta)) {
    return synced;
  }
  const parts = [...synced.run.parts];
  for (const part of delta.map(readPart)) {
    const last = parts.at(-1);
    const grown = last && merged(last, part);
    if (grown) {
      parts[parts.length - 1] = grown;
    } else {
      parts.push(part);
    }
  }
  return { ...synced, seq: synced.seq + 1, run: { ...synced.run, parts } };
}

function seqOf(data: unknown): number {
  const seq = (data as { seq?: unknown } | null)?.seq;
  return typeof seq === 'number' ? seq : 0;
}
