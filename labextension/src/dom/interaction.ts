/** The state of a user's interaction with a view: focus, selection, scroll positions. */

/**
 * Record that state of `root`, and return a function that restores it: a browser drops it when the
 * elements move. `scrolled` are the boxes that were scrolled at any time.
 */
export function captureInteraction(root: HTMLElement, scrolled: Iterable<Element>): () => void {
  const doc = root.ownerDocument;
  const active = doc.activeElement;
  const focused = active instanceof HTMLElement && root.contains(active) ? active : null;
  const selection = doc.getSelection();
  const selected =
    selection?.rangeCount && !selection.isCollapsed && selection.containsNode(root, true)
      ? ([
          selection.anchorNode!,
          selection.anchorOffset,
          selection.focusNode!,
          selection.focusOffset
        ] as const)
      : null;
  const places = [...scrolled].map(box => [box, box.scrollTop, box.scrollLeft] as const);
  return () => {
    places.forEach(([box, top, left]) => box.scrollTo(left, top));
    if (focused && root.isConnected && doc.activeElement?.contains(root) !== false) {
      // The end of the run may have removed what had the focus, such as Stop.
      const buttons = [...root.querySelectorAll<HTMLElement>('.gm-actions button')];
      const main = buttons.filter(node => node.matches('.gm-main'));
      const next = [focused, ...main, ...buttons].find(
        node => root.contains(node) && isShown(node)
      );
      next?.focus({ preventScroll: true });
    }
    if (selected && selected[0].isConnected && selected[2].isConnected) {
      const [anchor, from, end, to] = selected;
      selection!.setBaseAndExtent(anchor, within(anchor, from), end, within(end, to));
    }
  };
}

function isShown(node: HTMLElement): boolean {
  return !node.closest('[hidden]');
}

function within(node: Node, offset: number): number {
  return Math.min(offset, node.nodeType === 3 ? (node as Text).length : node.childNodes.length);
}
