/** A picture that code drew, at its natural size within limits; a click opens the viewer. */

import type { Image } from '../contract/parts';
import { button } from '../dom/button';
import { element } from '../dom/element';
import { sanitize } from '../text/sanitize';
import type { Context } from './context';
import { openViewer } from './pictureViewer';

type Picture = Pick<Image, 'mime_type' | 'data'>;

const PICTURES = /^image\/(?:png|jpeg|gif|webp|bmp|svg\+xml)$/;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
// A browser takes four bytes for each: a figure of a few kilobytes may ask for gigabytes.
const MOST_PIXELS = 50_000_000;

/** Return a button that shows a picture, or a line in its place if it cannot be shown. */
export function drawPicture(context: Context, image: Picture, name: string): HTMLElement {
  const { doc } = context;
  const { trans } = context.hooks;
  const problem = problemOf(context, image);
  if (problem) {
    return element(doc, 'div', 'gm-note', problem);
  }
  const picture = element(doc, 'img', 'gm-image');
  // In an <img> even an SVG runs no script and loads nothing (SVG 2, 2.4: secure static mode).
  picture.src = `data:${image.mime_type};base64,${image.data}`;
  picture.alt = name;
  const opener = button(doc, 'gm-picture', '', () => openViewer(context, opener));
  opener.title = trans.__('Open full size');
  opener.append(picture);
  return opener;
}

/** Return the line that stands in place of a picture that cannot be shown, '' if it can. */
function problemOf({ hooks }: Context, { mime_type, data }: Picture): string {
  const { trans } = hooks;
  if (!data) {
    return trans.__('A picture, shown when the run has ended');
  }
  if (!PICTURES.test(mime_type) || !BASE64.test(data)) {
    return trans.__('%1: a picture that cannot be shown', sanitize(mime_type).slice(0, 60));
  }
  const [width, height] = pixelsOf(mime_type, data);
  return width * height > MOST_PIXELS
    ? trans.__('A picture of %1 × %2 pixels, too large to be shown', width, height)
    : '';
}

/** Return the width and height that a PNG or a GIF states; zeros for other pictures. */
function pixelsOf(mimeType: string, data: string): [number, number] {
  const signs = data.slice(0, 64).replace(/\s/g, '').slice(0, 32);
  // Of data that is cut anywhere, only whole groups of four are decoded.
  const head = atob(signs.slice(0, signs.length - (signs.length % 4)));
  const view = new DataView(Uint8Array.from(head, sign => sign.charCodeAt(0)).buffer);
  if (mimeType === 'image/png' && view.byteLength >= 24) {
    return [view.getUint32(16), view.getUint32(20)];
  }
  if (mimeType === 'image/gif' && view.byteLength >= 10) {
    return [view.getUint16(6, true), view.getUint16(8, true)];
  }
  return [0, 0];
}
