/** Markdown that loads nothing and runs nothing, wherever it is opened. */

import { blockTokens } from './markdown';

/**
 * What may begin something other than text, an escape or a code span of one line first: markup, a picture
 * from elsewhere, the address of a link that is not to the web. As `gemini_magic/runs/markdown.py`.
 */
const MARKS =
  /\\[!-/:-@[-`{-~]|(`+)(?!`)[^|\n]*?(?<!`)\1(?!`)|<|!(?=\[)|\](?=:|\(\s*(?!https?:\/\/|mailto:))/gi;
const LITERALS: Record<string, string> = { '<': '&lt;', '\\<': '&lt;', '!': '\\!', ']': '\\]' };

/** Return `markdown` with such things as text; code stays as it is. */
export function neutral(markdown: string): string {
  const blocks = blockTokens(markdown);
  if (blocks?.map(({ raw }) => raw).join('') !== markdown) {
    // The lexer gives up, or has changed blanks: then all of it is text.
    return neutralText(markdown);
  }
  return blocks.map(({ type, raw }) => (type === 'code' ? raw : neutralText(raw))).join('');
}

function neutralText(text: string): string {
  return text.replace(MARKS, found => LITERALS[found] ?? found);
}

/** Return plain text as one line of Markdown that shows it. */
export function neutralLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>!$|~#&]/g, '\\$&');
}
