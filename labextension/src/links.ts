/** Links of the model's: to the web and to mail, nothing that runs. */

import { quiet } from './dom';

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
