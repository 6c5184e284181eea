/** Many rows on the screen: made once, then updated, so that what the user opened or chose stays. */

import type { Rows, RowsStats } from '../contract/rows';
import { element } from '../dom/element';
import { countEnded, knownOf, merged, shownOf } from './rowList';
import type { RowsContext, RowsHooks } from './rowsContext';
import { RowsFilters } from './rowsFilters';
import { markOf, RowsHeader } from './rowsHeader';
import { RowsNotShown } from './rowsNotShown';
import { RowsTable } from './rowsTable';

export class RowsView {
  readonly #root: HTMLElement;
  readonly #hooks: RowsHooks;
  readonly #header: RowsHeader;
  readonly #filters: RowsFilters;
  readonly #table: RowsTable;
  readonly #notShown: RowsNotShown;
  #context: RowsContext | null = null;
  #all = false;
  /** Whether the last rows are shown, as they grow, or the first. */
  #last = false;
  #received = 0;
  #timer = 0;

  constructor(host: HTMLElement, hooks: RowsHooks) {
    this.#hooks = hooks;
    const doc = host.ownerDocument;
    this.#root = element(doc, 'section', 'gm-run gm-rows');
    // Not a landmark: the same rows may be shown twice.
    this.#root.setAttribute('role', 'group');
    this.#root.ariaLabel = hooks.trans.__('Many rows');
    this.#header = new RowsHeader({ doc, hooks });
    this.#filters = new RowsFilters({ doc, hooks }, () => {
      this.#all = false;
      this.#draw();
    });
    this.#table = new RowsTable({ doc, hooks });
    this.#notShown = new RowsNotShown(doc, () => this.#showAll());
    const { before, after } = this.#notShown;
    this.#root.append(this.#header.node, this.#filters.node, before, this.#table.node, after);
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
    this.#table.dispose();
    this.#root.remove();
  }

  #draw(): void {
    const context = this.#context!;
    this.#root.dataset.is = markOf(context);
    this.#root.toggleAttribute('data-quiet', context.live);
    this.#header.update(context, this.#passed);
    this.#filters.update(context);
    const { group } = this.#filters;
    const last = this.#last;
    const { shown, here } = shownOf(context.rows, group, {
      all: this.#all,
      last,
      kept: number => this.#table.isKept(number)
    });
    this.#table.update(context, shown, this.#passed);
    this.#notShown.update(context, { group, shown: shown.length, here, last });
  }

  #showAll(): void {
    this.#all = true;
    this.#draw();
    // The button is gone, which had the focus.
    this.#table.focusFirst();
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
      this.#header.update(this.#context!, this.#passed);
      this.#table.tick(this.#passed);
    }, 1000);
  }
}
