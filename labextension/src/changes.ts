/** "What changed": the code of one attempt beside that of the one before it. */

import { byLines, type Span } from './code';
import type { Context } from './context';
import { difference, hunks, markRewritten, type Difference, type Line } from './diff';
import { button, make, quiet, show, take } from './dom';
import { paint } from './paint';
import { output, outcome, type Step } from './run';
import { chipWords } from './outcome';
import { reach, type Stretch } from './stretch';
import { printable, trimLines } from './text';

export class Changes {
  readonly #context: Context;
  readonly #before: Step;
  readonly #after: Step;
  readonly #difference: Difference;
  readonly #code: HTMLElement;
  readonly #node: HTMLElement;
  readonly #tabs: [code: HTMLButtonElement, changes: HTMLButtonElement];
  readonly #stretch: Stretch;

  /** Put the choice between `code`, that of `after`, and what changed in it around `code`. */
  constructor(context: Context, before: Step, after: Step, code: HTMLElement, stretch: Stretch) {
    const { doc, hooks } = context;
    const { words } = hooks;
    this.#context = context;
    this.#before = before;
    this.#after = after;
    this.#code = code;
    this.#stretch = stretch;
    this.#difference = difference(codeOf(before), codeOf(after));
    const { added, removed } = this.#difference;
    this.#node = make(doc, 'div', 'gm-changes');
    this.#tabs = [
      button(doc, 'gm-tab', words.__('Code'), () => this.#choose(false)),
      button(doc, 'gm-tab gm-tab-changes', words.__('What changed +%1 −%2', added, removed), () =>
        this.#choose(true)
      )
    ];
    const row = make(doc, 'div', 'gm-tabs');
    row.setAttribute('role', 'group');
    row.ariaLabel = words.__('What %1 shows', words.__('Attempt %1', after.attempt));
    row.append(...this.#tabs);
    code.before(row);
    code.after(this.#node);
    this.#choose(false);
  }

  #choose(changes: boolean): void {
    this.#tabs.forEach((tab, at) => (tab.ariaPressed = String(changes === Boolean(at))));
    show(this.#code, !changes);
    show(this.#node, changes);
    if (changes && !this.#node.hasChildNodes()) {
      markRewritten(this.#difference.lines);
      this.#node.append(this.#caption(), this.#table());
    }
    this.#stretch.measure();
  }

  #caption(): HTMLElement {
    const context = this.#context;
    const { words } = context.hooks;
    const line = make(context.doc, 'div', 'gm-caption');
    const why = chipWords(context, this.#before, outcome(this.#before), output(this.#before));
    const { added, removed } = this.#difference;
    line.append(
      make(context.doc, 'span', 'gm-chip gm-chip-failed', why),
      make(
        context.doc,
        'span',
        'gm-meta',
        words.__('attempt %1 → attempt %2', this.#before.attempt, this.#after.attempt)
      ),
      make(context.doc, 'span', 'gm-grow'),
      make(
        context.doc,
        'span',
        'gm-count-added',
        words._n('%1 line added', '%1 lines added', added)
      ),
      make(
        context.doc,
        'span',
        'gm-count-removed',
        words._n('%1 line removed', '%1 lines removed', removed)
      )
    );
    return line;
  }

  #table(): HTMLElement {
    const context = this.#context;
    const { colour } = context.hooks;
    const table = reach(make(context.doc, 'div', 'gm-diff'));
    const old = byLines(colour(codeOf(this.#before), this.#before.part.language));
    const young = byLines(colour(codeOf(this.#after), this.#after.part.language));
    const row = (line: Line): HTMLElement => {
      const spans = line.after === null ? old[line.before! - 1] : young[line.after - 1];
      return drawLine(context, line, spans ?? []);
    };
    for (const hunk of hunks(this.#difference.lines)) {
      if (hunk.folded) {
        table.append(folded(context, hunk.lines, row));
      } else {
        table.append(...hunk.lines.map(row));
      }
    }
    return table;
  }
}

function codeOf(step: Step): string {
  return trimLines(printable(step.part.code));
}

const TAGS = { same: 'div', added: 'ins', removed: 'del' } as const;
const SIGNS = { same: ' ', added: '+', removed: '−' };

function drawLine(context: Context, line: Line, spans: Span[]): HTMLElement {
  // <ins> and <del> say to a screen reader what colour and sign say to the eye.
  const row = make(context.doc, TAGS[line.sign], `gm-line gm-${line.sign}`);
  // Numbers and signs are drawn from attributes, so that a selection copies code and nothing else.
  row.dataset.before = String(line.before ?? '');
  row.dataset.after = String(line.after ?? '');
  row.dataset.sign = SIGNS[line.sign];
  const code = make(context.doc, 'code');
  code.append(...paint(context.doc, spans, line.marks));
  row.append(code);
  return row;
}

function folded(context: Context, lines: Line[], row: (line: Line) => HTMLElement): HTMLElement {
  const label = context.hooks.words._n('%1 line as before', '%1 lines as before', lines.length);
  const opener = button(context.doc, 'gm-same-folded', label, () => {
    const rows = lines.map(row);
    opener.replaceWith(...rows);
    take(quiet(rows[0]!));
  });
  return opener;
}
