/** Pictures that were sent with the prompt, and that no attempt was made from. */

import type { Image } from '../contract/parts';
import type { Sent } from '../contract/sent';
import { element, setVisible } from '../dom/element';
import { sanitize } from '../text/sanitize';
import type { Context } from './context';
import { labelled } from './figures';

export class SentPictures {
  readonly node: HTMLElement;
  #drawn = '';

  constructor(doc: Document) {
    this.node = element(doc, 'div', 'gm-pictures gm-sent');
  }

  /** `taken` are the pictures that attempts were made from, which stand there. */
  update(context: Context, taken: ReadonlyMap<number, Image | Sent>): void {
    const used = new Set([...taken.values()].map(({ data }) => data));
    const left = (context.run.sent ?? []).filter(({ data }) => !used.has(data));
    const drawn = left.map(({ name, data }) => `${name} ${data.length}`).join();
    setVisible(this.node, left.length > 0);
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      const { trans } = context.hooks;
      this.node.replaceChildren(
        ...left.map(picture => {
          const name = sanitize(picture.name);
          return labelled(context, name, trans.__('sent'), picture, trans.__('Sent: %1', name));
        })
      );
    }
  }
}
