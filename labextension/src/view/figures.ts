/** The figures of an attempt: the picture that it was made from beside the first of them. */

import type { Image } from '../contract/parts';
import type { Sent } from '../contract/sent';
import type { Step } from '../contract/steps';
import { element } from '../dom/element';
import { sanitize } from '../text/sanitize';
import type { Context } from './context';
import { drawPicture } from './picture';

type Picture = Pick<Image, 'mime_type' | 'data'>;

export class Figures {
  readonly node: HTMLElement;
  readonly #drawn: { data: string; node: HTMLElement }[] = [];
  #before: string | null = null;

  constructor({ doc }: Context) {
    this.node = element(doc, 'div', 'gm-pictures');
  }

  /** `before` is the picture that the attempt took, null if it took none. */
  update(context: Context, step: Step, before: Image | Sent | null): void {
    const { trans } = context.hooks;
    step.images.forEach((image, at) => {
      const name = trans.__('Figure %1 of attempt %2', at + 1, step.attempt);
      const known = this.#drawn[at];
      const from = at === 0 ? before : null;
      const changed = at === 0 && (from?.data ?? null) !== this.#before;
      if (known?.data === image.data && !changed) {
        return;
      }
      const node = from
        ? this.#pair(context, from, image, name)
        : drawPicture(context, image, name);
      this.#drawn[at] = { data: image.data, node };
      this.#before = at === 0 ? (from?.data ?? null) : this.#before;
      if (known) {
        known.node.replaceWith(node);
      } else {
        this.node.append(node);
      }
    });
  }

  #pair(context: Context, before: Image | Sent, after: Image, name: string): HTMLElement {
    const { doc, hooks } = context;
    const { trans } = hooks;
    const from = 'name' in before ? sanitize(before.name) : '';
    const pair = element(doc, 'div', 'gm-pair');
    pair.append(
      labelled(context, trans.__('before'), from, before, trans.__('Before: %1', from || name)),
      labelled(context, trans.__('after'), '', after, name)
    );
    return pair;
  }
}

/** Draw a picture under a label. */
export function labelled(
  context: Context,
  label: string,
  detail: string,
  picture: Picture,
  name: string
): HTMLElement {
  const figure = element(context.doc, 'figure', 'gm-figure');
  const words = [label, detail].filter(Boolean).join(' · ');
  figure.append(
    element(context.doc, 'figcaption', 'gm-meta', words),
    drawPicture(context, picture, name)
  );
  return figure;
}
