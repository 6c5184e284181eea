/** Tables that can be sorted by a column and copied as CSV. */

import { button } from '../dom/button';
import { element } from '../dom/element';
import { scrollable } from '../dom/scrollBoxes';
import { csvOf, numberOf, sortedPlaces, type Table } from '../text/table';
import { copyAndAnnounce } from './codeActions';
import type { Context } from './context';

/** Let each table in `prose`, which is complete, be sorted and copied. */
export function enhanceTables(context: Context, prose: HTMLElement): void {
  prose.querySelectorAll('table').forEach(table => {
    const box = table.closest<HTMLElement>('.gm-scroll');
    if (box && !box.closest('.gm-table') && table.tHead && bodyOf(table).length) {
      const frame = element(context.doc, 'div', 'gm-table');
      box.replaceWith(frame);
      frame.append(barOf(context, table), box);
      makeSortable(context, table);
    }
  });
}

/** Draw a table that code printed. */
export function drawTable(context: Context, { head, rows }: Table): HTMLElement {
  const { doc } = context;
  const table = element(doc, 'table');
  const names = table.createTHead().insertRow();
  const isNumeric = head.map((_, at) => rows.every(row => !row[at] || numberOf(row[at]) !== null));
  const put = (row: HTMLElement, tag: 'th' | 'td', text: string, at: number) => {
    const cell = element(doc, tag, '', text);
    if (isNumeric[at]) {
      cell.setAttribute('align', 'right');
    }
    row.append(cell);
  };
  head.forEach((name, at) => put(names, 'th', name || '#', at));
  const body = table.createTBody();
  rows.forEach(row => {
    const line = body.insertRow();
    head.forEach((_, at) => put(line, 'td', row[at] ?? '', at));
  });
  const box = scrollable(element(doc, 'div', 'gm-scroll'));
  box.append(table);
  const frame = element(doc, 'div', 'gm-table');
  frame.append(barOf(context, table), box);
  makeSortable(context, table);
  return frame;
}

function barOf(context: Context, table: HTMLTableElement): HTMLElement {
  const { doc, hooks } = context;
  const { trans } = hooks;
  const count = bodyOf(table).length;
  const bar = element(doc, 'div', 'gm-table-bar');
  const copy = button(doc, 'gm-bare gm-copy-table', trans.__('Copy as CSV'), () =>
    copyAndAnnounce(context, copy, csvOf([...table.rows].map(textsOf)))
  );
  bar.append(
    element(doc, 'span', 'gm-meta', trans._n('%1 row', '%1 rows', count)),
    element(doc, 'span', 'gm-grow'),
    copy
  );
  return bar;
}

/** Put a button into each head, which sorts: rising, falling, and as it was. */
function makeSortable({ doc, hooks }: Context, table: HTMLTableElement): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const original = bodyOf(table);
  heads.forEach((head, at) => {
    const sort = button(doc, 'gm-sort', '', () => {
      const now = head.ariaSort;
      const next = now === null ? 'ascending' : now === 'ascending' ? 'descending' : null;
      heads.forEach(other => (other.ariaSort = other === head ? next : null));
      const column = original.map(row => row.cells[at]?.textContent ?? '');
      const places = next ? sortedPlaces(column, next === 'descending') : original.keys();
      table.tBodies[0]!.append(...[...places].map(place => original[place]!));
    });
    sort.title = hooks.trans.__('Sort by this column');
    sort.append(...head.childNodes);
    head.append(sort);
  });
}

function bodyOf(table: HTMLTableElement): HTMLTableRowElement[] {
  return [...(table.tBodies[0]?.rows ?? [])];
}

function textsOf(row: HTMLTableRowElement): string[] {
  return [...row.cells].map(cell => cell.textContent?.trim() ?? '');
}
