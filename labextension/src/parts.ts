/** The parts of an answer that belong to no attempt, and the views of the plain ones. */

import { CallView } from './call';
import type { Context, Piece, Placed } from './context';
import { DataView } from './data';
import { make, say } from './dom';
import { partSeconds } from './facts';
import { Fold, FoldedView } from './fold';
import { drawImage, drawOutput } from './output';
import type { Image, Part, Prose } from './run';
import type { Stretch } from './stretch';
import { printable } from './text';

/** Return the view of a part; `update` must be given parts of the same kind. */
export function partView(part: Part, context: Context, stretch: Stretch): Piece<Placed> {
  const views = {
    text: TextView,
    thought: ThoughtView,
    note: NoteView,
    data: DataView,
    call: CallView,
    image: ImageView,
    code: NoteView,
    result: ResultView,
    query: NoteView,
    source: NoteView
  };
  return new views[part.kind](context, stretch) as Piece<Placed>;
}

class TextView implements Piece<Placed<Prose>> {
  readonly node: HTMLElement;
  #shown = '';
  #settled = false;

  readonly #stretch: Stretch;

  constructor({ doc }: Context, stretch: Stretch) {
    this.node = make(doc, 'div', 'gm-prose');
    this.#stretch = stretch;
  }

  update({ part, index }: Placed<Prose>, context: Context): void {
    const growing = context.live && index === context.run.parts.length - 1;
    if (part.text !== this.#shown || this.#settled === growing) {
      this.#shown = part.text;
      this.#settled = !growing;
      this.#draw(printable(part.text), growing, context);
    }
  }

  /** Markdown takes most of the time in which a saved run is drawn, so the far one comes later. */
  #draw(text: string, growing: boolean, { hooks, live }: Context): void {
    if (live) {
      hooks.prose(this.node, text, growing);
      return;
    }
    const shown = this.#shown;
    if (!this.node.hasChildNodes()) {
      this.node.textContent = text;
    }
    this.#stretch.soon(() => {
      if (shown === this.#shown) {
        hooks.prose(this.node, text, growing);
      }
    });
  }
}

class ThoughtView extends FoldedView implements Piece<Placed<Prose>> {
  readonly #label: HTMLElement;
  readonly #prose: TextView;
  #latest: [Placed<Prose>, Context] | null = null;

  constructor(context: Context, stretch: Stretch) {
    super(new Fold(context.doc, 'gm-thought', () => this.#draw()));
    this.#label = make(context.doc, 'span', 'gm-meta');
    this.fold.title.append(this.#label);
    this.#prose = new TextView(context, stretch);
    this.fold.body.append(this.#prose.node);
    this.fold.suggest(context.hooks.options.showThoughts);
  }

  update(placed: Placed<Prose>, context: Context): void {
    const { words } = context.hooks;
    const seconds = partSeconds(context.facts, placed.index);
    const thoughts = words.__('Thoughts');
    say(
      this.#label,
      seconds && seconds >= 1 ? `${thoughts} · ${words.__('%1 s', Math.round(seconds))}` : thoughts
    );
    this.#latest = [placed, context];
    if (this.fold.open) {
      this.#draw();
    }
  }

  #draw(): void {
    if (this.#latest) {
      this.#prose.update(...this.#latest);
    }
  }
}

class NoteView implements Piece<Placed<Prose>> {
  readonly node: HTMLElement;

  constructor(context: Context) {
    this.node = make(context.doc, 'div', 'gm-note');
  }

  update({ part }: Placed<Prose>): void {
    say(this.node, printable(part.text));
  }
}

/** A result that came before any code. */
class ResultView implements Piece<Placed> {
  readonly node: HTMLElement;

  constructor(context: Context) {
    this.node = make(context.doc, 'div', 'gm-box');
  }

  update({ part }: Placed, context: Context): void {
    if (part.kind === 'result' && !this.node.hasChildNodes()) {
      drawOutput(context, this.node, part.output);
    }
  }
}

/** A picture that came before any code. */
class ImageView implements Piece<Placed<Image>> {
  readonly node: HTMLElement;
  #shown: string | null = null;

  constructor(context: Context) {
    this.node = make(context.doc, 'div', 'gm-pictures');
  }

  update({ part }: Placed<Image>, context: Context): void {
    if (part.data !== this.#shown) {
      this.#shown = part.data;
      this.node.replaceChildren(drawImage(context, part, context.hooks.words.__('Figure')));
    }
  }
}
