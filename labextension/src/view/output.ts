/** What code printed, clipped if it is long. */

import { button } from '../dom/button';
import { element, formatCount, moveFocus } from '../dom/element';
import { scrollable } from '../dom/scrollBoxes';
import { frameIn } from '../text/frames';
import { highlight } from '../text/highlight';
import { clip, trimLines } from '../text/lines';
import { overstrike } from '../text/overstrike';
import { sanitize } from '../text/sanitize';
import { renderSpans } from '../text/spans';
import { csvOf } from '../text/table';
import { copyAndAnnounce } from './codeActions';
import type { Context } from './context';
import { drawTable } from './tables';

/**
 * Draw `text` into `host`, highlighted as `language`; a long text gets a button that shows all, which is what
 * is returned does, too.
 */
export function drawOutput(
  context: Context,
  host: HTMLElement,
  text: string,
  language?: string
): () => void {
  const { doc, hooks } = context;
  const whole = trimLines(sanitize(overstrike(text)));
  const shown = clip(whole, hooks.options.clipLines);
  const pre = (part: string) => {
    const node = scrollable(element(doc, 'pre', 'gm-pre'));
    node.append(...(language ? renderSpans(doc, highlight(part, language)) : [part]));
    return node;
  };
  if (!shown.clipped) {
    host.replaceChildren(pre(whole));
    return () => undefined;
  }
  const label =
    shown.total > 1
      ? hooks.trans.__('show all %1 lines', formatCount(doc, shown.total))
      : hooks.trans.__('show all %1 characters', formatCount(doc, whole.length));
  const showAll = () => {
    const node = pre(whole);
    all.previousElementSibling?.remove();
    const tail = all.nextElementSibling;
    if (tail?.matches('.gm-pre')) {
      tail.remove();
    }
    all.replaceWith(node);
    return node;
  };
  const all = button(doc, 'gm-show-all', label, () => moveFocus(showAll()));
  host.replaceChildren(pre(shown.head), all, ...(shown.tail ? [pre(shown.tail)] : []));
  return () => {
    if (host.contains(all)) {
      showAll();
    }
  };
}

/** Offer the table that was printed, if there is one, as a table and as CSV, in the corner of `host`. */
export function offerTable(context: Context, host: HTMLElement, text: string): void {
  const { doc, hooks } = context;
  const { trans } = hooks;
  const frame = frameIn(trimLines(sanitize(overstrike(text))));
  if (!frame) {
    return;
  }
  let table: HTMLElement | null = null;
  const show = button(doc, 'gm-bare gm-as-table', trans.__('As table'), () => {
    if (table) {
      table.remove();
      table = null;
    } else {
      host.append((table = drawTable(context, frame)));
    }
    show.ariaPressed = String(table !== null);
  });
  show.ariaPressed = 'false';
  const copy = button(doc, 'gm-bare gm-copy-frame', trans.__('Copy as CSV'), () =>
    copyAndAnnounce(context, copy, csvOf([frame.head, ...frame.rows]))
  );
  const bar = element(doc, 'div', 'gm-frame-bar');
  bar.append(show, copy);
  host.append(bar);
}

/** Light up a line of `pre`, from 0, and scroll to it; return what puts the light out. */
export function lightLine(pre: HTMLElement, line: number): () => void {
  const bar = element(pre.ownerDocument, 'span', 'gm-lit');
  bar.style.setProperty('--gm-line-number', String(line));
  pre.append(bar);
  bar.scrollIntoView?.({ block: 'nearest' });
  return () => bar.remove();
}

/** Return which line of the drawn output, from 0, a line of what was printed is, from 1. */
export function drawnLine(printed: string, line: number): number {
  const leading = /^\n*/.exec(sanitize(overstrike(printed)))![0].length;
  return line - 1 - leading;
}
