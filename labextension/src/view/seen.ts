/** What the model was told of an output of code that ran here, beside what the user sees. */

import type { Result } from '../contract/parts';
import { Disclosure } from '../dom/disclosure';
import { element, formatCount } from '../dom/element';
import type { Context } from './context';
import { drawOutput } from './output';

/** Return what the model saw, folded under how much that is; null if it saw all of it. */
export function drawSeen(context: Context, results: Result[]): HTMLElement | null {
  const { doc } = context;
  const rows = results
    .filter(result => result.seen !== undefined)
    .map(result => {
      const out = element(doc, 'div', 'gm-out');
      const row = new Disclosure(doc, 'gm-seen', () => drawOutput(context, out, result.seen!));
      row.title.append(element(doc, 'span', 'gm-meta', seenWords(context, result)));
      row.body.append(out);
      return row.node;
    });
  if (!rows.length) {
    return null;
  }
  const node = element(doc, 'div', 'gm-all-seen');
  node.append(...rows);
  return node;
}

function seenWords(context: Context, { seen, output, masked }: Result): string {
  const { trans } = context.hooks;
  const [told, all] = [seen!, output].map(text => formatCount(context.doc, [...text].length));
  const words = trans.__('the model saw %1 of %2 characters', told, all);
  if (!masked) {
    return words;
  }
  const count = formatCount(context.doc, masked);
  return `${words}, ${trans._n('%1 value masked', '%2 values masked', masked, count)}`;
}
