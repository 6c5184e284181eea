/** The saved HTML of a run as a page of its own. */

import DOMPurify from 'dompurify';
import { isFields } from '../contract/fields';
import { MIME } from '../contract/run';
import type { SavedRun } from '../contract/saved';
import { sanitize } from './sanitize';

// Nothing is loaded and nothing runs: https://www.w3.org/TR/CSP3/
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/**
 * Return a saved run, which may be by anybody, as a page that shows it, named `title`. Its document is in
 * the page: `Run.from_html` reads it back.
 */
export function pageOf(saved: SavedRun, title: string): string {
  const clean = DOMPurify.sanitize(saved.html, {
    FORBID_TAGS: ['style', 'form', 'input', 'button']
  });
  const name = document.createElement('title');
  name.textContent = sanitize(title);
  return [
    '<!doctype html>',
    '<html><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="color-scheme" content="light dark">',
    `${name.outerHTML}</head>`,
    `<body style="max-width:60em;margin:2em auto;font-family:system-ui,sans-serif">${clean}`,
    `<script type="${MIME}">${evidenceOf(saved)}</script></body>`,
    '</html>\n'
  ].join('\n');
}

/** Return the document with its metadata, as text in which no markup can begin or end. */
function evidenceOf({ document: run, metadata }: SavedRun): string {
  const { earlier: _, ...own } = isFields(metadata) ? metadata : { earlier: null };
  return JSON.stringify({ ...(run as object), metadata: own }).replace(
    /[<>&]/g,
    sign => `\\u00${sign.charCodeAt(0).toString(16)}`
  );
}
