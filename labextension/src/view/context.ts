/** What every piece of the view is drawn with. */

import type { Claim } from '../contract/claims';
import type { Part } from '../contract/parts';
import type { Progress } from '../contract/progress';
import type { Choice, Run } from '../contract/run';
import type { Stats } from '../contract/stats';
import type { SavedRun } from '../contract/saved';
import type { Decision, Waiting } from '../contract/waiting';
import type { Translations } from '../text/i18n';

export interface Options {
  /** Fold a failed attempt once a later one succeeds. */
  foldFailed: boolean;
  /** Which code is open from the start: all, that of the last attempt, none. */
  code: Code;
  /** Open the model's thoughts from the start. */
  showThoughts: boolean;
  /** Show at most so many lines of an output at first; 0 shows all. */
  clipLines: number;
}

export const CODES = ['open', 'last', 'folded'] as const;
export type Code = (typeof CODES)[number];

export const OPTIONS: Options = {
  code: 'open',
  foldFailed: true,
  showThoughts: false,
  clipLines: 30
};

/** What a view needs from the place where it is mounted. An action that is missing has no button. */
export interface Hooks {
  trans: Translations;
  options: Options;
  /** Typeset the formula in `node`. */
  typeset?(node: HTMLElement): void;
  /** Put code into the notebook as cells; return how many. */
  insert?(run: Run, choice: Choice): number;
  /** Do the same and run these cells. */
  insertAndRun?(run: Run, choice: Choice): number;
  stop?(): void;
  /**
   * Run all attempts again and show the run with the verdicts. `progress` is told what takes long;
   * rejects with why there are none.
   */
  verify?(progress: (line: string) => void): Promise<void>;
  /** Ask the prompt of the cell again. */
  again?(): void;
  /** Put the caret into the prompt, so that it can be changed and asked again. */
  edit?(): void;
  /** Return what the notebook saves of `run`, null where it is in none. */
  saved?(run: Run): SavedRun | null;
  /** Answer what the kernel waits for. */
  answer?(waiting: Waiting, answer: Decision): void;
  /** Whether another window asked for the run, and the kernel may still add to it. */
  elsewhere?: boolean;
  /** Put text on the clipboard where the page may not; return whether that was done. */
  copy?(text: string): boolean;
}

/** What is known of the numbers of an answer. */
export interface Numbers {
  /** Return what is said of the numbers of a part; the same list until the run says something else. */
  of(part: number): readonly Claim[];
  /** Return what goes around the number and shows where it stands; null if nothing is said of it. */
  mark(claim: Claim): HTMLElement | null;
}

/** One drawing of one run. */
export interface Context {
  doc: Document;
  hooks: Hooks;
  run: Run;
  stats: Stats;
  /** Which of the cell's answers it is, from 0, the oldest. */
  version: { at: number; count: number; choose(at: number): void };
  /** True while the kernel still adds to the run. */
  live: boolean;
  /** The place of the last code, or -1. */
  lastCode: number;
  /** How far an upload before the answer has come, or null. */
  progress: Progress | null;
  /** What the user is asked now, or null. */
  waiting: Waiting | null;
  numbers: Numbers;
}

/** A part and its place among the run's parts. */
export interface Placed<P extends Part = Part> {
  part: P;
  index: number;
}

/** A piece of the view: made once, then updated in place. */
export interface Piece<T> {
  readonly node: HTMLElement;
  update(value: T, context: Context): void;
  /** Open or close everything in it that can be opened, because the user asked for that. */
  expand?(open: boolean): void;
  /**
   * Open the line of the part at that place, light it up, and return what goes back; null if the part is
   * drawn elsewhere.
   */
  reveal?(part: number, line: number): (() => void) | null;
  /** Say how long it has been running, in seconds. */
  tick?(seconds: number): void;
}

/** Return whether the part at `index` is the last one of a live run, which may still grow. */
export function isGrowing({ live, run }: Context, index: number): boolean {
  return live && index === run.parts.length - 1;
}
