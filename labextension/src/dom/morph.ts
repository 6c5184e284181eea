/** Make one tree of elements like another, touching only what differs. */

/**
 * Make the children of `host`, from one on, like those of `wanted`, which is used up.
 *
 * Prose that grows is drawn anew with every piece; nodes that stay keep the user's selection.
 */
export function morph(host: Element, wanted: Element | DocumentFragment, from = 0): void {
  const young = [...wanted.childNodes];
  const old = [...host.childNodes].slice(from);
  young.forEach((node, at) => {
    const before = old[at];
    if (!before) {
      host.append(node);
    } else if (!before.isEqualNode(node)) {
      replace(before, node);
    }
  });
  old.slice(young.length).forEach(node => node.remove());
}

function replace(before: ChildNode, node: ChildNode): void {
  if (before instanceof Text && node instanceof Text) {
    lengthen(before, node.data);
  } else if (before instanceof Element && node instanceof Element && alike(before, node)) {
    morph(before, node);
  } else {
    before.replaceWith(node);
  }
}

function lengthen(text: Text, data: string): void {
  if (data.startsWith(text.data)) {
    text.appendData(data.slice(text.data.length));
  } else {
    text.data = data;
  }
}

/** Return whether two elements differ in their children only. */
function alike(a: Element, b: Element): boolean {
  return a.cloneNode(false).isEqualNode(b.cloneNode(false));
}
