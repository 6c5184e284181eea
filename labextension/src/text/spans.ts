/** Highlighted code as nodes. */

import { element } from '../dom/element';
import type { Range } from './diff';
import type { Span } from './highlight';

/** Return `spans` as nodes, with the characters within `marks` emphasised. */
export function renderSpans(doc: Document, spans: Span[], marks: readonly Range[] = []): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const span of spans) {
    for (const [from, to, marked] of cut(at, at + span.text.length, marks)) {
      nodes.push(piece(doc, span, span.text.slice(from - at, to - at), marked));
    }
    at += span.text.length;
  }
  return nodes;
}

function piece(doc: Document, span: Span, text: string, marked: boolean): Node {
  if (!span.token && !marked) {
    return doc.createTextNode(text);
  }
  return element(doc, marked ? 'mark' : 'span', span.token && `gm-${span.token}`, text);
}

/** Return [from, to) cut into ranges that are wholly marked or wholly not. */
function cut(from: number, to: number, marks: readonly Range[]): [number, number, boolean][] {
  const found: [number, number, boolean][] = [];
  let at = from;
  for (const [start, end] of marks) {
    const [a, b] = [Math.max(start, at), Math.min(end, to)];
    if (a < b) {
      if (at < a) {
        found.push([at, a, false]);
      }
      found.push([a, b, true]);
      at = b;
    }
  }
  if (at < to) {
    found.push([at, to, false]);
  }
  return found;
}
