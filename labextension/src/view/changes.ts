/** "What changed": the code of a step compared with the code of the failed step before it. */

import { outcome, output, type Step } from '../contract/steps';
import { button } from '../dom/button';
import { element, moveFocus, setVisible } from '../dom/element';
import type { LazySection } from '../dom/lazySection';
import { scrollable } from '../dom/scrollBoxes';
import { suppressShortcuts } from '../dom/shortcuts';
import {
  difference,
  hunks,
  markRewritten,
  type Difference,
  type Line,
  type Sign
} from '../text/diff';
import { byLines, highlight, type Span } from '../text/highlight';
import { trimLines } from '../text/lines';
import { sanitize } from '../text/sanitize';
import { renderSpans } from '../text/spans';
import type { Context } from './context';
import { chipWords, outcomeClass } from './outcome';

/** Two steps and what differs in their code. */
export interface Compared {
  before: Step;
  after: Step;
  difference: Difference;
}

// In lines: a shorter code is compared anyway.
const SHORT = 4;
// With a smaller share of lines in common, there is nothing to compare.
const MIN_COMMON = 0.15;

/** Return how the code of `after` differs from that of `before`, or null if nearly all of it is new. */
export function compare(before: Step, after: Step): Compared | null {
  const found = difference(codeOf(before), codeOf(after));
  const written = found.lines.filter(line => line.text.trim());
  const count = (signs: Sign[]) => written.filter(line => signs.includes(line.sign)).length;
  const longer = Math.max(count(['same', 'removed']), count(['same', 'added']));
  const isNew = longer > SHORT && count(['same']) < MIN_COMMON * longer;
  return isNew ? null : { before, after, difference: found };
}

export class Changes {
  readonly #context: Context;
  readonly #compared: Compared;
  readonly #code: HTMLElement;
  readonly #node: HTMLElement;
  readonly #tabs: [code: HTMLButtonElement, changes: HTMLButtonElement];
  readonly #section: LazySection;

  /** Put two tabs in front of `code`, that of the later step: the code, and what changed in it. */
  constructor(context: Context, compared: Compared, code: HTMLElement, section: LazySection) {
    const { doc, hooks } = context;
    const { trans } = hooks;
    this.#context = context;
    this.#compared = compared;
    this.#code = code;
    this.#section = section;
    const { added, removed } = compared.difference;
    this.#node = element(doc, 'div', 'gm-changes');
    this.#tabs = [
      button(doc, 'gm-tab', trans.__('Code'), () => this.choose(false)),
      button(doc, 'gm-tab gm-tab-changes', trans.__('What changed +%1 −%2', added, removed), () =>
        this.choose(true)
      )
    ];
    const row = element(doc, 'div', 'gm-tabs');
    row.setAttribute('role', 'group');
    row.ariaLabel = trans.__('What %1 shows', trans.__('Attempt %1', compared.after.attempt));
    row.append(...this.#tabs);
    code.before(row);
    code.after(this.#node);
    this.choose(true);
  }

  /** Show the code, or what changed in it. */
  choose(changes: boolean): void {
    this.#tabs.forEach((tab, at) => (tab.ariaPressed = String(changes === Boolean(at))));
    setVisible(this.#code, !changes);
    setVisible(this.#node, changes);
    if (changes && !this.#node.hasChildNodes()) {
      markRewritten(this.#compared.difference.lines);
      this.#node.append(this.#caption(), this.#table());
    }
    this.#section.measure();
  }

  #caption(): HTMLElement {
    const context = this.#context;
    const { trans } = context.hooks;
    const line = element(context.doc, 'div', 'gm-caption');
    const { before } = this.#compared;
    const ended = outcome(before);
    const why = chipWords(context, before, ended, output(before));
    const kind = outcomeClass(context, before, ended);
    const { added, removed } = this.#compared.difference;
    line.append(
      element(context.doc, 'span', `gm-chip gm-chip-${kind}`, why),
      element(
        context.doc,
        'span',
        'gm-meta',
        trans.__(
          'attempt %1 → attempt %2',
          this.#compared.before.attempt,
          this.#compared.after.attempt
        )
      ),
      element(context.doc, 'span', 'gm-grow'),
      element(
        context.doc,
        'span',
        'gm-count-added',
        trans._n('%1 line added', '%1 lines added', added)
      ),
      element(
        context.doc,
        'span',
        'gm-count-removed',
        trans._n('%1 line removed', '%1 lines removed', removed)
      )
    );
    return line;
  }

  #table(): HTMLElement {
    const context = this.#context;
    const table = scrollable(element(context.doc, 'div', 'gm-diff'));
    table.addEventListener('copy', event => copyWithSigns(table, event));
    const old = byLines(
      highlight(codeOf(this.#compared.before), this.#compared.before.part.language)
    );
    const young = byLines(
      highlight(codeOf(this.#compared.after), this.#compared.after.part.language)
    );
    const row = (line: Line): HTMLElement => {
      const spans = line.after === null ? old[line.before! - 1] : young[line.after - 1];
      return drawLine(context, line, spans ?? []);
    };
    for (const hunk of hunks(this.#compared.difference.lines)) {
      if (hunk.folded) {
        table.append(folded(context, hunk.lines, row));
      } else {
        table.append(...hunk.lines.map(row));
      }
    }
    return table;
  }
}

/** Put the selected lines on the clipboard, with their signs if they are several. */
function copyWithSigns(table: HTMLElement, event: ClipboardEvent): void {
  const selection = table.ownerDocument.getSelection();
  const lines = [...table.querySelectorAll<HTMLElement>('.gm-line')].filter(line =>
    selection?.containsNode(line, true)
  );
  if (lines.length > 1 && event.clipboardData) {
    const text = lines.map(line => `${ASCII[line.dataset.sign!]} ${line.textContent}`);
    event.clipboardData.setData('text/plain', `${text.join('\n')}\n`);
    event.preventDefault();
  }
}

function codeOf(step: Step): string {
  return trimLines(sanitize(step.part.code));
}

const TAGS = { same: 'div', added: 'ins', removed: 'del' } as const;
const SIGNS = { same: ' ', added: '+', removed: '−' };
/** The signs of a patch, by those on the screen. */
const ASCII: Record<string, string> = { ' ': ' ', '+': '+', '−': '-' };

/** Return a line of a comparison; a screen reader is told what its sign means. */
export function drawLine(context: Context, line: Line, spans: Span[]): HTMLElement {
  // <ins> and <del> tell a screen reader what colour and sign tell the eye.
  const row = element(context.doc, TAGS[line.sign], `gm-line gm-${line.sign}`);
  // Numbers are drawn from attributes, so that a selection copies code without them.
  row.dataset.before = String(line.before ?? '');
  row.dataset.after = String(line.after ?? '');
  row.dataset.sign = SIGNS[line.sign];
  const code = element(context.doc, 'code');
  code.append(...renderSpans(context.doc, spans, line.marks));
  row.append(code);
  return row;
}

function folded(context: Context, lines: Line[], row: (line: Line) => HTMLElement): HTMLElement {
  const label = context.hooks.trans._n('%1 line as before', '%1 lines as before', lines.length);
  const opener = button(context.doc, 'gm-same-folded', label, () => {
    const rows = lines.map(row);
    opener.replaceWith(...rows);
    moveFocus(suppressShortcuts(rows[0]!));
  });
  return opener;
}
