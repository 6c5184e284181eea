/** A button that opens a menu of what can be done. */

import { button, make } from './dom';

export interface Item {
  label: string;
  act(): void;
}

/** Return a button and its menu, worked by pointer or by arrows, Enter and Escape. */
export function menuButton(
  doc: Document,
  name: string,
  label: string,
  items: Item[]
): { opener: HTMLButtonElement; menu: HTMLElement } {
  const menu = make(doc, 'div', 'gm-menu');
  menu.setAttribute('role', 'menu');
  menu.setAttribute('popover', 'auto');
  const opener = button(doc, name, label, () => place(opener, menu));
  opener.ariaHasPopup = 'menu';
  opener.ariaExpanded = 'false';
  // A popover closes itself on Escape and on a press elsewhere, and gives the focus back.
  opener.popoverTargetElement = menu;
  for (const item of items) {
    const entry = button(doc, 'gm-item', item.label, () => item.act());
    entry.popoverTargetElement = menu;
    entry.popoverTargetAction = 'hide';
    entry.setAttribute('role', 'menuitem');
    menu.append(entry);
  }
  // Where the focus goes when the popover opens.
  menu.firstElementChild?.setAttribute('autofocus', '');
  menu.addEventListener('toggle', event => {
    opener.ariaExpanded = String((event as ToggleEvent).newState === 'open');
  });
  menu.addEventListener('keydown', event => move(menu, event));
  return { opener, menu };
}

function place(opener: HTMLElement, menu: HTMLElement): void {
  const box = opener.getBoundingClientRect();
  menu.style.top = `${box.bottom + 4}px`;
  menu.style.right = `${document.documentElement.clientWidth - box.right}px`;
}

function move(menu: HTMLElement, event: KeyboardEvent): void {
  const entries = [...menu.children] as HTMLElement[];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    entries.at(to % entries.length)?.focus();
  }
}
