/** The answer in the shape that was asked for: JSON, as it came while it grows. */

import { copyButton } from './actions';
import type { Context, Piece, Placed } from './context';
import { make } from './dom';
import { pretty } from './json';
import { morph } from './morph';
import { paint } from './paint';
import type { Data } from './run';
import { reach } from './stretch';
import { printable } from './text';

export class DataView implements Piece<Placed<Data>> {
  readonly node: HTMLElement;
  readonly #pre: HTMLElement;
  #text = '';
  #settled = false;

  constructor(context: Context) {
    const { doc, hooks } = context;
    this.node = make(doc, 'div', 'gm-box gm-data');
    const bar = make(doc, 'div', 'gm-bar');
    const copy = copyButton(context, 'gm-bare gm-copy', () =>
      this.#settled ? pretty(this.#text) : this.#text
    );
    copy.ariaLabel = hooks.words.__('Copy the JSON');
    bar.append(make(doc, 'span', 'gm-meta', 'JSON'), make(doc, 'span', 'gm-grow'), copy);
    this.#pre = reach(make(doc, 'pre', 'gm-pre'));
    this.node.append(bar, this.#pre);
  }

  update({ part, index }: Placed<Data>, context: Context): void {
    const growing = context.live && index === context.run.parts.length - 1;
    if (part.text === this.#text && this.#settled === !growing) {
      return;
    }
    this.#text = part.text;
    this.#settled = !growing;
    if (growing) {
      morph(this.#pre, make(context.doc, 'pre', '', printable(part.text)));
    } else {
      const spans = context.hooks.colour(printable(pretty(part.text)), 'JSON');
      this.#pre.replaceChildren(...paint(context.doc, spans));
    }
  }
}
