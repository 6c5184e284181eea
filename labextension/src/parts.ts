/** The parts of an answer that belong to no attempt: prose, thoughts, notes, calls, sources. */

import type { Context, Piece, Sight } from './context';
import { make, say } from './dom';
import { partSeconds } from './facts';
import { Fold } from './fold';
import { safeLink, secure } from './links';
import { drawImage, drawOutput } from './output';
import type { Call, Image, Part, Prose, Source } from './run';
import { printable } from './text';

/** A part and its place among the run's parts. */
export interface Placed<T extends Part = Part> {
  part: T;
  index: number;
}

/** Return the view of a part; `update` must be given parts of the same kind. */
export function partView(part: Part, context: Context): Piece<Placed> {
  const views = {
    text: TextView,
    thought: ThoughtView,
    note: NoteView,
    call: CallView,
    source: SourceView,
    image: ImageView,
    code: NoteView,
    result: ResultView
  };
  return new views[part.kind](context) as Piece<Placed>;
}

class TextView implements Piece<Placed<Prose>> {
  readonly node: HTMLElement;
  private shown = '';
  private settled = false;

  constructor(context: Context, name = 'gm-prose') {
    this.node = make(context.doc, 'div', name);
  }

  update({ part, index }: Placed<Prose>, context: Context): void {
    const growing = context.live && index === context.run.parts.length - 1;
    if (part.text !== this.shown || this.settled === growing) {
      this.shown = part.text;
      this.settled = !growing;
      context.hooks.prose(this.node, printable(part.text), growing);
    }
  }
}

/** What is behind a title, and knows whether the reader has opened or closed it. */
abstract class FoldedView {
  readonly node: HTMLElement;

  protected constructor(protected readonly fold: Fold) {
    this.node = fold.node;
  }

  expand(open: boolean): void {
    this.fold.set(open);
  }

  get sight(): Sight | null {
    return this.fold.touched ? { open: this.fold.open, changes: false } : null;
  }

  restore({ open }: Sight): void {
    this.fold.set(open);
  }
}

class ThoughtView extends FoldedView implements Piece<Placed<Prose>> {
  private readonly label: HTMLElement;
  private readonly prose: TextView;
  private latest: [Placed<Prose>, Context] | null = null;

  constructor(context: Context) {
    super(new Fold(context.doc, 'gm-thought', () => this.draw()));
    this.label = make(context.doc, 'span', 'gm-meta');
    this.fold.title.append(this.label);
    this.prose = new TextView(context);
    this.fold.body.append(this.prose.node);
    this.fold.suggest(context.hooks.options.showThoughts);
  }

  update(placed: Placed<Prose>, context: Context): void {
    const { words } = context.hooks;
    const seconds = partSeconds(context.facts, placed.index);
    const thoughts = words.__('Thoughts');
    say(
      this.label,
      seconds && seconds >= 1 ? `${thoughts} · ${words.__('%1 s', Math.round(seconds))}` : thoughts
    );
    this.latest = [placed, context];
    if (this.fold.open) {
      this.draw();
    }
  }

  private draw(): void {
    if (this.latest) {
      this.prose.update(...this.latest);
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

  constructor(context: Context) {
    this.node = make(context.doc, 'div', 'gm-pictures');
  }

  update({ part }: Placed<Image>, context: Context): void {
    if (!this.node.hasChildNodes()) {
      this.node.append(drawImage(context, part, context.hooks.words.__('Figure')));
    }
  }
}

// A function's name is short; what is longer is none.
const NAME_CHARS = 60;

class CallView extends FoldedView implements Piece<Placed<Call>> {
  private readonly name: HTMLElement;
  private readonly chip: HTMLElement;

  constructor(context: Context) {
    super(new Fold(context.doc, 'gm-call', () => undefined));
    this.name = make(context.doc, 'b', 'gm-name');
    this.chip = make(context.doc, 'span', 'gm-chip');
    this.fold.title.append(this.name, this.chip);
    this.fold.body.classList.add('gm-box');
  }

  update({ part }: Placed<Call>, context: Context): void {
    const { words } = context.hooks;
    const failed = part.error !== null;
    say(this.name, words.__('Called %1', printable(part.name).slice(0, NAME_CHARS)));
    say(this.chip, failed ? words.__('failed') : words.__('ok'));
    this.chip.className = `gm-chip gm-chip-${failed ? 'failed' : 'ok'}`;
    this.node.dataset.outcome = failed ? 'failed' : 'ok';
    if (!this.fold.body.hasChildNodes()) {
      for (const text of [written(part.args), part.error ?? written(part.response)]) {
        const out = make(context.doc, 'div', 'gm-out');
        drawOutput(context, out, text);
        this.fold.body.append(out);
      }
    }
    this.fold.suggest(failed);
  }
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}

class SourceView implements Piece<Placed<Source>> {
  readonly node: HTMLElement;

  constructor(context: Context) {
    this.node = make(context.doc, 'div', 'gm-source');
  }

  update({ part }: Placed<Source>, context: Context): void {
    if (this.node.hasChildNodes()) {
      return;
    }
    const { doc, hooks } = context;
    const title = printable(part.title || part.uri);
    const link = safeLink(part.uri);
    this.node.append(make(doc, 'span', 'gm-meta', `${hooks.words.__('Source')} `));
    if (!link) {
      this.node.append(title);
      return;
    }
    const anchor = make(doc, 'a', '', title);
    anchor.href = link;
    secure(anchor);
    this.node.append(anchor);
  }
}
