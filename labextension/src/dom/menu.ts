/** A button that opens a menu. */

import { button } from './button';
import { element } from './element';

export interface Item {
  label: string;
  /** What it is about, small, at the end of its line. */
  detail?: string;
  /** Whether it is the one that is chosen; undefined if the menu is no choice. */
  chosen?: boolean;
  /** Whether a line is above it. */
  apart?: boolean;
  act(): void;
}

/**
 * Return a button and its menu, for the pointer and for the arrows, Enter and Escape. `items` says what is
 * in it, each time that it opens.
 */
export function menuButton(
  doc: Document,
  name: string,
  label: string,
  items: () => Item[]
): { opener: HTMLButtonElement; menu: HTMLElement } {
  const menu = element(doc, 'div', 'gm-menu');
  menu.setAttribute('role', 'menu');
  menu.setAttribute('popover', 'auto');
  const opener = button(doc, name, label, () => {
    fill(menu, items());
    place(opener, menu);
  });
  opener.ariaHasPopup = 'menu';
  opener.ariaExpanded = 'false';
  // The browser closes a popover on Escape and on a press elsewhere, and returns the focus.
  opener.popoverTargetElement = menu;
  const close = () => menu.hidePopover();
  // At once: `toggle` comes a moment later, and a page that scrolls before it would leave the menu there.
  menu.addEventListener('beforetoggle', event => {
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

function fill(menu: HTMLElement, items: Item[]): void {
  const doc = menu.ownerDocument;
  menu.replaceChildren(
    ...items.flatMap(({ label, detail, chosen, apart, act }) => {
      const entry = button(doc, 'gm-item', label, act);
      entry.popoverTargetElement = menu;
      entry.popoverTargetAction = 'hide';
      entry.setAttribute('role', chosen === undefined ? 'menuitem' : 'menuitemradio');
      entry.ariaChecked = chosen === undefined ? null : String(chosen);
      if (detail) {
        entry.append(element(doc, 'small', 'gm-detail', detail));
      }
      const rule = element(doc, 'div', 'gm-rule');
      rule.setAttribute('role', 'separator');
      return apart ? [rule, entry] : [entry];
    })
  );
  // The entry that gets the focus when the popover opens.
  menu.firstElementChild?.setAttribute('autofocus', '');
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
  const entries = [...menu.querySelectorAll<HTMLElement>('.gm-item')];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    entries.at(to % entries.length)?.focus();
  }
}
