/** What prose may hold that is wider than its line, and scrolls in a box of its own. */

import { make, quiet } from './dom';

/**
 * Box the tables in `prose`, and let the keyboard into them and into code, whatever their width: a
 * box that differed from its next drawing would be replaced by it while it is read.
 */
export function boxWide(prose: ParentNode): void {
  prose.querySelectorAll('table').forEach(table => {
    const box = make(table.ownerDocument, 'div', 'gm-scroll');
    table.replaceWith(box);
    box.append(table);
  });
  prose.querySelectorAll<HTMLElement>('.gm-scroll, pre').forEach(box => {
    quiet(box).tabIndex = 0;
  });
}
