/** Which codes of a run a choice inserts, and as what text: as `gemini_magic/answer/insertion/cells.py`. */

import type { Choice, Piece, Run } from '../contract/run';
import { isFailed, OK, outcome, steps, type Step } from '../contract/steps';

const SHELLS = ['bash', 'sh', 'shell'];

/** Return what to insert of a run for `choice`, in order. */
export function piecesOf(run: Run, choice: Choice): Piece[] {
  const all = steps(run);
  // A notebook of an earlier version does not say what its codes need.
  const lists =
    run.needed?.length === all.length ? run.needed : all.map((step): Piece[] => [[step.index]]);
  if (typeof choice === 'number') {
    return lists[all.findIndex(step => step.index === choice)] ?? [];
  }
  if (choice === 'last') {
    return lists.at(-1) ?? [];
  }
  const good = lists.filter((list, nth) => outcome(all[nth]!) === OK && list.length > 0);
  if (choice === 'needed' && good.length) {
    return good.at(-1)!;
  }
  return lists.flatMap((list, nth) => {
    const own = list.at(-1);
    return own ? [isFailed(all[nth]!) ? most(own[0], good) : own] : [];
  });
}

/** Return the numbers of the attempts that `choice` inserts. */
export function attemptsOf(run: Run, choice: Choice): number[] {
  const parts = new Set(piecesOf(run, choice).map(([part]) => part));
  return steps(run)
    .filter(step => parts.has(step.index))
    .map(step => step.attempt);
}

/** Return as much of a failed code as those that succeeded need of it. */
function most(part: number, lists: Piece[][]): Piece {
  const same = lists.flat().filter(piece => piece[0] === part);
  return same.reduce((one, other) => (isLess(one, other) ? other : one), [part, 0]);
}

function isLess([, lines = 0, rest = '']: Piece, [, others = 0, other = '']: Piece): boolean {
  return lines < others || (lines === others && rest.length < other.length);
}

/**
 * Return the source of the cell for a piece of `step`. With `headed`, whole code has its attempt's number
 * above it; with `keepsRest`, what is left out of a failed attempt stays, commented out.
 */
export function sourceOf(step: Step, piece: Piece, headed: boolean, keepsRest: boolean): string {
  const [, kept, rest = ''] = piece;
  const { attempt, part } = step;
  if (kept === undefined) {
    return whole(step, headed);
  }
  const lines = part.code.split(/\r\n|\r|\n/);
  const before = trimmed(lines.slice(0, kept).join('\n'));
  const left = trimmed(lines.slice(kept).join('\n'));
  const isBegun = before !== '' || rest !== '';
  const commented = left.split('\n').map(line => (line ? `# ${line}` : '#'));
  return [
    ...(isBegun ? [`# attempt ${attempt}, up to the statement that failed`] : []),
    ...(before ? [before] : []),
    ...(rest ? [rest] : []),
    isBegun ? `# attempt ${attempt} failed here` : `# attempt ${attempt} failed`,
    ...(keepsRest || !isBegun ? commented : [])
  ].join('\n');
}

function whole({ attempt, part }: Step, headed: boolean): string {
  const head = headed ? `# attempt ${attempt}\n` : '';
  const code = trimmed(part.code);
  return SHELLS.includes(part.language.toLowerCase()) ? `%%bash\n${head}${code}` : head + code;
}

/** Return a cell's source with a comment on each page that the answer recites, and its licence. */
export function withLicences(source: string, run: Run): string {
  if (source.startsWith('%%') && !source.startsWith('%%bash')) {
    return source; // What a comment is there, only the magic knows.
  }
  const plain = (text: string) => text.replace(/[^ -~]+/g, '_');
  const comments = run.parts.flatMap(part =>
    part.kind === 'source' && part.licence
      ? [`# recites ${plain(part.uri || part.title)} (licence: ${plain(part.licence)})`]
      : []
  );
  return [source, ...new Set(comments)].join('\n');
}

export function trimmed(code: string): string {
  return code.replace(/^\n+|\n+$/g, '');
}
