/** A button that opens a menu. */

import { button } from './button';
import { element } from './element';

export interface Item {
  label: string;
  act(): void;
}

/** Return a button and its menu, for the pointer and for the arrows, Enter and Escape. */
export function menuButton(
  doc: Document,
  name: string,
  label: string,
  items: Item[]
): { opener: HTMLButtonElement; menu: HTMLElement } {
  const menu = element(doc, 'div', 'gm-menu');
  menu.setAttribute('role', 'menu');
  menu.setAttribute('popover', 'auto');
  const opener = button(doc, name, label, () => place(opener, menu));
  opener.ariaHasPopup = 'menu';
  opener.ariaExpanded = 'false';
  // The browser closes a popover on Escape and on a press elsewhere, and returns the focus.
  opener.popoverTargetElement = menu;
  for (const item of items) {
    const entry = button(doc, 'gm-item', item.label, () => item.act());
    entry.popoverTargetElement = menu;
    entry.popoverTargetAction = 'hide';
    entry.setAttribute('role', 'menuitem');
    menu.append(entry);
  }
  // The entry that gets the focus when the popover opens.
  menu.firstElementChild?.setAttribute('autofocus', '');
  const close = () => menu.hidePopover();
  menu.addEventListener('toggle', event => {
    const open = event.newState === 'open';
    opener.ariaExpanded = String(open);
    // Otherwise it would stay where its button was.
    doc[open ? 'addEventListener' : 'removeEventListener']('scroll', close, true);
  });
  menu.addEventListener('keydown', event => move(menu, event));
  opener.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      opener.click();
    }
  });
  return { opener, menu };
}

/** Put `menu` below `opener`, or above it if there is no room below, inside the window. */
function place(opener: HTMLElement, menu: HTMLElement): void {
  const box = opener.getBoundingClientRect();
  const { style } = menu;
  // A popover has a size only while it is shown.
  style.display = 'block';
  const { offsetWidth: width, offsetHeight: height } = menu;
  style.display = '';
  const below = box.bottom + 4;
  const top = below + height > innerHeight ? box.top - 4 - height : below;
  const left = Math.min(box.right, document.documentElement.clientWidth) - width;
  style.top = `${Math.max(0, top)}px`;
  style.left = `${Math.max(0, left)}px`;
}

function move(menu: HTMLElement, event: KeyboardEvent): void {
  if (event.key === 'Tab') {
    // The focus goes back to the button first, and on from there.
    menu.hidePopover();
  }
  const entries = [...menu.children] as HTMLElement[];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    entries.at(to % entries.length)?.focus();
  }
}
