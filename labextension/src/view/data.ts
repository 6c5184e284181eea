/** The answer in the shape that was asked for: JSON, drawn as it comes and then value by value. */

import type { Claim } from '../contract/claims';
import type { Data } from '../contract/parts';
import { element } from '../dom/element';
import { morph } from '../dom/morph';
import { scrollable } from '../dom/scrollBoxes';
import { highlight } from '../text/highlight';
import { prettyJson } from '../text/json';
import { markJsonNumbers } from '../text/marks';
import { sanitize } from '../text/sanitize';
import { renderSpans } from '../text/spans';
import { copyButton } from './codeActions';
import { isGrowing, type Context, type Piece, type Placed } from './context';

export class DataView implements Piece<Placed<Data>> {
  readonly node: HTMLElement;
  readonly #pre: HTMLElement;
  #text = '';
  #complete = false;
  #claims: readonly Claim[] = [];

  constructor(context: Context) {
    const { doc, hooks } = context;
    this.node = element(doc, 'div', 'gm-box gm-data');
    const bar = element(doc, 'div', 'gm-bar');
    const copy = copyButton(context, 'gm-bare gm-copy', () =>
      this.#complete ? prettyJson(this.#text) : this.#text
    );
    copy.ariaLabel = hooks.trans.__('Copy the JSON');
    bar.append(element(doc, 'span', 'gm-meta', 'JSON'), element(doc, 'span', 'gm-grow'), copy);
    this.#pre = scrollable(element(doc, 'pre', 'gm-pre'));
    this.node.append(bar, this.#pre);
  }

  update({ part, index }: Placed<Data>, context: Context): void {
    const growing = isGrowing(context, index);
    const claims = context.numbers.of(index);
    if (part.text === this.#text && this.#complete === !growing && claims === this.#claims) {
      return;
    }
    this.#claims = claims;
    this.#text = part.text;
    this.#complete = !growing;
    if (growing) {
      morph(this.#pre, element(context.doc, 'pre', '', sanitize(part.text)));
    } else {
      const spans = highlight(sanitize(prettyJson(part.text)), 'JSON');
      this.#pre.replaceChildren(...renderSpans(context.doc, spans));
      if (claims.length) {
        markJsonNumbers(this.#pre, claims, claim => context.numbers.mark(claim));
      }
    }
  }
}
