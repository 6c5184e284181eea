/** Dollars that are money, kept away from the typesetter. */

import { textsWith } from './dom';

// The same rule as `gemini_magic/prompt.py`, after Pandoc: no blank inside the dollars of maths,
// no digit behind them (https://pandoc.org/MANUAL.html#extension-tex_math_dollars).
const MATHS_OR_DOLLAR =
  /\$\$[^]+?\$\$|(?<![\\\w$])\$(?![\s$])[^$\n]*?(?<![\s\\])\$(?![\d{])|\\\$|\$/g;
// Of Unicode's private use: no text of the model's has a meaning for it.
const STAND_IN = '\ue024';

/** Return Markdown in which every dollar outside maths is a stand-in. */
export function hideDollars(markdown: string): string {
  return markdown
    .replaceAll(STAND_IN, '')
    .replace(MATHS_OR_DOLLAR, found => (found === '$' || found === '\\$' ? STAND_IN : found));
}

/** Put the dollars back into what was drawn, where the typesetter passes over them. */
export function restoreDollars(root: Element): void {
  for (const text of textsWith(root, STAND_IN)) {
    const span = root.ownerDocument.createElement('span');
    span.className = 'mathjax_ignore';
    span.textContent = text.data.replaceAll(STAND_IN, '$');
    text.replaceWith(span);
  }
}
