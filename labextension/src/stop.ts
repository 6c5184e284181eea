/** The button that stops a run. */

import type { Context } from './context';
import { button, show } from './dom';

// Milliseconds after which the reader may ask again: most runs end in a tenth of that.
const PATIENCE = 5000;

/** Asks once, and again only when the run has not ended for a while. */
export class StopButton {
  readonly node: HTMLButtonElement;
  #asked = false;

  /** `say` is called when the reader has asked. */
  constructor({ doc, hooks }: Context, say: () => void) {
    this.node = button(doc, 'gm-stop', hooks.words.__('■ Stop'), () => {
      if (hooks.stop && this.node.ariaDisabled !== 'true') {
        this.#asked = true;
        // Not `disabled`, which would take the focus away.
        this.node.ariaDisabled = 'true';
        setTimeout(() => (this.node.ariaDisabled = null), PATIENCE);
        hooks.stop();
        say();
      }
    });
    this.node.ariaLabel = hooks.words.__('Stop');
  }

  /** Whether the reader has asked, and the run goes on all the same. */
  get asked(): boolean {
    return this.#asked;
  }

  update({ hooks, live }: Context): void {
    this.#asked &&= live;
    show(this.node, live && Boolean(hooks.stop));
  }
}
