/** The saved HTML of a run as a page of its own. */

import DOMPurify from 'dompurify';
import { sanitize } from './sanitize';

// Nothing is loaded and nothing runs: https://www.w3.org/TR/CSP3/
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** Return `html`, which may be by anybody, as a page that shows it, named `title`. */
export function pageOf(html: string, title: string): string {
  const clean = DOMPurify.sanitize(html, { FORBID_TAGS: ['style', 'form', 'input', 'button'] });
  const name = document.createElement('title');
  name.textContent = sanitize(title);
  return [
    '<!doctype html>',
    '<html><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="color-scheme" content="light dark">',
    `${name.outerHTML}</head>`,
    `<body style="max-width:60em;margin:2em auto;font-family:system-ui,sans-serif">${clean}</body>`,
    '</html>\n'
  ].join('\n');
}
