/** What every piece of the view is drawn with. */

import type { Colour } from './code';
import type { Facts } from './facts';
import type { Progress } from './progress';
import type { Part, Run } from './run';
import type { Words } from './words';

/** Which code is to become cells. A number is the place of one code part. */
export type Choice = 'last' | 'all' | 'prose' | number;

export interface Options {
  /** Fold a failed attempt when a later one succeeds. */
  foldFailed: boolean;
  /** Open the model's thoughts from the start. */
  showThoughts: boolean;
  /** Show at most so many lines of an output at first; 0 shows all. */
  clipLines: number;
}

export const OPTIONS: Options = { foldFailed: true, showThoughts: false, clipLines: 30 };

/** What the view asks of the place where it is mounted. What is missing has no button. */
export interface Hooks {
  words: Words;
  options: Options;
  colour: Colour;
  /** Draw Markdown of the model into `host`, safely; `growing` while more will come. */
  prose(host: HTMLElement, markdown: string, growing: boolean): void;
  /** Put code into the notebook as cells; return how many. */
  insert?(run: Run, choice: Choice): number;
  stop?(): void;
  /** Put text on the clipboard where the page may not; return whether that was done. */
  copy?(text: string): boolean;
}

/** One drawing of one run. */
export interface Context {
  doc: Document;
  hooks: Hooks;
  run: Run;
  facts: Facts;
  /** True while the kernel still adds to the run. */
  live: boolean;
  /** The place of the code that came last, or -1. */
  lastCode: number;
  /** What takes long before anything can come, or null. */
  progress: Progress | null;
}

/** A part and its place among the run's parts. */
export interface Placed<T extends Part = Part> {
  part: T;
  index: number;
}

/** A piece of the view: made once, then updated in place. */
export interface Piece<T> {
  readonly node: HTMLElement;
  update(value: T, context: Context): void;
  /** Open or close what can be folded, as the reader asked. */
  expand?(open: boolean): void;
}
