/** The run of a widget, put together from its traits. */

import { isPending, readPart, readRun, type Part, type Run } from './run';

/** A run as far as it is known, the number of the piece that was added last, and its display. */
export interface Live {
  seq: number;
  run: Run;
  display: string;
}

/**
 * Return the run of the trait `run`, a whole document with its `seq`, or null when it is none.
 *
 * Pictures are sent once: one without data takes it from `known`.
 */
export function adopt(snapshot: unknown, known: Live | null): Live | null {
  const run = readRun(snapshot);
  if (!run) {
    return null;
  }
  const parts = run.parts.map((part, at) => {
    const before = known?.run.parts[at];
    return part.kind === 'image' && !part.data && before?.kind === 'image' ? before : part;
  });
  const { display } = snapshot as { display?: unknown };
  return {
    seq: seqOf(snapshot),
    run: { ...run, parts },
    display: typeof display === 'string' ? display : ''
  };
}

/**
 * Return `live` with the pieces of the trait `tail` added: `{seq, parts}`.
 *
 * A piece of text, thought or data lengthens the part before it when that is of the same kind, and a
 * call replaces the one before it that has not ended, as in `Run.add`. A tail that is not the next
 * one changes nothing: a repeated one is known already, and after a lost one the next `run` mends all.
 */
export function extend(live: Live, tail: unknown): Live {
  const pieces = (tail as { parts?: unknown } | null)?.parts;
  if (seqOf(tail) !== live.seq + 1 || !Array.isArray(pieces)) {
    return live;
  }
  const parts = [...live.run.parts];
  for (const piece of pieces.map(readPart)) {
    const last = parts.at(-1);
    const grown = last && grow(last, piece);
    if (grown) {
      parts[parts.length - 1] = grown;
    } else {
      parts.push(piece);
    }
  }
  return { ...live, seq: live.seq + 1, run: { ...live.run, parts } };
}

function grow(last: Part, piece: Part): Part | null {
  switch (piece.kind) {
    case 'call':
      return last.kind === 'call' && isPending(last) ? piece : null;
    case 'text':
    case 'thought':
    case 'data':
      return last.kind === piece.kind ? { ...last, text: last.text + piece.text } : null;
    default:
      return null;
  }
}

function seqOf(data: unknown): number {
  const seq = (data as { seq?: unknown } | null)?.seq;
  return typeof seq === 'number' ? seq : 0;
}
