/** Boxes that scroll: what is wider or higher than its place scrolls by itself, by keyboard too. */

import { element } from './element';
import { suppressShortcuts } from './shortcuts';

/**
 * Put each table in `prose` into a box, and let the keyboard into these boxes and into code. This does
 * not depend on their width: a box that differed from its next drawing would be replaced while the
 * user reads it.
 */
export function boxWide(prose: ParentNode): void {
  prose.querySelectorAll('table').forEach(table => {
    const box = element(table.ownerDocument, 'div', 'gm-scroll');
    table.replaceWith(box);
    box.append(table);
  });
  prose.querySelectorAll<HTMLElement>('.gm-scroll, pre').forEach(box => {
    suppressShortcuts(box).tabIndex = 0;
  });
}

/** Return `box` marked as one that may scroll; its section lets the keyboard into it if it does. */
export function scrollable<T extends HTMLElement>(box: T): T {
  suppressShortcuts(box).classList.add('gm-scrollable');
  return box;
}

/** Let the keyboard into the marked boxes in `root` that scroll, and out of the others. */
export function updateTabStops(root: HTMLElement): void {
  root.querySelectorAll<HTMLElement>('.gm-scrollable').forEach(box => {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) {
      box.tabIndex = 0;
    } else if (!box.matches(':focus')) {
      box.removeAttribute('tabindex');
    }
  });
}
