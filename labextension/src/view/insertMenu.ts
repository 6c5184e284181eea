/** The button that puts the code of a run into cells, and the menu that says which code. */

import { attemptsOf } from '../cells/pieces';
import type { Choice } from '../contract/run';
import { isFailed, steps } from '../contract/steps';
import { button } from '../dom/button';
import { setVisible } from '../dom/element';
import { menuButton, type Item } from '../dom/menu';
import { insertAndAnnounce } from './codeActions';
import type { Context } from './context';

/** What a whole run can be asked for. */
type Whole = Exclude<Choice, number>;

export class InsertMenu {
  readonly nodes: readonly HTMLElement[];
  readonly menu: HTMLElement;
  readonly #insert: HTMLButtonElement;
  #context: Context;
  /** What the user chose last, which the button does from then on. */
  #chosen: Whole = 'needed';

  constructor(context: Context) {
    this.#context = context;
    const { doc, hooks } = context;
    const { trans } = hooks;
    this.#insert = button(doc, 'gm-main gm-insert-main', trans.__('Insert as cells'), () =>
      insertAndAnnounce(this.#context, this.#insert, this.#chosen)
    );
    const { opener, menu } = menuButton(doc, 'gm-main gm-insert-as', '▾', () => this.#items());
    opener.ariaLabel = trans.__('Choose what to insert');
    this.nodes = [this.#insert, opener];
    this.menu = menu;
  }

  update(context: Context): void {
    this.#context = context;
    const { hooks, live, run } = context;
    const possible = Boolean(hooks.insert) && !live && attemptsOf(run, 'all').length > 0;
    this.nodes.forEach(node => setVisible(node, possible));
  }

  #items(): Item[] {
    const { trans, insertAndRun } = this.#context.hooks;
    const choices: [Whole, string, string][] = [
      ['needed', trans.__('What the answer needs'), this.#attempts('needed')],
      ['last', trans.__('Last attempt only'), this.#attempts('last')],
      [
        'all',
        trans.__('Every attempt'),
        this.#hasFailed() ? trans.__('failed ones commented out') : ''
      ],
      ['prose', trans.__('All, with the prose'), '']
    ];
    const items = choices.map(([choice, label, detail]): Item => ({
      label,
      detail,
      chosen: choice === this.#chosen,
      act: () => {
        this.#chosen = choice;
        insertAndAnnounce(this.#context, this.#insert, choice);
      }
    }));
    const run: Item = {
      label: trans.__('Insert and run'),
      apart: true,
      act: () => insertAndAnnounce(this.#context, this.#insert, this.#chosen, 'insertAndRun')
    };
    return insertAndRun ? [...items, run] : items;
  }

  /** Return which attempts a choice inserts: `attempts 1 and 3`, `attempts 1 to 4`. */
  #attempts(choice: Whole): string {
    const { hooks, run } = this.#context;
    const { trans } = hooks;
    const found = attemptsOf(run, choice);
    const [first, last] = [found[0], found.at(-1)];
    if (first === undefined || last === undefined) {
      return '';
    }
    if (first === last) {
      return trans.__('attempt %1', first);
    }
    if (found.length > 2 && last - first === found.length - 1) {
      return trans.__('attempts %1 to %2', first, last);
    }
    return trans.__('attempts %1 and %2', found.slice(0, -1).join(', '), last);
  }

  #hasFailed(): boolean {
    return steps(this.#context.run).some(isFailed);
  }
}
