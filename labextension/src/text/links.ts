/** Links in the model's prose: they lead to the web and to mail. */

import { suppressShortcuts } from '../dom/shortcuts';

/** Return `uri` if a user may follow it, to the web or to mail; else null. */
export function safeLink(uri: string): string | null {
  return /^(?:https?:\/\/|mailto:)/i.test(uri.trim()) ? uri.trim() : null;
}

/** Let a safe link open a window of its own; leave only the text of any other. */
export function secure(link: HTMLAnchorElement): void {
  const uri = safeLink(link.getAttribute('href') ?? '');
  if (!uri) {
    link.replaceWith(...link.childNodes);
    return;
  }
  suppressShortcuts(link);
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
}
