/** The button that lets the kernel run all attempts again. */

import { button } from '../dom/button';
import { setText, setVisible } from '../dom/element';
import { sanitize } from '../text/sanitize';
import type { Context } from './context';

export class VerifyButton {
  readonly node: HTMLButtonElement;
  #asked = false;

  /** `said` is called with why there are no verdicts, and with an empty line when the user asks. */
  constructor({ doc, hooks }: Context, said: (line: string) => void) {
    const { trans } = hooks;
    this.node = button(doc, 'gm-bare gm-verify', trans.__('Verify'), () => void this.ask());
    this.node.title = trans.__('Run every attempt again here, and compare');
    this.ask = async () => {
      const { verify } = hooks;
      if (!verify || this.#asked) {
        return;
      }
      this.#wait(trans.__('Verifying…'));
      said('');
      try {
        await verify(line => setText(this.node, sanitize(line)));
      } catch (error) {
        said(sanitize((error as Error).message));
      }
      this.#asked = false;
      // Not `disabled`: that would drop the focus.
      this.node.ariaDisabled = null;
      setText(this.node, trans.__('Verify'));
    };
  }

  /** Do what a press does; the header makes room for it as long as that takes. */
  readonly ask: () => Promise<void>;

  /** Whether it could be pressed, but a narrow header has no room for it. */
  get isFolded(): boolean {
    return !this.node.hidden && this.node.checkVisibility?.() === false;
  }

  #wait(words: string): void {
    this.#asked = true;
    this.node.ariaDisabled = 'true';
    setText(this.node, words);
  }

  update({ hooks, live, run, version }: Context): void {
    // The kernel runs what the output holds, which is the newest answer.
    const isNewest = version.at === version.count - 1;
    const hasCode = run.parts.some(part => part.kind === 'code');
    const ended = !live && run.state !== 'running';
    setVisible(this.node, isNewest && hasCode && ended && Boolean(hooks.verify));
  }
}
