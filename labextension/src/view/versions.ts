/** The switch between the answers that a cell has given: `1 of 2 ‹ ›`, 1 being the oldest. */

import { button } from '../dom/button';
import { element, setText, setVisible } from '../dom/element';
import type { Context } from './context';

export class Versions {
  readonly node: HTMLElement;
  readonly #text: HTMLElement;
  readonly #older: HTMLButtonElement;
  readonly #newer: HTMLButtonElement;
  #context: Context;

  constructor(context: Context) {
    this.#context = context;
    const { doc, hooks } = context;
    const { trans } = hooks;
    this.node = element(doc, 'span', 'gm-versions');
    this.node.setAttribute('role', 'group');
    this.node.ariaLabel = trans.__('Answers of this cell');
    this.#text = element(doc, 'span', 'gm-meta');
    this.#older = button(doc, 'gm-bare gm-older', '‹', () => this.#move(-1));
    this.#older.ariaLabel = trans.__('Older answer');
    this.#newer = button(doc, 'gm-bare gm-newer', '›', () => this.#move(1));
    this.#newer.ariaLabel = trans.__('Newer answer');
    this.node.append(this.#text, this.#older, this.#newer);
  }

  update(context: Context): void {
    this.#context = context;
    const { hooks, live, version } = context;
    setVisible(this.node, version.count > 1 && !live);
    setText(this.#text, hooks.trans.__('%1 of %2', version.at + 1, version.count));
    // Not `disabled`: that would drop the focus.
    this.#older.ariaDisabled = version.at ? null : 'true';
    this.#newer.ariaDisabled = version.at < version.count - 1 ? null : 'true';
  }

  #move(by: number): void {
    const { at, count, choose } = this.#context.version;
    if (at + by >= 0 && at + by < count) {
      choose(at + by);
    }
  }
}
