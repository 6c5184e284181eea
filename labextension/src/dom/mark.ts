/** The dot in the gutter that shows, in a colour alone, what words beside it say. */

import { element } from './element';

export function mark(doc: Document): HTMLElement {
  const made = element(doc, 'span', 'gm-mark');
  made.ariaHidden = 'true';
  return made;
}
