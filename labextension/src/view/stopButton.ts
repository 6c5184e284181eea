/** The button that stops a run. */

import { button } from '../dom/button';
import { setVisible } from '../dom/element';
import type { Translations } from '../text/i18n';

// In milliseconds. Most runs end in a tenth of this time.
const PATIENCE = 5000;

/** What it needs to know of what is drawn. */
interface Stoppable {
  doc: Document;
  hooks: { trans: Translations; stop?(): void };
  live: boolean;
}

/** Asks once, and again only if the run has not ended for a while. */
export class StopButton {
  readonly node: HTMLButtonElement;
  #asked = false;
  #live = true;
  /** Whether the pointer was above it last. Where the view is moved, the browser forgets that for a while. */
  #near = false;
  #leaving: AbortController | null = null;

  /** `asked` is called when the user asks. */
  constructor({ doc, hooks }: Stoppable, asked: () => void) {
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
    this.node.addEventListener('pointermove', () => (this.#near = true));
    this.node.addEventListener('pointerleave', () => (this.#near &&= !this.#live));
  }

  /** Whether the user has asked and the run still goes on. */
  get asked(): boolean {
    return this.#asked;
  }

  update({ hooks, live }: Stoppable): void {
    this.#asked &&= live;
    this.#live = live;
    const header = this.node.closest('header');
    if (live) {
      setVisible(this.node, Boolean(hooks.stop));
    } else if (header && (this.#near || header.matches(':hover'))) {
      // It keeps its place while the pointer is near: a second click must not press what comes there.
      this.node.ariaDisabled = 'true';
      this.#hideBeyond(header);
    } else {
      this.#hide();
    }
  }

  /** Hide once the pointer itself has left `header`, which may be on its way to another place in the page. */
  #hideBeyond(header: HTMLElement): void {
    this.#leaving?.abort();
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    const moved = ({ target }: Event) => {
      if (!header.contains(target as Node)) {
        this.#hide();
      }
    };
    header.ownerDocument.addEventListener('pointermove', moved, { signal, passive: true });
  }

  #hide(): void {
    this.#leaving?.abort();
    if (!this.#live) {
      this.#near = false;
      setVisible(this.node, false);
    }
  }
}
