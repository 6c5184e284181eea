/** What an answer from the web rests on: its sources, and what was searched for. */

import type { Context } from './context';
import { make, show } from './dom';
import { safeLink, secure } from './links';
import type { Part, Query, Source } from './run';
import { printable } from './text';
import type { Words } from './words';

const SEARCH = 'https://www.google.com/search?q=';

/** Return whether a part is told under the answer, not where it came. */
export function isGround(part: Part): part is Query | Source {
  return part.kind === 'query' || part.kind === 'source';
}

export class Grounds {
  readonly node: HTMLElement;
  #drawn: Part[] = [];
  readonly #doc: Document;
  readonly #words: Words;

  constructor(doc: Document, words: Words) {
    this.#doc = doc;
    this.#words = words;
    this.node = make(doc, 'div', 'gm-grounds');
    this.node.setAttribute('role', 'group');
    this.node.ariaLabel = words.__('Sources');
    show(this.node, false);
  }

  update({ run }: Context): void {
    const parts = run.parts.filter(isGround);
    // A link that is drawn again loses the focus.
    if (JSON.stringify(parts) === JSON.stringify(this.#drawn)) {
      return;
    }
    this.#drawn = parts;
    this.node.replaceChildren();
    const sources = parts.filter(part => part.kind === 'source');
    if (sources.length) {
      this.node.append(
        make(this.#doc, 'b', 'gm-name', this.#words.__('Sources')),
        this.#list(sources)
      );
    }
    const queries = parts.filter(part => part.kind === 'query');
    if (queries.length) {
      this.node.append(this.#searches(queries));
    }
    show(this.node, parts.length > 0);
  }

  #list(sources: Source[]): HTMLElement {
    const list = make(this.#doc, 'ol', 'gm-sources');
    for (const { title, uri } of sources) {
      const item = make(this.#doc, 'li');
      item.append(this.#link(title.trim() || uri, uri));
      list.append(item);
    }
    return list;
  }

  #searches(queries: Query[]): HTMLElement {
    const line = make(this.#doc, 'div', 'gm-searches');
    line.append(make(this.#doc, 'span', 'gm-meta', this.#words.__('Searched for:')));
    for (const { text } of queries) {
      // Half a pair of surrogates has no place in an address.
      line.append(this.#link(text, SEARCH + encodeURIComponent(text.toWellFormed())));
    }
    return line;
  }

  /** Return a link, or the text alone where `uri` leads to nothing that is safe. */
  #link(text: string, uri: string): Node {
    const shown = printable(text);
    const address = safeLink(uri);
    if (!address) {
      return this.#doc.createTextNode(shown);
    }
    const anchor = make(this.#doc, 'a', '', shown);
    anchor.href = address;
    secure(anchor);
    return anchor;
  }
}
