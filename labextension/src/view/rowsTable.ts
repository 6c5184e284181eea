/** The table of many rows: a line each, and how the keyboard goes from one to the next. */

import type { Row } from '../contract/rows';
import { element, setText, setVisible } from '../dom/element';
import { sanitize } from '../text/sanitize';
import { RowLine } from './rowLine';
import type { RowsContext } from './rowsContext';

export class RowsTable {
  readonly node: HTMLTableElement;
  readonly #columns: HTMLTableCellElement;
  readonly #body: HTMLTableSectionElement;
  readonly #lines = new Map<number, RowLine>();

  constructor({ doc, hooks: { trans } }: Pick<RowsContext, 'doc' | 'hooks'>) {
    this.node = element(doc, 'table', 'gm-row-table');
    const names = this.node.createTHead().insertRow();
    const heads = [trans.__('row'), '', trans.__('answer'), trans.__('state'), trans.__('s')];
    names.append(...heads.map(name => element(doc, 'th', '', name)));
    [...names.cells].forEach(cell => (cell.scope = 'col'));
    this.#columns = names.cells[1]!;
    names.cells[4]!.title = trans.__('seconds');
    this.#body = this.node.createTBody();
    this.#body.addEventListener('keydown', event => this.#move(event));
    this.#body.addEventListener('focusin', ({ target }) => this.#rove(target));
  }

  /** Return whether the user is at a row, which then stays. */
  isKept(number: number): boolean {
    const line = this.#lines.get(number);
    const focused = this.node.ownerDocument.activeElement;
    return line !== undefined && (line.isOpen || line.nodes[0].contains(focused));
  }

  /** Draw the rows that are `shown`; `passed` are the seconds since the stats came. */
  update(context: RowsContext, shown: Row[], passed: number): void {
    const { rows, hooks } = context;
    setText(this.#columns, sanitize(rows.columns) || hooks.trans.__('prompt'));
    this.#drop(new Set(shown.map(({ number }) => number)));
    let place: Element | null = this.#body.firstElementChild;
    for (const row of shown) {
      const line = this.#line(context, row);
      line.update(context, row, passed);
      // They come in order, so that none that has the focus is moved.
      if (line.nodes[0] !== place) {
        place ? place.before(...line.nodes) : this.#body.append(...line.nodes);
      }
      place = line.nodes[1].nextElementSibling;
    }
    setVisible(this.node, shown.length > 0);
    const openers = this.#openers();
    if (openers[0] && !openers.some(({ tabIndex }) => tabIndex === 0)) {
      openers[0].tabIndex = 0;
    }
  }

  tick(passed: number): void {
    this.#lines.forEach(line => line.tick(passed));
  }

  focusFirst(): void {
    this.#openers()[0]?.focus({ preventScroll: true });
  }

  dispose(): void {
    this.#drop(new Set());
  }

  /** Take away all lines but those of the rows that are `kept`. */
  #drop(kept: Set<number>): void {
    for (const [number, line] of this.#lines) {
      if (!kept.has(number)) {
        line.dispose();
        this.#lines.delete(number);
      }
    }
  }

  #line(context: RowsContext, row: Row): RowLine {
    const line = this.#lines.get(row.number) ?? new RowLine(context, row);
    this.#lines.set(row.number, line);
    return line;
  }

  #openers(): HTMLButtonElement[] {
    return [...this.#body.querySelectorAll<HTMLButtonElement>('.gm-opener')];
  }

  /** Go from row to row by the arrow keys: only one of them is a stop of Tab. */
  #move(event: KeyboardEvent): void {
    const openers = this.#openers();
    const at = openers.indexOf(event.target as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: openers.length - 1 }[event.key];
    if (at >= 0 && to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      openers[Math.min(Math.max(to, 0), openers.length - 1)]!.focus();
    }
  }

  #rove(target: EventTarget | null): void {
    const openers = this.#openers();
    if (openers.includes(target as HTMLButtonElement)) {
      openers.forEach(opener => (opener.tabIndex = opener === target ? 0 : -1));
    }
  }
}
