/** What is said around the table of many rows of those that are not in it, and the button that shows more. */

import { button } from '../dom/button';
import { element, formatCount, setText, setVisible } from '../dom/element';
import { countOf, type Group } from './rowList';
import type { RowsContext } from './rowsContext';
import { awayWords } from './rowWords';

/** How many rows of a group are in the table and in the document, and whether these are the last ones. */
interface Shown {
  group: Group | null;
  shown: number;
  here: number;
  last: boolean;
}

export class RowsNotShown {
  readonly before: HTMLElement;
  readonly after: HTMLElement;
  readonly #more: HTMLButtonElement;
  readonly #text: HTMLElement;

  /** `showAll` is called when the user wants all that are here. */
  constructor(doc: Document, showAll: () => void) {
    this.before = element(doc, 'div', 'gm-not-shown');
    this.after = element(doc, 'div', 'gm-not-shown');
    this.#more = button(doc, 'gm-bare gm-show-rows', '', showAll);
    this.#text = element(doc, 'span', 'gm-not-shown-text gm-meta');
    this.after.append(this.#text);
  }

  update(context: RowsContext, { group, shown, here, last }: Shown): void {
    const { doc, hooks } = context;
    const hidden = here - shown;
    const count = formatCount(doc, hidden);
    setText(this.#more, hooks.trans._n('Show %1 more row', 'Show %2 more rows', hidden, count));
    setVisible(this.#more, hidden > 0);
    const place = last ? this.before : this.after;
    if (hidden > 0 && this.#more.parentElement !== place) {
      place.prepend(this.#more);
    }
    const text = elsewhereWords(context, group, here);
    setText(this.#text, text);
    setVisible(this.before, last && hidden > 0);
    setVisible(this.after, text !== '' || (!last && hidden > 0));
  }
}

/** Return what is said of rows that are not in the document: those that have ended, and those to come. */
function elsewhereWords(
  { rows, doc, hooks: { trans }, live }: RowsContext,
  group: Group | null,
  here: number
): string {
  const known = group ? countOf(rows, group) : countOf({ ...rows, total: null }, null);
  const away = Math.max(0, known - here);
  const toCome = live && group === null ? Math.max(0, (rows.total ?? 0) - known) : 0;
  return [
    away ? awayWords(trans, rows, live, away, formatCount(doc, away)) : '',
    toCome
      ? trans._n('%1 more row waits', '%2 more rows wait', toCome, formatCount(doc, toCome))
      : ''
  ]
    .filter(Boolean)
    .join(' · ');
}
