/** The buttons above many rows by which the user chooses among them: all, or those that stand alike. */

import { button } from '../dom/button';
import { element, formatCount, setText, setVisible } from '../dom/element';
import { countOf, GROUPS, type Group } from './rowList';
import type { RowsContext } from './rowsContext';

export class RowsFilters {
  readonly node: HTMLElement;
  readonly #buttons = new Map<Group | null, HTMLButtonElement>();
  #group: Group | null = null;

  /** `chosen` is called when the user has chosen. */
  constructor({ doc, hooks: { trans } }: Pick<RowsContext, 'doc' | 'hooks'>, chosen: () => void) {
    this.node = element(doc, 'div', 'gm-filters');
    this.node.setAttribute('role', 'group');
    this.node.ariaLabel = trans.__('Show');
    for (const group of [null, ...GROUPS]) {
      const filter = button(doc, 'gm-bare gm-filter', '', () => {
        this.#group = group;
        chosen();
      });
      this.#buttons.set(group, filter);
      this.node.append(filter);
    }
  }

  /** The group that is shown, null for all rows. */
  get group(): Group | null {
    return this.#group;
  }

  update({ rows, doc, hooks: { trans }, live }: RowsContext): void {
    const words = {
      done: trans.__('Done'),
      failed: trans.__('Failed'),
      running: live ? trans.__('Running') : trans.__('Unfinished')
    };
    // While they come, none may be on its way for a moment.
    if (this.#group && !live && !countOf(rows, this.#group)) {
      this.#group = null;
    }
    for (const [group, filter] of this.#buttons) {
      const count = countOf(rows, group);
      const name = group === null ? trans.__('All') : words[group];
      setText(filter, `${name} ${formatCount(doc, count)}`);
      setVisible(filter, group === null || group === this.#group || count > 0);
      filter.ariaPressed = String(this.#group === group);
    }
  }
}
