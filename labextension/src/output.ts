/** What code printed, clipped where it is long, and the pictures it drew. */

import type { Context } from './context';
import { button, make, numeral, take } from './dom';
import { paint } from './paint';
import type { Image } from './run';
import { reach } from './stretch';
import { clip, printable, trimLines } from './text';

/** Draw `text` into `host`, in the colours of `language`; a long one with a button that shows all. */
export function drawOutput(
  context: Context,
  host: HTMLElement,
  text: string,
  language?: string
): void {
  const { doc, hooks } = context;
  const whole = trimLines(printable(text));
  const shown = clip(whole, hooks.options.clipLines);
  const pre = (part: string) => {
    const node = reach(make(doc, 'pre', 'gm-pre'));
    node.append(...(language ? paint(doc, hooks.colour(part, language)) : [part]));
    return node;
  };
  if (!shown.clipped) {
    host.replaceChildren(pre(whole));
    return;
  }
  const label =
    shown.total > 1
      ? hooks.words.__('show all %1 lines', numeral(doc, shown.total))
      : hooks.words.__('show all %1 characters', numeral(doc, whole.length));
  const all = button(doc, 'gm-show-all', label, () => {
    const node = pre(whole);
    host.replaceChildren(node);
    take(node);
  });
  host.replaceChildren(pre(shown.head), all, ...(shown.tail ? [pre(shown.tail)] : []));
}

const PICTURES = /^image\/(?:png|jpeg|gif|webp|bmp|svg\+xml)$/;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/** Return a picture that opens full size; a line in its place where it is none. */
export function drawImage(context: Context, image: Image, name: string): HTMLElement {
  const { doc } = context;
  const { words } = context.hooks;
  if (!PICTURES.test(image.mime_type) || !BASE64.test(image.data)) {
    const line = image.data
      ? words.__('%1: a picture that cannot be shown', printable(image.mime_type).slice(0, 60))
      : words.__('A picture, shown when the run has ended');
    return make(doc, 'div', 'gm-note', line);
  }
  // In an <img> even an SVG runs no script and loads nothing (SVG 2, 2.4: secure static mode).
  const source = `data:${image.mime_type};base64,${image.data}`;
  const picture = make(doc, 'img', 'gm-image');
  picture.src = source;
  picture.alt = name;
  const opener = button(doc, 'gm-picture', '', () => openFull(context, opener, source, name));
  opener.title = words.__('Open full size');
  opener.append(picture);
  return opener;
}

function openFull(context: Context, opener: HTMLElement, source: string, name: string): void {
  const dialog = make(context.doc, 'dialog', 'gm-full');
  dialog.ariaLabel = name;
  const picture = make(context.doc, 'img');
  picture.src = source;
  picture.alt = name;
  const close = button(context.doc, 'gm-close', context.hooks.words.__('Close'), () =>
    dialog.close()
  );
  dialog.append(close, picture);
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  // Keys of the page below must not act on its cells while a picture covers them.
  dialog.addEventListener('keydown', event => event.stopPropagation());
  opener.after(dialog);
  dialog.showModal();
}
