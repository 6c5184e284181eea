/** The model's Markdown in a host without a renderer of its own: sanitised, nothing from afar. */

import createPurifier from 'dompurify';
import { Marked } from 'marked';
import { secure, TAGS } from './links';
import { morph } from './morph';
import { boxWide } from './scroll';

const ATTRIBUTES = ['align', 'href', 'start', 'title'];

/** Return what draws Markdown into an element of `window`. */
export function markdownDrawer(window: Window & typeof globalThis) {
  const purifier = createPurifier(window);
  const marked = new Marked({
    gfm: true,
    renderer: {
      // Markup in prose is shown as typed.
      html: ({ text }) => escaped(window.document, text),
      image: ({ text }) => escaped(window.document, text),
      // A form in prose would be one that does nothing.
      checkbox: ({ checked }) => (checked ? '☑ ' : '☐ ')
    }
  });
  return (host: HTMLElement, markdown: string): void => {
    const clean = purifier.sanitize(marked.parse(markdown, { async: false }), {
      ALLOWED_TAGS: TAGS.split(','),
      ALLOWED_ATTR: ATTRIBUTES,
      ALLOW_DATA_ATTR: false,
      RETURN_DOM_FRAGMENT: true
    });
    clean.querySelectorAll('a').forEach(secure);
    boxWide(clean);
    morph(host, clean);
  };
}

function escaped(document: Document, text: string): string {
  const node = document.createElement('span');
  node.textContent = text;
  return node.innerHTML;
}
