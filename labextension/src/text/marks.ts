/** Numbers of rendered prose: found in the order in which claims count them, and marked where they stand. */

import { hasDecimalCommas, numbersIn } from './numbers';

/** A number that is to be marked: which one it is, and how it is written. */
export interface Said {
  nth: number;
  text: string;
}

/** A number where it stands; `node` is null if it cannot be marked there. */
interface Mention {
  text: string;
  node: Text | HTMLElement | null;
  start: number;
  end: number;
}

const BLOCKS = 'p, li, h1, h2, h3, h4, h5, h6, td, th, blockquote, ul, ol, table, tr';
// Of one part; what comes after is left alone, as in the kernel.
const MOST_NUMBERS = 1000;
const NAMED = /[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff_]/;
// What stands for the characters of code that names something.
const HIDDEN = '\ue000';

/**
 * Put a span around each of `said` in `host`, which shows `markdown`; `make` returns it, or null for none. If those are
 * not the numbers that stand there, by order and text, nothing is marked; nor is a number in a formula.
 */
export function markNumbers<T extends Said>(
  host: HTMLElement,
  markdown: string,
  said: readonly T[],
  make: (each: T) => HTMLElement | null
): void {
  const mentions = mentionsIn(host, hasDecimalCommas(markdown));
  if (said.every(({ nth, text }) => mentions[nth]?.text === text)) {
    wrap(said, mentions, make);
  }
}

/** Do the same with numbers in the values of JSON, which `pre` shows as `json`. */
export function markJsonNumbers<T extends Said>(
  pre: HTMLElement,
  said: readonly T[],
  make: (each: T) => HTMLElement | null
): void {
  const mentions = jsonMentions(pre);
  if (said.every(({ nth, text }) => mentions[nth]?.text === text)) {
    wrap(said, mentions, make);
  }
}

/** Return the numbers that `host` says, in order, as texts. */
export function saidIn(host: HTMLElement, markdown: string): string[] {
  return mentionsIn(host, hasDecimalCommas(markdown)).map(({ text }) => text);
}

/** From the last to the first, so that the places of the others stay. */
function wrap<T extends Said>(
  said: readonly T[],
  mentions: Mention[],
  make: (each: T) => HTMLElement | null
): void {
  for (const each of [...said].reverse()) {
    const { node, start, end } = mentions[each.nth]!;
    const mark = node && make(each);
    if (node instanceof Text && mark) {
      const own = node.splitText(start);
      own.splitText(end - start);
      own.replaceWith(mark);
      mark.append(own);
    } else if (node && mark) {
      node.replaceWith(mark);
      mark.append(node);
    }
  }
}

/** A run of text in a block: what it says, and the node that can be marked, null for none. */
interface Piece {
  text: string;
  node: Text | HTMLElement | null;
}

function mentionsIn(host: HTMLElement, comma: boolean): Mention[] {
  return blocksOf(host)
    .flatMap(pieces => inBlock(pieces, comma))
    .slice(0, MOST_NUMBERS);
}

/** Return the pieces of each paragraph, heading and cell of `host`, in order. */
function blocksOf(host: HTMLElement): Piece[][] {
  const blocks: Piece[][] = [];
  let within: Element | null = null;
  const add = (node: Node, piece: Piece) => {
    const block = node.parentElement!.closest(BLOCKS);
    if (block !== within || !blocks.length) {
      blocks.push([]);
      within = block;
    }
    blocks.at(-1)!.push(piece);
  };
  const visit = (node: Node): void => {
    if (node instanceof Text) {
      add(node, { text: node.data, node });
    } else if (!(node instanceof HTMLElement) || node.matches('pre')) {
      return;
    } else if (node.matches('br')) {
      add(node, { text: '\n', node: null });
    } else if (node.matches('code')) {
      const text = node.textContent ?? '';
      add(
        node,
        NAMED.test(text) ? { text: HIDDEN.repeat(text.length), node: null } : { text, node }
      );
    } else if (node.matches('.gm-maths')) {
      add(node, { text: unescaped(node.textContent ?? ''), node: null });
    } else {
      node.childNodes.forEach(visit);
    }
  };
  host.childNodes.forEach(visit);
  return blocks;
}

/** Return a formula as the kernel reads it, which knows of none there: escapes are carried out. */
function unescaped(formula: string): string {
  return formula.replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

function inBlock(pieces: Piece[], comma: boolean): Mention[] {
  const text = pieces.map(piece => piece.text).join('');
  let at = 0;
  const places = pieces.map(piece => {
    const start = at;
    at += piece.text.length;
    return { ...piece, start, end: at };
  });
  return numbersIn(text, comma).map(({ start, end }) => {
    const own = places.find(place => place.start <= start && end <= place.end);
    return {
      text: text.slice(start, end),
      node: own?.node ?? null,
      start: start - (own?.start ?? 0),
      end: end - (own?.start ?? 0)
    };
  });
}

const JSON_TOKENS = /"((?:\\[^]|[^"\\])*)"(\s*:)?|-?[0-9][0-9.eE+-]*/g;

function jsonMentions(pre: HTMLElement): Mention[] {
  const text = pre.textContent ?? '';
  const nodes = textNodes(pre);
  return [...text.matchAll(JSON_TOKENS)]
    .filter(token => token[2] === undefined)
    .flatMap(token => {
      const from = token.index + (token[1] === undefined ? 0 : 1);
      return numbersIn(token[1] ?? token[0], false).map(({ start, end }) =>
        placed(nodes, text, from + start, from + end)
      );
    })
    .slice(0, MOST_NUMBERS);
}

function placed(
  nodes: { node: Text; start: number }[],
  text: string,
  start: number,
  end: number
): Mention {
  const own = nodes.find(
    ({ node, start: first }) => first <= start && end <= first + node.data.length
  );
  return {
    text: text.slice(start, end),
    node: own?.node ?? null,
    start: start - (own?.start ?? 0),
    end: end - (own?.start ?? 0)
  };
}

function textNodes(host: HTMLElement): { node: Text; start: number }[] {
  const walker = host.ownerDocument.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  const found: { node: Text; start: number }[] = [];
  for (let at = 0, node = walker.nextNode(); node; node = walker.nextNode()) {
    found.push({ node: node as Text, start: at });
    at += (node as Text).data.length;
  }
  return found;
}
