/** The button that stops a run. */

import { button } from '../dom/button';
import { setVisible } from '../dom/element';
import type { Context } from './context';

// In milliseconds. Most runs end in a tenth of this time.
const PATIENCE = 5000;

/** Asks once, and again only if the run has not ended for a while. */
export class StopButton {
  readonly node: HTMLButtonElement;
  #asked = false;
  #live = true;

  /** `asked` is called when the user asks. */
  constructor({ doc, hooks }: Context, asked: () => void) {
    this.node = button(doc, 'gm-stop', hooks.trans.__('■ Stop'), () => {
      if (hooks.stop && this.#live && this.node.ariaDisabled !== 'true') {
        this.#asked = true;
        // Not `disabled`: that would drop the focus.
        this.node.ariaDisabled = 'true';
        setTimeout(() => (this.node.ariaDisabled = null), PATIENCE);
        hooks.stop();
        asked();
      }
    });
    this.node.ariaLabel = hooks.trans.__('Stop');
  }

  /** Whether the user has asked and the run still goes on. */
  get asked(): boolean {
    return this.#asked;
  }

  update({ hooks, live }: Context): void {
    this.#asked &&= live;
    this.#live = live;
    const header = this.node.closest('header');
    if (live) {
      setVisible(this.node, Boolean(hooks.stop));
    } else if (header?.matches(':hover')) {
      // It keeps its place while the pointer is near: a second click must not press what comes there.
      this.node.ariaDisabled = 'true';
      header.addEventListener('pointerleave', () => this.#hide(), { once: true });
    } else {
      this.#hide();
    }
  }

  #hide(): void {
    if (!this.#live) {
      setVisible(this.node, false);
    }
  }
}
