/** What stands in the place of a cell's output that is folded away. */

import { CodeCell } from '@jupyterlab/cells';
import { readRows, ROWS_MIME, type Rows } from '../contract/rows';
import { MIME, readRun } from '../contract/run';
import { readStats } from '../contract/stats';
import { steps } from '../contract/steps';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';

const PROMPT_CHARS = 60;

interface Placeholders {
  getOutputPlaceholderText(): string | undefined;
}

/**
 * Let it be a line about the run: JupyterLab takes the first line of the HTML, which is markup, and asks
 * nobody else.
 */
export function nameFoldedRuns(trans: Translations): void {
  const cells = CodeCell.prototype as unknown as Placeholders;
  const original = cells.getOutputPlaceholderText;
  cells.getOutputPlaceholderText = function (this: CodeCell) {
    return foldedText(this.model.outputs, trans) ?? original.call(this);
  };
}

/** Return that line for outputs that begin with a run or many rows, or null. */
export function foldedText(
  outputs: Pick<CodeCell['model']['outputs'], 'length' | 'get'>,
  trans: Translations
): string | null {
  const first = outputs.length ? outputs.get(0) : null;
  const run = readRun(first?.data[MIME]);
  if (!run) {
    const rows = readRows(first?.data[ROWS_MIME]);
    return rows && rowsText(rows, trans);
  }
  const attempts = steps(run).length;
  const { seconds } = readStats(first?.metadata[MIME]);
  const facts = [run.state, trans._n('%1 attempt', '%1 attempts', attempts)];
  const prompt = sanitize(run.prompt).replace(/\s+/g, ' ').trim();
  const about = prompt.length > PROMPT_CHARS ? `${prompt.slice(0, PROMPT_CHARS)}…` : prompt;
  if (seconds !== null && seconds >= 0.1) {
    facts.push(trans.__('%1 s', seconds.toFixed(1)));
  }
  return trans.__('Gemini: %1: %2', facts.join(', '), about);
}

function rowsText({ counts, total }: Rows, trans: Translations): string {
  const facts = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  const said = facts.join(', ') || trans.__('none asked yet');
  return total === null
    ? trans.__('Gemini: %1', said)
    : trans._n('Gemini: %3 of %1 row', 'Gemini: %3 of %2 rows', total, total, said);
}
