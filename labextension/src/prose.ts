/** The model's Markdown by JupyterLab's own renderer: sanitised, with maths, nothing from afar. */

import { renderMarkdown, type IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { hideDollars, restoreDollars } from './dollars';
import { settled } from './growing';
import { secure, TAGS } from './links';
import { asTyped, unmark, unmarkAll } from './markup';
import { morph } from './morph';
import { boxWide } from './scroll';

// All that Markdown becomes here: colours of code are spans, a diagram is a picture in a figure.
const FOREIGN = `:not(${TAGS}, span, div, figure, img[src^='data:image/'])`;
const ATTRIBUTES = /^(?:align|alt|class|href|src|start|title)$/;
// JupyterLab's own and ours: the word behind the backticks of a code block becomes its class.
const OWN = /(?<!\S)(?:jp|lm|gm)-\S*/g;

/** Draws Markdown into an element, the latest of what it was given; one drawing at a time. */
export class LabProse {
  readonly #parser: IRenderMime.IMarkdownParser | null;
  readonly #sanitizer: IRenderMime.ISanitizer;
  readonly #typesetter: IRenderMime.ILatexTypesetter | null;
  // A document of its own: in the page's, an image would load before it could be removed.
  readonly #inert = document.implementation.createHTMLDocument();
  readonly #waiting = new Map<HTMLElement, { markdown: string; growing: boolean }>();
  readonly #busy = new Set<HTMLElement>();
  /** What of growing prose is drawn for good: its Markdown, and how many nodes that became. */
  readonly #settled = new WeakMap<HTMLElement, { markdown: string; nodes: number }>();

  constructor({ latexTypesetter, markdownParser, sanitizer }: IRenderMimeRegistry) {
    this.#parser = markdownParser && asTyped(markdownParser);
    this.#typesetter = latexTypesetter;
    this.#sanitizer = {
      sanitize: (dirty, options) => sanitizer.sanitize(dirty, options),
      getAutolink: () => sanitizer.getAutolink?.() ?? true,
      allowNamedProperties: false,
      allowCommandLinker: false
    };
  }

  draw(host: HTMLElement, markdown: string, growing: boolean): void {
    host.classList.add('jp-RenderedHTMLCommon');
    this.#waiting.set(host, { markdown, growing });
    if (!this.#busy.has(host)) {
      this.#busy.add(host);
      void this.#work(host).finally(() => this.#busy.delete(host));
    }
  }

  async #work(host: HTMLElement): Promise<void> {
    for (let next = this.#waiting.get(host); next; next = this.#waiting.get(host)) {
      this.#waiting.delete(host);
      // Typeset maths would be taken apart again by the next piece.
      if (next.growing) {
        await this.#grow(host, next.markdown);
      } else {
        this.#settled.delete(host);
        await this.#render(host, next.markdown);
        this.#typesetter?.typeset(host);
      }
    }
  }

  /** Draw the last block alone: drawn whole at every piece, a page of prose would take 20 ms each. */
  async #grow(host: HTMLElement, markdown: string): Promise<void> {
    let known = this.#settled.get(host);
    if (!known || !markdown.startsWith(known.markdown)) {
      known = { markdown: '', nodes: 0 };
    }
    const done = settled(markdown.slice(known.markdown.length));
    if (done) {
      await this.#render(host, done, known.nodes);
      known = { markdown: known.markdown + done, nodes: host.childNodes.length };
      this.#settled.set(host, known);
    }
    await this.#render(host, markdown.slice(known.markdown.length), known.nodes);
  }

  async #render(host: HTMLElement, markdown: string, from = 0): Promise<void> {
    const drawn = this.#inert.createElement('div');
    await renderMarkdown({
      host: drawn,
      source: hideDollars(markdown),
      trusted: false,
      sanitizer: this.#sanitizer,
      markdownParser: this.#parser,
      latexTypesetter: null,
      resolver: null,
      linkHandler: null,
      shouldTypeset: false
    });
    drawn.querySelectorAll('.jp-InternalAnchorLink').forEach(anchor => anchor.remove());
    reduce(drawn);
    unmarkAll(drawn);
    drawn.querySelectorAll('a').forEach(secure);
    restoreDollars(drawn);
    boxWide(drawn);
    morph(host, drawn, from);
  }
}

/** Take out whatever would load by itself, from anywhere, and what only looks like JupyterLab's. */
function reduce(drawn: HTMLElement): void {
  drawn.querySelectorAll(FOREIGN).forEach(node => {
    node.replaceWith(node.getAttribute('alt') ?? node.textContent ?? '');
  });
  drawn.querySelectorAll('*').forEach(node => {
    for (const attribute of [...node.attributes]) {
      if (!ATTRIBUTES.test(attribute.name)) {
        node.removeAttributeNode(attribute);
      } else {
        attribute.value = unmark(attribute.value);
        if (attribute.name === 'class') {
          attribute.value = attribute.value.replace(OWN, '');
        }
      }
    }
  });
}
