/** Which keys reach JupyterLab's shortcuts while a button of a run has the focus. */

const SUPPRESSED = 'lmSuppressShortcuts';

/**
 * Let combinations and Escape through. What `quiet` keeps away are bare keys, which mean something
 * on a button: Lumino knows all or none, so the mark is off while such a key is handled. Whoever has
 * just pressed a button would else have no undo, no saving and no palette.
 */
export function letCombinationsThrough(doc: Document): void {
  // From the window: JupyterLab listens at the document when a key comes up, Notebook 7 on its way
  // down.
  doc.defaultView?.addEventListener('keydown', event => lift(event), true);
}

function lift({ target, key, ctrlKey, metaKey, altKey }: KeyboardEvent): void {
  const focused = target instanceof HTMLElement ? target : null;
  // A picture at full size covers the notebook: nothing of a key may reach what is not seen.
  const reaches = focused?.closest('.gm-run') && !focused.closest('dialog');
  if (
    focused?.dataset[SUPPRESSED] &&
    reaches &&
    (ctrlKey || metaKey || altKey || key === 'Escape')
  ) {
    delete focused.dataset[SUPPRESSED];
    setTimeout(() => (focused.dataset[SUPPRESSED] = 'true'));
  }
}
