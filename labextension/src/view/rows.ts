/** Many rows on the screen: made once, then updated, so that what the user opened or chose stays. */

import type { Rows, RowsStats } from '../contract/rows';
import { button } from '../dom/button';
import { element, formatCount, setText, setVisible } from '../dom/element';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';
import type { Hooks } from './context';
import { countEnded, countOf, GROUPS, knownOf, merged, shownOf, type Group } from './rowList';
import { RowLine } from './rowLine';
import { markOf, RowsHeader } from './rowsHeader';

/** What the view needs from where it is mounted. An action that is missing has no button. */
export interface RowsHooks {
  trans: Translations;
  stop?(): void;
  /** Ask a row again and show what came; return what is to be said of it, reject with why it was not asked. */
  ask?(rows: Rows, row: Rows['rows'][number]): Promise<string>;
  /** Those of the run that a row opens to. */
  run: Hooks;
}

/** One drawing of rows. */
export interface RowsContext {
  doc: Document;
  hooks: RowsHooks;
  rows: Rows;
  stats: RowsStats;
  /** True while the kernel still asks. */
  live: boolean;
}

export class RowsView {
  readonly #root: HTMLElement;
  readonly #hooks: RowsHooks;
  readonly #filters = new Map<Group | null, HTMLButtonElement>();
  readonly #table: HTMLTableElement;
  readonly #body: HTMLTableSectionElement;
  readonly #words: HTMLElement;
  readonly #before: HTMLElement;
  readonly #after: HTMLElement;
  readonly #more: HTMLButtonElement;
  readonly #lines = new Map<number, RowLine>();
  #header: RowsHeader | null = null;
  #context: RowsContext | null = null;
  #group: Group | null = null;
  #all = false;
  /** Whether the last rows are shown, as they grow, or the first. */
  #last = false;
  #received = 0;
  #timer = 0;

  constructor(host: HTMLElement, hooks: RowsHooks) {
    this.#hooks = hooks;
    const { trans } = hooks;
    const doc = host.ownerDocument;
    this.#root = element(doc, 'section', 'gm-run gm-rows');
    // Not a landmark: the same rows may be shown twice.
    this.#root.setAttribute('role', 'group');
    this.#root.ariaLabel = trans.__('Many rows');
    const bar = element(doc, 'div', 'gm-filters');
    bar.setAttribute('role', 'group');
    bar.ariaLabel = trans.__('Show');
    for (const group of [null, ...GROUPS]) {
      const filter = button(doc, 'gm-bare gm-filter', '', () => this.#choose(group));
      this.#filters.set(group, filter);
      bar.append(filter);
    }
    this.#table = element(doc, 'table', 'gm-row-table');
    const names = this.#table.createTHead().insertRow();
    const heads = [trans.__('row'), '', trans.__('answer'), trans.__('state'), trans.__('s')];
    names.append(...heads.map(name => element(doc, 'th', '', name)));
    [...names.cells].forEach(cell => (cell.scope = 'col'));
    this.#words = names.cells[1]!;
    names.cells[4]!.title = trans.__('seconds');
    this.#body = this.#table.createTBody();
    this.#body.addEventListener('keydown', event => this.#move(event));
    this.#body.addEventListener('focusin', ({ target }) => this.#rove(target));
    this.#before = element(doc, 'div', 'gm-not-shown');
    this.#after = element(doc, 'div', 'gm-not-shown');
    this.#more = button(doc, 'gm-bare gm-show-rows', '', () => this.#showAll());
    this.#root.append(bar, this.#before, this.#table, this.#after);
    host.append(this.#root);
  }

  /** Draw what has come. `live` says that the kernel still asks. */
  update(rows: Rows, stats: RowsStats, live: boolean): void {
    const before = this.#context;
    this.#received = performance.now();
    const whole = merged(before?.rows ?? null, rows);
    const known = whole === rows ? stats.rows : knownOf(whole, before?.stats.rows, stats.rows);
    // If the last ones are not here, those from the first are shown.
    this.#last = live || (this.#last && countEnded(whole) <= whole.rows.length);
    this.#context = {
      doc: this.#root.ownerDocument,
      hooks: this.#hooks,
      rows: whole,
      stats: { ...stats, rows: known },
      live
    };
    this.#draw();
    this.#tick(live);
  }

  /** Draw it again: `live` has changed. */
  redraw(live: boolean): void {
    if (this.#context && this.#context.live !== live) {
      this.#context = { ...this.#context, live };
      this.#draw();
      this.#tick(live);
    }
  }

  dispose(): void {
    this.#tick(false);
    this.#lines.forEach(line => line.dispose());
    this.#root.remove();
  }

  #draw(): void {
    const context = this.#context!;
    const { rows, hooks } = context;
    if (!this.#header) {
      this.#header = new RowsHeader(context);
      this.#root.prepend(this.#header.node);
    }
    this.#root.dataset.is = markOf(context);
    this.#root.toggleAttribute('data-quiet', context.live);
    this.#header.update(context, this.#passed);
    setText(this.#words, sanitize(rows.columns) || hooks.trans.__('prompt'));
    this.#drawFilters(context);
    this.#drawRows(context);
  }

  #drawFilters(context: RowsContext): void {
    const { rows, doc, hooks, live } = context;
    const { trans } = hooks;
    const words = {
      done: trans.__('Done'),
      failed: trans.__('Failed'),
      running: live ? trans.__('Running') : trans.__('Unfinished')
    };
    // While they come, none may be on its way for a moment.
    if (this.#group && !live && !countOf(rows, this.#group)) {
      this.#group = null;
    }
    for (const [group, filter] of this.#filters) {
      const count = countOf(rows, group);
      const name = group === null ? trans.__('All') : words[group];
      setText(filter, `${name} ${formatCount(doc, count)}`);
      setVisible(filter, group === null || group === this.#group || count > 0);
      filter.ariaPressed = String(this.#group === group);
    }
  }

  #drawRows(context: RowsContext): void {
    const focused = this.#root.ownerDocument.activeElement;
    const kept = (number: number) => {
      const line = this.#lines.get(number);
      return line !== undefined && (line.isOpen || line.nodes[0].contains(focused));
    };
    const { shown, here } = shownOf(context.rows, this.#group, {
      all: this.#all,
      last: this.#last,
      kept
    });
    const numbers = new Set(shown.map(({ number }) => number));
    for (const [number, line] of this.#lines) {
      if (!numbers.has(number)) {
        line.dispose();
        this.#lines.delete(number);
      }
    }
    let place: Element | null = this.#body.firstElementChild;
    for (const row of shown) {
      let line = this.#lines.get(row.number);
      if (!line) {
        line = new RowLine(context, row);
        this.#lines.set(row.number, line);
      }
      line.update(context, row, this.#passed);
      // They come in order, so that none that has the focus is moved.
      if (line.nodes[0] !== place) {
        place ? place.before(...line.nodes) : this.#body.append(...line.nodes);
      }
      place = line.nodes[1].nextElementSibling;
    }
    this.#drawOthers(context, shown.length, here);
    setVisible(this.#table, shown.length > 0);
    const openers = this.#openers();
    if (openers[0] && !openers.some(({ tabIndex }) => tabIndex === 0)) {
      openers[0].tabIndex = 0;
    }
  }

  /** Say which rows are not shown: those that are here, those in the variable, and those to come. */
  #drawOthers({ rows, doc, hooks, live }: RowsContext, shown: number, here: number): void {
    const { trans } = hooks;
    const ended = this.#group
      ? countOf(rows, this.#group)
      : countOf({ ...rows, total: null }, null);
    const [away, toCome] = [Math.max(0, ended - here), Math.max(0, (rows.total ?? 0) - ended)];
    const lines = [
      away ? awayWords(trans, rows, live, away, formatCount(doc, away)) : '',
      live && this.#group === null && toCome
        ? trans._n('%1 more row waits', '%2 more rows wait', toCome, formatCount(doc, toCome))
        : ''
    ].filter(Boolean);
    const isFew = shown < here;
    const hidden = here - shown;
    const count = formatCount(doc, hidden);
    setText(this.#more, trans._n('Show %1 more row', 'Show %2 more rows', hidden, count));
    setVisible(this.#more, isFew);
    const place = this.#last ? this.#before : this.#after;
    if (isFew && this.#more.parentElement !== place) {
      place.prepend(this.#more);
    }
    let said = this.#after.querySelector('.gm-not-shown-text');
    if (!said) {
      said = element(doc, 'span', 'gm-not-shown-text gm-meta');
      this.#after.append(said);
    }
    setText(said, lines.join(' · '));
    setVisible(this.#before, this.#last && isFew);
    setVisible(this.#after, lines.length > 0 || (!this.#last && isFew));
  }

  #choose(group: Group | null): void {
    this.#group = group;
    this.#all = false;
    this.#draw();
  }

  #showAll(): void {
    this.#all = true;
    this.#draw();
    // The button is gone, which had the focus.
    this.#openers()[0]?.focus({ preventScroll: true });
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

  get #passed(): number {
    return this.#context?.live ? (performance.now() - this.#received) / 1000 : 0;
  }

  /** Count the seconds of what is on its way. */
  #tick(live: boolean): void {
    if (!live) {
      window.clearInterval(this.#timer);
      this.#timer = 0;
      return;
    }
    this.#timer ||= window.setInterval(() => {
      this.#header?.update(this.#context!, this.#passed);
      this.#lines.forEach(line => line.tick(this.#passed));
    }, 1000);
  }
}

/** Return where the rows are that are not here: those of a kernel that was gone half-way, or kept none, are nowhere. */
function awayWords(
  trans: Translations,
  { key, name, state }: Rows,
  live: boolean,
  away: number,
  count: string
): string {
  if (key === '' || (state === 'running' && !live)) {
    return trans._n('%1 more row is not here', '%2 more rows are not here', away, count);
  }
  return name
    ? trans._n('%1 more row is in %3', '%2 more rows are in %3', away, count, sanitize(name))
    : trans._n('%1 more row is in the variable', '%2 more rows are in the variable', away, count);
}
