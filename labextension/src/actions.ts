/** What is done with code, and the button saying that it was. */

import type { Choice, Context } from './context';
import { button, flash } from './dom';

/** Return a button that puts what `text` gives on the clipboard, and says so. */
export function copyButton(context: Context, name: string, text: () => string): HTMLButtonElement {
  const { words } = context.hooks;
  const node = button(context.doc, name, words.__('Copy'), () => {
    void copy(context, text()).then(done =>
      flash(node, done ? words.__('Copied') : words.__('The browser forbids it'))
    );
  });
  return node;
}

/** Put `text` on the clipboard; return whether that was possible. */
async function copy({ hooks }: Context, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page over plain http has no `navigator.clipboard`, and a frame may not be allowed to use it:
    // https://w3c.github.io/clipboard-apis/#navigator-clipboard
    return hooks.copy?.(text) ?? false;
  }
}

/** Put the code of `choice` into the notebook, and say on `pressed` how many cells it became. */
export function insertAndSay(context: Context, pressed: HTMLElement, choice: Choice): void {
  const { words, insert } = context.hooks;
  const count = insert?.(context.run, choice) ?? 0;
  flash(
    pressed,
    count ? words._n('%1 cell inserted', '%1 cells inserted', count) : words.__('No notebook here')
  );
}
