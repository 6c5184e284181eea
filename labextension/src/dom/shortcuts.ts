/** Which keys reach JupyterLab's shortcuts while an element of a run has the focus. */

const SUPPRESSED = 'lmSuppressShortcuts';

/** Keep JupyterLab's one-letter shortcuts from acting while `node` has the focus. */
export function suppressShortcuts<T extends HTMLElement>(node: T): T {
  node.dataset[SUPPRESSED] = 'true';
  return node;
}

/**
 * Let combinations of keys and Escape reach JupyterLab's shortcuts.
 *
 * Only bare keys mean something on a button. Lumino suppresses all keys or none, so the mark is removed
 * while a combination is handled. Otherwise a user who has just pressed a button has no undo, no saving
 * and no palette.
 */
export function letCombinationsThrough(doc: Document): void {
  // At the window: JupyterLab listens at the document in the bubble phase, Notebook 7 in the capture
  // phase.
  doc.defaultView?.addEventListener('keydown', event => lift(event), true);
}

function lift({ target, key, ctrlKey, metaKey, altKey }: KeyboardEvent): void {
  const focused = target instanceof HTMLElement ? target : null;
  // A picture at full size covers the notebook: no key may act on cells that the user cannot see.
  const reaches = focused?.closest('.gm-run') && !focused.closest('dialog');
  if (
    focused?.dataset[SUPPRESSED] &&
    reaches &&
    (ctrlKey || metaKey || altKey || key === 'Escape')
  ) {
    delete focused.dataset[SUPPRESSED];
    setTimeout(() => suppressShortcuts(focused));
  }
}
