/** The sources of an answer from the web, and what was searched for. */

import type { Part, Query, Source } from '../contract/parts';
import { element, setVisible } from '../dom/element';
import type { Translations } from '../text/i18n';
import { safeLink, secure } from '../text/links';
import { sanitize } from '../text/sanitize';
import type { Context } from './context';

const SEARCH = 'https://www.google.com/search?q=';

function isSourcePart(part: Part): part is Query | Source {
  return part.kind === 'query' || part.kind === 'source';
}

export class Sources {
  readonly node: HTMLElement;
  #drawn: Part[] = [];
  readonly #doc: Document;
  readonly #trans: Translations;

  constructor(doc: Document, trans: Translations) {
    this.#doc = doc;
    this.#trans = trans;
    this.node = element(doc, 'div', 'gm-web');
    this.node.setAttribute('role', 'group');
    this.node.ariaLabel = trans.__('Sources');
    setVisible(this.node, false);
  }

  update({ run }: Context): void {
    const parts = run.parts.filter(isSourcePart);
    // A link that is drawn again would lose the focus.
    if (JSON.stringify(parts) === JSON.stringify(this.#drawn)) {
      return;
    }
    this.#drawn = parts;
    this.node.replaceChildren();
    const sources = parts.filter(part => part.kind === 'source');
    if (sources.length) {
      this.node.append(
        element(this.#doc, 'b', 'gm-name', this.#trans.__('Sources')),
        this.#list(sources)
      );
    }
    const queries = parts.filter(part => part.kind === 'query');
    if (queries.length) {
      this.node.append(this.#searches(queries));
    }
    setVisible(this.node, parts.length > 0);
  }

  #list(sources: Source[]): HTMLElement {
    const list = element(this.#doc, 'ol', 'gm-sources');
    for (const { title, uri, licence } of sources) {
      const item = element(this.#doc, 'li');
      const under = licence ? ` ${this.#trans.__('(licence: %1)', licence)}` : '';
      item.append(this.#link((title.trim() || uri) + under, uri));
      list.append(item);
    }
    return list;
  }

  #searches(queries: Query[]): HTMLElement {
    const line = element(this.#doc, 'div', 'gm-searches');
    line.append(element(this.#doc, 'span', 'gm-meta', this.#trans.__('Searched for:')));
    for (const { text } of queries) {
      // An address cannot hold half a pair of surrogates.
      line.append(this.#link(text, SEARCH + encodeURIComponent(text.toWellFormed())));
    }
    return line;
  }

  /** Return a link, or only its text if `uri` is not safe to follow. */
  #link(text: string, uri: string): Node {
    const shown = sanitize(text);
    const address = safeLink(uri);
    if (!address) {
      return this.#doc.createTextNode(shown);
    }
    const anchor = element(this.#doc, 'a', '', shown);
    anchor.href = address;
    secure(anchor);
    return anchor;
  }
}
