/** Code drawn as coloured spans. */

import type { Span } from './code';
import type { Range } from './diff';
import { make } from './dom';

/** Return `spans` as nodes, the characters within `marks` emphasised. */
export function paint(doc: Document, spans: Span[], marks: readonly Range[] = []): Node[] {
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
  const node = make(doc, marked ? 'mark' : 'span', span.token && `gm-${span.token}`, text);
  return node;
}

/** Return [from, to) in stretches that are wholly marked or wholly not. */
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
