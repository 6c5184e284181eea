/** What is said of claims, in the words of `gemini_magic/answer/claims/wording.py`. */

import { assertNever } from '../contract/assertNever';
import { ALONG, PROMPT, type Claim, type ClaimKind } from '../contract/claims';
import type { Call, Part } from '../contract/parts';
import type { Run } from '../contract/run';
import { formatCount } from '../dom/element';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';

// Of numbers that are named in the one line, and of the line that is quoted.
const MOST_NAMED = 5;
const MOST_LINE = 120;
const BEFORE = 60;
// Beyond it the middle of what was printed was not read.
const MOST_CHARS = 500_000;
const ORDER: ClaimKind[] = ['absent', 'derived', 'computed', 'code', 'given'];

/** A number in the list below an answer. */
export interface Entry {
  claim: Claim;
  words: string;
  /** Names its place. */
  where: string;
  /** Quotes that, or says what the number follows from. */
  line: string;
}

/** The one line below an answer: where its numbers stand, and what a user should look at. */
export interface Summary {
  found: string;
  doubts: string[];
  /** Says that some of the run was not read, or ''. */
  unread: string;
}

/** Return whether a user should look: it was not found, or its attempt failed or was replaced. */
export function isDoubtful(claim: Claim): boolean {
  return claim.kind === 'absent' || claim.flag !== '';
}

/** Return the summary, or null if the answer says no numbers. */
export function summaryOf(
  doc: Document,
  trans: Translations,
  claims: readonly Claim[],
  parts: readonly Part[]
): Summary | null {
  const counted = claims.filter(({ kind }) => kind !== 'common');
  const found = foundWords(doc, trans, counted, parts);
  const doubts = doubtWords(doc, trans, counted);
  return found || doubts.length
    ? {
        found,
        doubts,
        unread: hasUnread(parts) ? trans.__('(pictures and pages were not read)') : ''
      }
    : null;
}

function hasUnread(parts: readonly Part[]): boolean {
  const printed = parts.reduce(
    (sum, part) => sum + (part.kind === 'result' ? part.output.length : 0),
    0
  );
  return printed > MOST_CHARS || parts.some(({ kind }) => kind === 'image' || kind === 'source');
}

type Group =
  Exclude<ClaimKind, 'absent' | 'computed' | 'common'> | 'printed' | 'returned' | 'other';

function foundWords(
  doc: Document,
  trans: Translations,
  claims: readonly Claim[],
  parts: readonly Part[]
): string {
  const groups = claims.map(claim => groupOf(claim, parts));
  const count = (group: Group) => groups.filter(each => each === group).length;
  const derived = trans._n('follows from others', 'follow from others', count('derived'));
  const phrases: [Group, string][] = [
    ['printed', trans.__('printed by the code')],
    ['returned', trans.__('returned by a function')],
    ['given', trans.__('from the prompt')],
    ['code', trans.__('in the code')],
    ['derived', derived]
  ];
  return phrases
    .map(([group, phrase]) => ({ many: count(group), phrase }))
    .filter(({ many }) => many)
    .map(({ many, phrase }, at) => {
      const number = formatCount(doc, many);
      // The first says that they are numbers.
      return at
        ? `${number} ${phrase}`
        : trans._n('%2 number %3', '%2 numbers %3', many, number, phrase);
    })
    .join(', ');
}

function groupOf(claim: Claim, parts: readonly Part[]): Group {
  switch (claim.kind) {
    case 'computed':
      return callOf(claim, parts) ? 'returned' : 'printed';
    case 'given':
    case 'code':
    case 'derived':
      return claim.kind;
    case 'absent':
    case 'common':
      return 'other';
    default:
      return assertNever(claim.kind);
  }
}

/** Return the function of this run that returned the number, or null. */
function callOf({ place }: Claim, parts: readonly Part[]): Call | null {
  const part = place && !place.turn ? parts[place.part] : undefined;
  return part?.kind === 'call' ? part : null;
}

function doubtWords(doc: Document, trans: Translations, claims: readonly Claim[]): string[] {
  const groups: [string, Claim[]][] = [
    [trans.__('from an attempt that failed'), claims.filter(({ flag }) => flag === 'failed')],
    [trans.__('printed anew later'), claims.filter(({ flag }) => flag === 'replaced')],
    [trans.__('not found'), claims.filter(({ kind }) => kind === 'absent')]
  ];
  return groups
    .filter(([, found]) => found.length)
    .map(([words, found]) => {
      const named = found.slice(0, MOST_NAMED).map(({ text }) => sanitize(text));
      const more = found.length - MOST_NAMED;
      const rest = more > 0 ? ` ${trans.__('and %1 more', formatCount(doc, more))}` : '';
      return `${formatCount(doc, found.length)} ${words}: ${named.join(', ')}${rest}`;
    });
}

/** Return the list of an answer's numbers, those first that a user should look at. */
export function entriesOf(trans: Translations, claims: readonly Claim[], run: Run): Entry[] {
  const rank = (claim: Claim) => [Number(!isDoubtful(claim)), ORDER.indexOf(claim.kind)] as const;
  return claims
    .filter(({ kind }) => kind !== 'common')
    .sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1])
    .map(claim => entryOf(trans, claim, run));
}

/** Return what is said of one number. */
export function entryOf(trans: Translations, claim: Claim, run: Run): Entry {
  const { place } = claim;
  if (claim.kind === 'absent') {
    const line = trans.__('in no output, prompt or file');
    return { claim, words: trans.__('not found'), where: '', line };
  }
  if (!place) {
    return { claim, words: trans.__('follows'), where: '', line: operation(trans, claim) };
  }
  const words = wordsOf(trans, claim, run.parts);
  if (place.turn) {
    const before =
      place.turn === 1 ? trans.__('the turn before') : trans.__('%1 turns before', place.turn);
    return { claim, words, where: `${before}, ${trans.__('line %1', place.line)}`, line: '' };
  }
  const text = textAt(run, place.part);
  if (text === null) {
    return { claim, words, where: '', line: '' };
  }
  const attempt = attemptAt(run.parts, place.part);
  const line = trans.__('line %1', place.line);
  return {
    claim,
    words,
    where: attempt ? `${trans.__('attempt %1', attempt)}, ${line}` : line,
    line: quoted(text, place.line, place.column)
  };
}

function wordsOf(trans: Translations, claim: Claim, parts: readonly Part[]): string {
  switch (claim.flag) {
    case 'failed':
      return trans.__('printed, but the attempt failed');
    case 'replaced':
      return trans.__('printed anew later');
    case '':
      break;
    default:
      return assertNever(claim.flag);
  }
  if (claim.kind === 'given') {
    return claim.place?.part === ALONG
      ? trans.__('went along with the prompt')
      : trans.__('prompt');
  }
  if (claim.kind === 'code') {
    return trans.__('in the code');
  }
  const call = callOf(claim, parts);
  return call ? trans.__('returned by %1(…)', sanitize(call.name)) : trans.__('printed');
}

/** Return what a number follows from: `31,200 / 89,700`. */
function operation(trans: Translations, { how, of }: Claim): string {
  const [a = '', b = ''] = of.map(sanitize);
  const operations: Record<string, string> = {
    difference: `${a} − ${b}`,
    change: `(${a} − ${b}) / ${b}`,
    sum: `${a} + ${b}`,
    ratio: `${a} / ${b}`,
    share: `${a} / ${b}`
  };
  return (of.length === 2 && operations[how]) || trans.__('as written there');
}

/** Return the text of a part that numbers stand in, or null. */
function textAt(run: Run, place: number): string | null {
  if (place === PROMPT) {
    return run.prompt;
  }
  const part = run.parts[place];
  switch (part?.kind) {
    case 'code':
      return part.code;
    case 'result':
      return part.output;
    case 'call':
      return returnedText(part);
    default:
      return null;
  }
}

/** Return what a function returned as the text whose lines a claim names. */
function returnedText({ response }: Call): string {
  const wrapped = typeof response === 'object' && response !== null && 'result' in response;
  const value = wrapped ? (response as { result: unknown }).result : response;
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? '');
}

/** Return the number of the attempt that a code or a result belongs to, or 0. */
function attemptAt(parts: readonly Part[], place: number): number {
  const part = parts[place];
  if (part?.kind !== 'code' && part?.kind !== 'result') {
    return 0;
  }
  const codes = parts.flatMap((each, at) => (each.kind === 'code' ? [{ at, id: each.id }] : []));
  const byId =
    part.kind === 'result' && part.id ? codes.findLastIndex(({ id }) => id === part.id) : -1;
  return (byId >= 0 ? byId : codes.findLastIndex(({ at }) => at <= place)) + 1;
}

/** Return the line that a number stands in, or what is around it in a long one. */
function quoted(text: string, line: number, column: number): string {
  // The kernel counts characters, JavaScript halves of some.
  const found = [...(text.split('\n')[line - 1] ?? '')];
  const begin = Math.max(0, Math.min(column, found.length) - 1 - BEFORE);
  return sanitize(found.slice(begin, begin + MOST_LINE).join('')).trim();
}

/** Return all that is said of a number, in one line. */
export function titleOf({ words, where, line }: Entry): string {
  const head = where ? `${words}, ${where}` : words;
  return line ? `${head}: ${line}` : head;
}
