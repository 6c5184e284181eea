/**
 * How each kind of part is drawn, and what a live run says while it is the last one.
 *
 * A new kind needs its row of `DRAWERS` here, a row of `KINDS` in `contract/parts.ts`, and its case in
 * `cells/markdownFile.ts`.
 */

import {
  isPending,
  type File,
  type Image,
  type Note,
  type Part,
  type PartKind,
  type PartOf,
  type Result
} from '../contract/parts';
import { element, formatCount, setText } from '../dom/element';
import type { LazySection } from '../dom/lazySection';
import { suppressShortcuts } from '../dom/shortcuts';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';
import { isBase64, tableLines } from '../text/tableLines';
import { CallView } from './call';
import type { Context, Piece, Placed } from './context';
import { DataView } from './data';
import { chipOf } from './noteChip';
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

  update({ part }: Placed<Note>, { doc, hooks }: Context): void {
    const line = sanitize(part.text);
    const chip = chipOf(hooks.trans, line);
    if (!chip) {
      setText(this.node, line);
    } else if (!this.node.hasChildNodes()) {
      const { label, name, detail } = chip;
      const words = [label, element(doc, 'b', '', name), detail].filter(Boolean);
      this.node.append(...words.flatMap((word, at) => (at ? [' ', word] : [word])));
      this.node.title = line;
    }
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

// What a page may offer to save: no browser runs any of it. `answer/files.py` has the same.
const SAFE_TYPES = new Set([
  'text/csv',
  'text/tab-separated-values',
  'text/plain',
  'text/markdown',
  'application/json',
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.apache.parquet',
  'application/vnd.apache.arrow.file'
]);

/** A file that came with the answer: its name, type and size, a link that saves it, a table's first lines. */
class FileView implements Piece<Placed<File>> {
  readonly node: HTMLElement;
  #shown = '';

  constructor(context: Context) {
    this.node = element(context.doc, 'div', 'gm-box gm-file');
  }

  update({ part }: Placed<File>, context: Context): void {
    const { doc, hooks, run } = context;
    const shown = JSON.stringify([part.name, part.data.length, run.state]);
    // A link that is drawn again would lose the focus.
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    const { trans } = hooks;
    const name = sanitize(part.name);
    const bytes = formatCount(doc, Math.max(0, part.size));
    const bar = element(doc, 'div', 'gm-bar');
    const about = trans.__('%1, %2 bytes', sanitize(part.mime_type).slice(0, 100), bytes);
    bar.append(
      element(doc, 'span', 'gm-name', name),
      element(doc, 'span', 'gm-meta', about),
      element(doc, 'span', 'gm-grow')
    );
    this.node.replaceChildren(bar);
    if (!part.data || !SAFE_TYPES.has(part.mime_type) || !isBase64(part.data)) {
      const why = !part.data && part.size > 0 && run.state !== 'running';
      bar.append(
        element(doc, 'span', 'gm-meta', why ? trans.__('too large to be kept in the notebook') : '')
      );
      return;
    }
    const save = suppressShortcuts(element(doc, 'a', 'gm-button gm-save', trans.__('Save')));
    save.href = `data:${part.mime_type};base64,${part.data}`;
    save.download = name;
    save.ariaLabel = trans.__('Save %1', name);
    bar.append(save);
    const lines = tableLines(part);
    if (lines) {
      this.node.append(element(doc, 'pre', 'gm-pre', sanitize(lines)));
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
  file: { view: FileView, activity: working },
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
