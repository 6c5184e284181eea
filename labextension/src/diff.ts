/** What changed between the code of two attempts, by lines and by words. */

import { diffArrays, diffWordsWithSpace } from 'diff';

export type Sign = 'same' | 'added' | 'removed';

/** A stretch of a line, in characters from its beginning: [from, to). */
export type Range = readonly [number, number];

export interface Line {
  sign: Sign;
  text: string;
  /** The line's number in the earlier code, from 1; null when it is new. */
  before: number | null;
  /** The line's number in the later code, from 1; null when it is gone. */
  after: number | null;
  /** What changed within a line that was rewritten. */
  marks: Range[];
}

export interface Difference {
  lines: Line[];
  added: number;
  removed: number;
}

// Past this many edits two codes have too little in common for a diff to be read.
const MAX_EDITS = 4000;

/** Return how `after` came from `before`, line by line. */
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
  markRewritten(lines);
  return { lines, added, removed };
}

/** Mark the words that differ where removed lines stand right before as many added ones. */
function markRewritten(lines: Line[]): void {
  for (let at = 0; at < lines.length;) {
    const gone = spanOf(lines, at, 'removed');
    const come = spanOf(lines, at + gone, 'added');
    for (let i = 0; i < Math.min(gone, come); i++) {
      markPair(lines[at + i]!, lines[at + gone + i]!);
    }
    at += Math.max(gone + come, 1);
  }
}

function spanOf(lines: Line[], from: number, sign: Sign): number {
  let end = from;
  while (lines[end]?.sign === sign) {
    end += 1;
  }
  return end - from;
}

function markPair(removed: Line, added: Line): void {
  const words = diffWordsWithSpace(removed.text, added.text);
  const shared = words.filter(w => !w.added && !w.removed && w.value.trim());
  const common = shared.reduce((sum, word) => sum + word.value.trim().length, 0);
  // Two lines that share less than this are not one line rewritten, and marks would be noise.
  if (common * 3 < Math.max(removed.text.trim().length, added.text.trim().length)) {
    return;
  }
  let [r, a] = [0, 0];
  for (const word of words) {
    if (word.removed) {
      removed.marks.push([r, (r += word.value.length)]);
    } else if (word.added) {
      added.marks.push([a, (a += word.value.length)]);
    } else {
      r += word.value.length;
      a += word.value.length;
    }
  }
}

/** A hunk of lines to be shown, or the number of unchanged ones that are folded away. */
export type Hunk = { lines: Line[]; folded: boolean };

/** Return the lines in turns of shown and folded: `context` unchanged lines stay by a change. */
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
  // Hiding a single line saves nothing: the line that says so is as tall.
  return found.map(hunk => (hunk.lines.length === 1 ? { ...hunk, folded: false } : hunk));
}
