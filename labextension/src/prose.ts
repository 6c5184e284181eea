/** The model's Markdown by JupyterLab's own renderer: sanitised, with maths, nothing from afar. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { hideDollars, restoreDollars } from './dollars';
import { secure, TAGS } from './links';
import { asTyped, unmark } from './markup';
import { morph } from './morph';
import { boxWide } from './scroll';

const MARKDOWN = 'text/markdown';
// All that Markdown becomes here: colours of code are spans, a diagram is a picture in a figure.
const FOREIGN = `:not(${TAGS}, span, div, figure, img[src^='data:image/'])`;
const ATTRIBUTES = /^(?:align|alt|class|href|src|start|title)$/;
// JupyterLab's own and ours: the word behind the backticks of a code block becomes its class.
const OWN = /(?<!\S)(?:jp|lm|gm)-\S*/g;

/** Draws Markdown into an element, the latest of what it was given; one drawing at a time. */
export class LabProse {
  readonly #registry: IRenderMimeRegistry;
  readonly #waiting = new Map<HTMLElement, { markdown: string; growing: boolean }>();
  readonly #busy = new Set<HTMLElement>();

  constructor(registry: IRenderMimeRegistry) {
    const { markdownParser: parser, sanitizer } = registry;
    this.#registry = registry.clone({
      sanitizer: local(sanitizer),
      markdownParser: parser ? asTyped(parser) : undefined
    });
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
      await this.#render(host, next.markdown);
      // Typeset maths would be taken apart again by the next piece.
      if (!next.growing) {
        this.#registry.latexTypesetter?.typeset(host);
      }
    }
  }

  async #render(host: HTMLElement, markdown: string): Promise<void> {
    const renderer = this.#registry.createRenderer(MARKDOWN);
    const model = this.#registry.createModel({
      data: { [MARKDOWN]: hideDollars(markdown) },
      trusted: false
    });
    await renderer.renderModel(model);
    renderer.node.querySelectorAll('.jp-InternalAnchorLink').forEach(anchor => anchor.remove());
    renderer.node.querySelectorAll('a').forEach(secure);
    restoreDollars(renderer.node);
    boxWide(renderer.node);
    morph(host, renderer.node);
    renderer.dispose();
  }
}

/** Return a sanitiser that also takes out whatever would load by itself, from anywhere. */
function local(sanitizer: IRenderMime.ISanitizer): IRenderMime.ISanitizer {
  // A document of its own: in the page's, an image would load before it could be removed.
  const inert = document.implementation.createHTMLDocument().body;
  return {
    sanitize: (dirty, options) => {
      inert.innerHTML = sanitizer.sanitize(dirty, options);
      inert.querySelectorAll(FOREIGN).forEach(node => {
        node.replaceWith(node.getAttribute('alt') ?? node.textContent ?? '');
      });
      inert.querySelectorAll('*').forEach(node => {
        for (const attribute of [...node.attributes]) {
          if (!ATTRIBUTES.test(attribute.name)) {
            node.removeAttributeNode(attribute);
          } else if (attribute.name === 'class') {
            attribute.value = attribute.value.replace(OWN, '');
          }
        }
      });
      return unmark(inert.innerHTML);
    },
    getAutolink: () => sanitizer.getAutolink?.() ?? true,
    allowNamedProperties: false,
    allowCommandLinker: false
  };
}
