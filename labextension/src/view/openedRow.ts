/** What one of many rows opens to. */

import type { Row } from '../contract/rows';
import { readRun } from '../contract/run';
import { readStats } from '../contract/stats';
import { button } from '../dom/button';
import { element, setText, setVisible } from '../dom/element';
import { drawMarkdown } from '../text/markdown';
import { sanitize } from '../text/sanitize';
import { groupOf } from './rowList';
import type { RowsContext } from './rowsContext';
import { stateWord, whereWords } from './rowWords';
import { createRunView, type RunView } from './runView';
import { StopButton } from './stopButton';

/** The answer of a row or why there is none, what can be asked, and its whole run. */
export class OpenedRow {
  readonly node: HTMLElement;
  readonly #error: HTMLElement;
  readonly #answer: HTMLElement;
  readonly #again: HTMLButtonElement;
  readonly #stop: StopButton;
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
    this.#stop = new StopButton(context, () => setText(this.#again, trans.__('Stopping…')));
    this.#stop.node.title = trans.__('Interrupt the kernel');
    this.#open = button(doc, 'gm-bare gm-open-run', '', () => this.#toggle());
    const buttons = element(doc, 'div', 'gm-buttons');
    buttons.append(this.#again, this.#stop.node, this.#open);
    this.#said = element(doc, 'p', 'gm-row-status gm-meta');
    this.#said.setAttribute('role', 'status');
    this.#host = element(doc, 'div', 'gm-whole-run');
    const box = element(doc, 'div', 'gm-row-body');
    box.append(this.#error, this.#answer, buttons, this.#said);
    this.node.append(box, this.#host);
  }

  update(context: RowsContext, row: Row): void {
    const { trans } = context.hooks;
    const isOther = row.run !== this.#row.run || row.answer !== this.#row.answer;
    this.#context = context;
    this.#row = row;
    const isFailed = groupOf(row) === 'failed';
    this.node.classList.toggle('gm-row-failed', isFailed);
    const [error, answer] = [sanitize(row.error), sanitize(row.answer)];
    setText(this.#error, error || (isFailed ? stateWord(context, row) : ''));
    setVisible(this.#error, isFailed);
    this.#drawAnswer(isFailed && answer ? trans.__('It said: %1', answer) : answer);
    this.#drawButtons(context, row);
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

  #drawButtons(context: RowsContext, row: Row): void {
    const { live, hooks, rows } = context;
    const { trans } = hooks;
    const group = groupOf(row);
    const mayAsk = rows.key !== '' && hooks.ask !== undefined;
    setVisible(this.#again, mayAsk && !live && group !== 'running');
    this.#stop.update({ ...context, live: this.#asks });
    this.#again.classList.toggle('gm-main', group === 'failed');
    this.#again.classList.toggle('gm-bare', group !== 'failed');
    setVisible(this.#open, row.run !== null);
    setText(this.#open, this.#view ? trans.__('Close the run') : trans.__('Open the run'));
    this.#open.setAttribute('aria-expanded', String(this.#view !== null));
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
    this.#stop.update({ ...this.#context, live: true });
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
    if (this.#stop.node === this.node.ownerDocument.activeElement) {
      // It goes now, and had the focus.
      this.#again.focus({ preventScroll: true });
    }
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
