/** What the model's prose may become: fixed tags, and links to the web and to mail. */

import { quiet } from './dom';

// No images: a remote one would carry data out, and figures come as parts of their own.
export const TAGS =
  'a,b,blockquote,br,code,del,em,h1,h2,h3,h4,h5,h6,hr,i,li,ol,p,pre,strong,table,tbody,td,th,thead,tr,ul';

/** Return `uri` when a reader may follow it: the web and mail, nothing that runs; else null. */
export function safeLink(uri: string): string | null {
  return /^(?:https?:\/\/|mailto:)/i.test(uri.trim()) ? uri.trim() : null;
}

/** Let a link lead to the web only, in a window of its own; leave the text of any other. */
export function secure(link: HTMLAnchorElement): void {
  const uri = safeLink(link.getAttribute('href') ?? '');
  if (!uri) {
    link.replaceWith(...link.childNodes);
    return;
  }
  quiet(link);
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
}
