/** A picture that code drew, and the same at full size. */

import type { Image } from '../contract/parts';
import { button } from '../dom/button';
import { element } from '../dom/element';
import { sanitize } from '../text/sanitize';
import type { Context } from './context';

const PICTURES = /^image\/(?:png|jpeg|gif|webp|bmp|svg\+xml)$/;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/** Return a picture that opens at full size, or a line in its place if it cannot be shown. */
export function drawPicture(context: Context, image: Image, name: string): HTMLElement {
  const { doc } = context;
  const { trans } = context.hooks;
  if (!PICTURES.test(image.mime_type) || !BASE64.test(image.data)) {
    const line = image.data
      ? trans.__('%1: a picture that cannot be shown', sanitize(image.mime_type).slice(0, 60))
      : trans.__('A picture, shown when the run has ended');
    return element(doc, 'div', 'gm-note', line);
  }
  // In an <img> even an SVG runs no script and loads nothing (SVG 2, 2.4: secure static mode).
  const source = `data:${image.mime_type};base64,${image.data}`;
  const picture = element(doc, 'img', 'gm-image');
  picture.src = source;
  picture.alt = name;
  const opener = button(doc, 'gm-picture', '', () => openFull(context, opener, source, name));
  opener.title = trans.__('Open full size');
  opener.append(picture);
  return opener;
}

function openFull(context: Context, opener: HTMLElement, source: string, name: string): void {
  const dialog = element(context.doc, 'dialog', 'gm-full');
  dialog.ariaLabel = name;
  const picture = element(context.doc, 'img');
  picture.src = source;
  picture.alt = name;
  const close = button(context.doc, 'gm-close', context.hooks.trans.__('Close'), () =>
    dialog.close()
  );
  dialog.append(close, picture);
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  // No key may act on the cells of the page below, which the picture covers.
  dialog.addEventListener('keydown', event => event.stopPropagation());
  opener.after(dialog);
  dialog.showModal();
}
