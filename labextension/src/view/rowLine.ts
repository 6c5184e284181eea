/** One of many rows: a line of the table, and what it opens to below itself. */

import type { Row } from '../contract/rows';
import { readStats } from '../contract/stats';
import { button } from '../dom/button';
import { element, setText } from '../dom/element';
import { mark } from '../dom/mark';
import { sanitize } from '../text/sanitize';
import { OpenedRow } from './openedRow';
import { groupOf } from './rowList';
import type { RowsContext } from './rowsContext';
import { stateWord } from './rowWords';
import { LEAST } from './seconds';

const COLUMNS = 5;

export class RowLine {
  /** The line, and below it what it opens to. */
  readonly nodes: [HTMLTableRowElement, HTMLTableRowElement];
  readonly opener: HTMLButtonElement;
  readonly #text: HTMLElement;
  readonly #answer: HTMLElement;
  readonly #state: HTMLElement;
  readonly #seconds: HTMLElement;
  #opened: OpenedRow | null = null;
  #row: Row;
  #context: RowsContext;

  constructor(context: RowsContext, row: Row) {
    this.#row = row;
    this.#context = context;
    const { doc } = context;
    const line = element(doc, 'tr', 'gm-row-line');
    const below = element(doc, 'tr', 'gm-opened');
    below.hidden = true;
    this.opener = button(doc, 'gm-opener', String(row.number), () => undefined);
    this.opener.setAttribute('aria-expanded', 'false');
    // Of all rows one is a stop of Tab.
    this.opener.tabIndex = -1;
    const cell = (name: string) => {
      const made = element(doc, 'td', name);
      line.append(made);
      return made;
    };
    cell('gm-row-number').append(mark(doc), this.opener);
    this.#text = cell('gm-row-text');
    this.#answer = element(doc, 'span');
    cell('gm-row-answer').append(this.#answer);
    this.#state = cell('gm-row-state');
    this.#seconds = cell('gm-row-seconds');
    line.addEventListener('click', () => this.#toggle());
    this.nodes = [line, below];
  }

  get isOpen(): boolean {
    return !this.nodes[1].hidden;
  }

  set(open: boolean): void {
    const below = this.nodes[1];
    below.hidden = !open;
    this.opener.setAttribute('aria-expanded', String(open));
    if (open && !this.#opened) {
      const cell = element(this.#context.doc, 'td');
      cell.colSpan = COLUMNS;
      this.#opened = new OpenedRow(this.#context, this.#row);
      cell.append(this.#opened.node);
      below.append(cell);
    }
    if (open) {
      this.#opened!.update(this.#context, this.#row);
    }
  }

  /** Open or close it; a click that selects text is not meant to. */
  #toggle(): void {
    const [line] = this.nodes;
    const selection = line.ownerDocument.getSelection();
    if (!selection || selection.isCollapsed || !line.contains(selection.anchorNode)) {
      this.set(!this.isOpen);
    }
  }

  /** Draw it; `passed` are the seconds since the stats came. */
  update(context: RowsContext, row: Row, passed: number): void {
    this.#context = context;
    this.#row = row;
    const { trans } = context.hooks;
    const word = stateWord(context, row);
    const [line] = this.nodes;
    line.dataset.group = row.state === 'waits' ? 'waits' : groupOf(row);
    this.opener.ariaLabel = trans.__('Row %1, %2', row.number, word);
    setText(this.#text, sanitize(row.text));
    setText(this.#answer, sanitize(row.error || row.answer));
    setText(this.#state, word);
    this.tick(passed);
    if (this.isOpen) {
      this.#opened!.update(context, row);
    }
  }

  tick(passed: number): void {
    const { seconds } = readStats(this.#context.stats.rows[this.#row.number]);
    setText(this.#seconds, seconds === null ? '' : this.#secondsWords(seconds, passed));
  }

  #secondsWords(seconds: number, passed: number): string {
    const { state } = this.#row;
    if (groupOf(this.#row) === 'running') {
      return this.#context.live ? String(Math.floor(seconds + passed)) : '';
    }
    // Of a recording they are of then.
    return state === 'recorded' || seconds < LEAST ? '' : seconds.toFixed(1);
  }

  dispose(): void {
    this.#opened?.dispose();
    this.nodes.forEach(node => node.remove());
  }
}
