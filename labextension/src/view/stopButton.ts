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
  /** What follows the pointer from when it is near until it leaves, wherever the view is moved meanwhile. */
  #near: AbortController | null = null;

  /** `asked` is called when the user asks. */
  constructor({ doc, hooks }: Pick<Stoppable, 'doc' | 'hooks'>, asked: () => void) {
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
    this.node.addEventListener('pointermove', () => this.#follow());
  }

  /** Whether the user has asked and the run still goes on. */
  get asked(): boolean {
    return this.#asked;
  }

  update({ hooks, live }: Stoppable): void {
    this.#asked &&= live;
    if (live && !this.#live) {
      // It was kept from a second click when it seemed to have ended.
      this.node.ariaDisabled = null;
    }
    this.#live = live;
    if (live) {
      setVisible(this.node, Boolean(hooks.stop));
    } else if (this.#near || this.node.closest('header')?.matches(':hover')) {
      // It keeps its place while the pointer is near: a second click must not press what comes there.
      this.node.ariaDisabled = 'true';
      this.#follow();
    } else {
      this.#hide();
    }
  }

  /**
   * Follow the pointer until it leaves the header. Only a move of its own counts: where the page is laid out anew or the
   * view is moved, the browser says that it has left (`pointerleave`, `:hover`) while it rests.
   */
  #follow(): void {
    if (this.#near) {
      return;
    }
    this.#near = new AbortController();
    const { signal } = this.#near;
    const page = this.node.ownerDocument;
    const left = () => {
      this.#near?.abort();
      this.#near = null;
      this.#hide();
    };
    const moved = ({ target }: Event) => {
      if (!this.node.closest('header')?.contains(target as Node)) {
        left();
      }
    };
    page.addEventListener('pointermove', moved, { signal, passive: true });
    page.documentElement.addEventListener('pointerleave', left, { signal });
  }

  #hide(): void {
    if (!this.#live) {
      this.#near?.abort();
      this.#near = null;
      setVisible(this.node, false);
    }
  }
}
