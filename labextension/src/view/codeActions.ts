/** Copying code and inserting it as cells; the pressed button says whether it worked. */

import type { Choice } from '../contract/run';
import { announce, button } from '../dom/button';
import type { Context } from './context';

/** Return a button that puts what `text` returns on the clipboard. */
export function copyButton(context: Context, name: string, text: () => string): HTMLButtonElement {
  const { trans } = context.hooks;
  const node = button(context.doc, name, trans.__('Copy'), () =>
    copyAndAnnounce(context, node, text())
  );
  return node;
}

/** Put `text` on the clipboard; `pressed` says whether that was done. */
export function copyAndAnnounce(context: Context, pressed: HTMLElement, text: string): void {
  const { trans } = context.hooks;
  void copy(context, text).then(done =>
    announce(pressed, done ? trans.__('Copied') : trans.__('The browser forbids it'))
  );
}

/** Put `text` on the clipboard; return whether that was done. */
async function copy({ hooks }: Context, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page over plain http has no `navigator.clipboard`, and a frame may be forbidden to use it:
    // https://w3c.github.io/clipboard-apis/#navigator-clipboard
    return hooks.copy?.(text) ?? false;
  }
}

/** Put the code of `choice` into the notebook; `pressed` says how many cells it became. */
export function insertAndAnnounce(
  context: Context,
  pressed: HTMLElement,
  choice: Choice,
  how: 'insert' | 'insertAndRun' = 'insert'
): void {
  const { hooks } = context;
  const { trans } = hooks;
  const count = hooks[how]?.(context.run, choice) ?? 0;
  announce(
    pressed,
    count ? trans._n('%1 cell inserted', '%1 cells inserted', count) : trans.__('No notebook here')
  );
}
