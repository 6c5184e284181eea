/** What changed between two texts of code, by lines and by words. */

import { diffArrays } from 'diff';

export type Sign = 'same' | 'added' | 'removed';

/** A range of a line, in characters from its beginning: [from, to). */
export type Range = readonly [number, number];

export interface Line {
  sign: Sign;
  text: string;
  /** The line's number in the earlier code, from 1; null if it is new. */
  before: number | null;
  /** The line's number in the later code, from 1; null if it is gone. */
  after: number | null;
  /** What changed within a line that was rewritten. */
  marks: Range[];
}

export interface Difference {
  lines: Line[];
  added: number;
  removed: number;
}

// With more edits than this, two codes have too little in common for a readable diff.
const MAX_EDITS = 4000;

/** Return how `after` came from `before`, line by line, without marks. */
export function difference(before: string, after: string): Difference {
  const old = before.split('\n');
  const young = after.split('\n');
  const changes = diffArrays(old, young, { maxEditLength: MAX_EDITS }) ?? [
    { removed: true, added: false, value: old },
    { removed: false, added: true, value: young }
  ];
  const lines: Line[] = [];
  let [b, a, added, removed] = [0, 0, 0, 0];
  for (const change of changes) {
    for (const text of change.value) {
      const sign = change.added ? 'added' : change.removed ? 'removed' : 'same';
      lines.push({
        sign,
        text,
        before: sign === 'added' ? null : ++b,
        after: sign === 'removed' ? null : ++a,
        marks: []
      });
      added += Number(sign === 'added');
      removed += Number(sign === 'removed');
    }
  }
  return { lines, added, removed };
}

// More lines than this in one place are a new passage, not rewritten lines.
const MAX_REWRITTEN = 12;

/**
 * Mark the words that differ between removed lines and the added lines that replace them.
 *
 * Not part of `difference`, as it costs more and only shown lines need it.
 */
export function markRewritten(lines: Line[]): void {
  for (let at = 0; at < lines.length;) {
    const gone = runOf(lines, at, 'removed');
    const come = runOf(lines, at + gone.length, 'added');
    if (Math.max(gone.length, come.length) <= MAX_REWRITTEN) {
      markAlike(gone, come);
    }
    at += Math.max(gone.length + come.length, 1);
  }
}

function runOf(lines: Line[], from: number, sign: Sign): Line[] {
  const end = lines.findIndex((line, at) => at >= from && line.sign !== sign);
  return lines.slice(from, end < 0 ? undefined : end);
}

interface Word {
  value: string;
  added: boolean;
  removed: boolean;
}

/** Return both texts as one list of words: shared, removed and added ones. */
function diffWords(removed: string, added: string): Word[] {
  const words = (text: string) => text.match(/\s+|[\p{L}\p{N}_]+|[^]/gu) ?? [];
  return diffArrays(words(removed), words(added)).map(change => ({
    ...change,
    value: change.value.join('')
  }));
}

/** Mark each removed line against the added line that is most like it, in order. */
function markAlike(gone: Line[], come: Line[]): void {
  let next = 0;
  for (const removed of gone) {
    let best: { at: number; words: Word[]; share: number } | null = null;
    for (let at = next; at < come.length; at++) {
      const words = diffWords(removed.text, come[at]!.text);
      const share = shareOf(words, removed.text, come[at]!.text);
      if (share > (best?.share ?? MIN_SHARE)) {
        best = { at, words, share };
      }
    }
    if (best) {
      mark(best.words, removed, come[best.at]!);
      next = best.at + 1;
    }
  }
}

// Two lines that share less are two lines, and marks would be noise.
const MIN_SHARE = 0.3;

/** Return how much of the longer text both have in common, from 0 to 1. */
function shareOf(words: Word[], removed: string, added: string): number {
  const common = words
    .filter(word => !word.added && !word.removed)
    .reduce((sum, word) => sum + word.value.trim().length, 0);
  return common / Math.max(removed.trim().length, added.trim().length, 1);
}

function mark(words: Word[], removed: Line, added: Line): void {
  let [r, a] = [0, 0];
  for (const { value, ...word } of words) {
    if (word.removed) {
      removed.marks.push([r, (r += value.length)]);
    } else if (word.added) {
      added.marks.push([a, (a += value.length)]);
    } else {
      r += value.length;
      a += value.length;
    }
  }
}

/** Neighbouring lines, shown or folded away. */
export type Hunk = { lines: Line[]; folded: boolean };

/** Return hunks that are shown and folded in turn; `context` unchanged lines are shown near a change. */
export function hunks(lines: Line[], context = 3): Hunk[] {
  const near = lines.map(() => false);
  lines.forEach((line, at) => {
    if (line.sign !== 'same') {
      near.fill(true, Math.max(0, at - context), at + context + 1);
    }
  });
  const found: Hunk[] = [];
  lines.forEach((line, at) => {
    const folded = !near[at];
    const last = found.at(-1);
    if (last && last.folded === folded) {
      last.lines.push(line);
    } else {
      found.push({ lines: [line], folded });
    }
  });
  // Hiding a single line saves nothing: the line in its place is as tall.
  return found.map(hunk => (hunk.lines.length === 1 ? { ...hunk, folded: false } : hunk));
}
