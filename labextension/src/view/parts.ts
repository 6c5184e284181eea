/**
 * How each kind of part is drawn, and what a live run says while it is the last one.
 *
 * A new kind needs its row of `DRAWERS` here, and a row of `KINDS` in `contract/parts.ts`.
 */

import {
  isPending,
  type Image,
  type Note,
  type Part,
  type PartKind,
  type PartOf,
  type Result
} from '../contract/parts';
import { element, setText } from '../dom/element';
import type { LazySection } from '../dom/lazySection';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';
import { CallView } from './call';
import type { Context, Piece, Placed } from './context';
import { DataView } from './data';
import { drawOutput } from './output';
import { drawPicture } from './picture';
import { TextView, ThoughtView } from './prose';

interface Drawer<P extends Part> {
  /** What draws the part where it came; null if it is drawn in a step, or below the answer. */
  view: (new (context: Context, section: LazySection) => Piece<Placed<P>>) | null;
  /** What a live run does whose last part it is; null if that says nothing. */
  activity(trans: Translations, part: P): string | null;
}

const working = (trans: Translations) => trans.__('Working');
const writing = (trans: Translations) => trans.__('Writing');

class NoteView implements Piece<Placed<Note>> {
  readonly node: HTMLElement;

  constructor(context: Context) {
    this.node = element(context.doc, 'div', 'gm-note');
  }

  update({ part }: Placed<Note>): void {
    setText(this.node, sanitize(part.text));
  }
}

/** A result that came before any code. */
class ResultView implements Piece<Placed<Result>> {
  readonly node: HTMLElement;

  constructor(context: Context) {
    this.node = element(context.doc, 'div', 'gm-box');
  }

  update({ part }: Placed<Result>, context: Context): void {
    if (!this.node.hasChildNodes()) {
      drawOutput(context, this.node, part.output);
    }
  }
}

/** A picture that came before any code. */
class ImageView implements Piece<Placed<Image>> {
  readonly node: HTMLElement;
  #shown: string | null = null;

  constructor(context: Context) {
    this.node = element(context.doc, 'div', 'gm-pictures');
  }

  update({ part }: Placed<Image>, context: Context): void {
    if (part.data !== this.#shown) {
      this.#shown = part.data;
      this.node.replaceChildren(drawPicture(context, part, context.hooks.trans.__('Figure')));
    }
  }
}

const DRAWERS: { [K in PartKind]: Drawer<PartOf<K>> } = {
  text: { view: TextView, activity: writing },
  thought: { view: ThoughtView, activity: trans => trans.__('Thinking') },
  note: { view: NoteView, activity: () => null },
  data: { view: DataView, activity: writing },
  call: {
    view: CallView,
    activity: (trans, call) => (isPending(call) ? trans.__('Running a function') : working(trans))
  },
  image: { view: ImageView, activity: working },
  result: { view: ResultView, activity: working },
  // `StepView` draws it.
  code: { view: null, activity: trans => trans.__('Running code') },
  // `Sources` draws them.
  query: { view: null, activity: working },
  source: { view: null, activity: working }
};

function drawerOf(part: Part): Drawer<Part> {
  return DRAWERS[part.kind] as Drawer<Part>;
}

/** Return whether `part` is drawn where it came. */
export function hasView(part: Part): boolean {
  return drawerOf(part).view !== null;
}

/** Return the view of a part that has one; `update` must be given parts of the same kind. */
export function partView(part: Part, context: Context, section: LazySection): Piece<Placed> {
  return new (drawerOf(part).view!)(context, section);
}

/** Return what a live run does whose last part is `part`, or null if that says nothing. */
export function activityOf(trans: Translations, part: Part): string | null {
  return drawerOf(part).activity(trans, part);
}
