/** What is done with code, and the button saying that it was. */

import type { Choice, Context } from './context';
import { button, flash } from './dom';

/** Return a button that puts what `text` gives on the clipboard, and says so. */
export function copyButton(context: Context, name: string, text: () => string): HTMLButtonElement {
  const { words } = context.hooks;
  const node = button(context.doc, name, words.__('Copy'), () => {
    void navigator.clipboard.writeText(text()).then(
      () => flash(node, words.__('Copied')),
      () => flash(node, words.__('Not allowed'))
    );
  });
  return node;
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
