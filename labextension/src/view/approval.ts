/** The buttons by which the user allows or refuses what the kernel waits for. */

import { DECISIONS, type Decision, type Waiting } from '../contract/waiting';
import { button } from '../dom/button';
import { element, setVisible } from '../dom/element';
import type { Translations } from '../text/i18n';
import type { Context } from './context';

export class Approval {
  readonly node: HTMLElement;
  #context: Context;
  #asked: Waiting | null = null;

  constructor(context: Context) {
    this.#context = context;
    const { doc, hooks } = context;
    this.node = element(doc, 'span', 'gm-approval');
    this.node.setAttribute('role', 'group');
    for (const answer of DECISIONS) {
      const name = answer === 'yes' ? 'gm-main' : '';
      this.node.append(button(doc, name, words(hooks.trans, answer), () => this.#say(answer)));
    }
    setVisible(this.node, false);
  }

  /** Show them while `waiting` can be answered by a button, each question once. */
  update(waiting: Waiting | null, context: Context): void {
    this.#context = context;
    if (waiting?.key !== this.#asked?.key) {
      this.#asked = waiting;
      setVisible(this.node, Boolean(waiting?.key && context.hooks.answer));
      this.node.ariaLabel = waiting?.question ?? null;
    }
  }

  #say(answer: Decision): void {
    if (this.#asked && !this.node.hidden) {
      this.#context.hooks.answer?.(this.#asked, answer);
      setVisible(this.node, false);
    }
  }
}

function words(trans: Translations, answer: Decision): string {
  const all = {
    yes: trans.__('Allow'),
    all: trans.__('Allow all'),
    no: trans.__('Refuse')
  };
  return all[answer];
}
