/** The model's Markdown by JupyterLab's own renderer: sanitised, with maths, nothing from afar. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { hideDollars, restoreDollars } from './dollars';
import { secure } from './links';
import { morph } from './morph';

const MARKDOWN = 'text/markdown';
// What loads something by itself, and what passes for a piece of JupyterLab.
const REMOVED =
  'img, video, audio, source, track, object, embed, iframe, svg, link, style, ' +
  'form, button, input, select, textarea';

/** Draws Markdown into an element, the latest of what it was given; one drawing at a time. */
export class LabProse {
  readonly #registry: IRenderMimeRegistry;
  readonly #waiting = new Map<HTMLElement, { markdown: string; growing: boolean }>();
  readonly #busy = new Set<HTMLElement>();

  constructor(registry: IRenderMimeRegistry) {
    this.#registry = registry.clone({ sanitizer: local(registry.sanitizer) });
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
      inert.querySelectorAll(REMOVED).forEach(node => {
        const own = node.getAttribute('src')?.startsWith('data:image/') && node.matches('img');
        if (!own) {
          node.replaceWith(node.getAttribute('alt') ?? node.textContent ?? '');
        }
      });
      for (const name of ['style', 'background', 'srcset']) {
        inert.querySelectorAll(`[${name}]`).forEach(node => node.removeAttribute(name));
      }
      return inert.innerHTML;
    },
    getAutolink: () => sanitizer.getAutolink?.() ?? true,
    allowNamedProperties: false,
    allowCommandLinker: false
  };
}
