/** One of many rows: a line of the table, and what it opens to below itself. */

import { readRun } from '../contract/run';
import type { Row } from '../contract/rows';
import { readStats } from '../contract/stats';
import { button } from '../dom/button';
import { element, setText, setVisible } from '../dom/element';
import { mark } from '../dom/mark';
import { drawMarkdown } from '../text/markdown';
import { sanitize } from '../text/sanitize';
import type { RowsContext } from './rows';
import { groupOf } from './rowList';
import { LEAST } from './seconds';
import { createRunView, type RunView } from './runView';

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
    const line = element(doc, 'tr', 'gm-row');
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
    line.addEventListener('click', () => {
      const selection = doc.getSelection();
      // A click that selects text is not meant to open anything.
      if (!selection || selection.isCollapsed || !line.contains(selection.anchorNode)) {
        this.set(!this.isOpen);
      }
    });
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

function stateWord({ live, hooks: { trans } }: RowsContext, { state }: Row): string {
  const words = {
    done: trans.__('done'),
    recorded: trans.__('recorded'),
    failed: trans.__('failed'),
    blocked: trans.__('blocked'),
    stopped: trans.__('stopped'),
    // Nothing comes of it any more.
    running: live ? trans.__('running') : trans.__('unfinished'),
    waits: live ? trans.__('waits') : trans.__('unfinished')
  };
  return words[state];
}

/** The answer of a row or why there is none, what can be asked, and its whole run. */
class OpenedRow {
  readonly node: HTMLElement;
  readonly #error: HTMLElement;
  readonly #answer: HTMLElement;
  readonly #again: HTMLButtonElement;
  readonly #open: HTMLButtonElement;
  readonly #said: HTMLElement;
  readonly #host: HTMLElement;
  #view: RunView | null = null;
  #drawn: unknown = null;
  #saidLast = '';
  #asks = false;
  #row: Row;
  #context: RowsContext;

  constructor(context: RowsContext, row: Row) {
    this.#row = row;
    this.#context = context;
    const { doc, hooks } = context;
    const { trans } = hooks;
    this.node = element(doc, 'div', 'gm-opened-row');
    this.#error = element(doc, 'p', 'gm-row-error');
    this.#answer = element(doc, 'div', 'gm-prose');
    this.#again = button(doc, 'gm-ask-again', trans.__('Ask this row again'), () => {
      void this.#ask();
    });
    this.#open = button(doc, 'gm-bare gm-open-run', '', () => this.#toggle());
    const buttons = element(doc, 'div', 'gm-buttons');
    buttons.append(this.#again, this.#open);
    this.#said = element(doc, 'p', 'gm-row-status gm-meta');
    this.#said.setAttribute('role', 'status');
    this.#host = element(doc, 'div', 'gm-whole-run');
    const box = element(doc, 'div', 'gm-row-body');
    box.append(this.#error, this.#answer, buttons, this.#said);
    this.node.append(box, this.#host);
  }

  update(context: RowsContext, row: Row): void {
    const { live, hooks, rows } = context;
    const { trans } = hooks;
    const isOther = row.run !== this.#row.run || row.answer !== this.#row.answer;
    this.#context = context;
    this.#row = row;
    const isFailed = groupOf(row) === 'failed';
    const isOver = groupOf(row) !== 'running';
    this.node.classList.toggle('gm-row-failed', isFailed);
    const [error, answer] = [sanitize(row.error), sanitize(row.answer)];
    setText(this.#error, error || (isFailed ? stateWord(context, row) : ''));
    setVisible(this.#error, isFailed);
    this.#drawAnswer(isFailed && answer ? trans.__('It said: %1', answer) : answer);
    setVisible(this.#again, isOver && !live && rows.key !== '' && hooks.ask !== undefined);
    this.#again.classList.toggle('gm-main', isFailed);
    this.#again.classList.toggle('gm-bare', !isFailed);
    setVisible(this.#open, row.run !== null);
    setText(this.#open, this.#view ? trans.__('Close the run') : trans.__('Open the run'));
    this.#open.setAttribute('aria-expanded', String(this.#view !== null));
    if (isOther && !this.#asks) {
      this.#say('');
    }
    if (!this.#said.textContent || this.#said.hasAttribute('data-where')) {
      this.#say(whereWords(context, row), true);
    }
    if (this.#view && row.run !== this.#drawn) {
      this.#draw();
    }
  }

  dispose(): void {
    this.#view?.dispose();
    this.#view = null;
  }

  #drawAnswer(said: string): void {
    if (said !== this.#saidLast) {
      this.#saidLast = said;
      drawMarkdown(this.#answer, said);
    }
    setVisible(this.#answer, said !== '');
  }

  #say(line: string, where = false): void {
    setText(this.#said, line);
    setVisible(this.#said, line !== '');
    this.#said.toggleAttribute('data-where', where);
  }

  async #ask(): Promise<void> {
    const { hooks, rows } = this.#context;
    const { trans } = hooks;
    if (this.#asks || !hooks.ask) {
      return;
    }
    this.#asks = true;
    // Not `disabled`: that would drop the focus.
    this.#again.ariaDisabled = 'true';
    setText(this.#again, trans.__('Asking…'));
    this.#say('');
    const before = this.#row;
    let said = '';
    try {
      said = await hooks.ask(rows, before);
      if (!said && before.answer === this.#row.answer && before.error === this.#row.error) {
        said = `${trans.__('The same came again.')} ${whereWords(this.#context, this.#row)}`.trim();
      }
    } catch (error) {
      said = error instanceof Error ? error.message : String(error);
    }
    this.#asks = false;
    this.#again.ariaDisabled = null;
    setText(this.#again, trans.__('Ask this row again'));
    this.#say(sanitize(said));
    this.update(this.#context, this.#row);
  }

  #toggle(): void {
    if (this.#view) {
      this.dispose();
    } else {
      this.#view = createRunView(this.#host, this.#context.hooks.run);
      this.#draw();
    }
    this.update(this.#context, this.#row);
  }

  #draw(): void {
    this.#drawn = this.#row.run;
    const run = readRun(this.#row.run);
    if (run) {
      this.#view?.update(run, readStats(this.#context.stats.rows[this.#row.number]));
    } else {
      this.dispose();
      const { trans } = this.#context.hooks;
      this.#say(trans.__('This run cannot be shown: a newer version may.'));
    }
  }
}

/** Return where the run is if it is not here. */
function whereWords(
  { live, hooks: { trans }, rows: { name, state } }: RowsContext,
  row: Row
): string {
  // Those of a kernel that was gone half-way are nowhere.
  if (row.run !== null || (state === 'running' && !live)) {
    return '';
  }
  if (groupOf(row) === 'running') {
    return trans.__('Its answer comes here.');
  }
  if (live) {
    return trans.__('Its run can be opened, and asked again, when all rows are there.');
  }
  const variable = sanitize(name);
  return variable ? trans.__('Its run is %1[%2].', variable, row.number) : '';
}
