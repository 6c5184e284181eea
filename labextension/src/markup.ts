/** Markup in the model's prose, shown as typed: JupyterLab's own renderer would draw it. */

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Lexer, type Token } from 'marked';
import { textsWith } from './dom';

// Of Unicode's private use, as in `dollars.ts`. Behind a `<` it leaves no tag, and no other meaning.
const MARK = '\ue025';
// What begins HTML, but for links: `<https://…>` and `<name@host>`.
const OPENING = /<(?=[a-z/!?])(?!(?:https?:|mailto:|[\w.+-]+@)[^\s<>]*>)/gi;

/** Return the blocks of `markdown`, with a mark in what would begin HTML, which makes it text. */
export function blocksOf(markdown: string): Token[] {
  return new Lexer({ gfm: true }).blockTokens(unmark(markdown).replace(OPENING, `<${MARK}`));
}

/** Return `parser` made to take HTML for text; `unmarkAll` has to follow. */
export function asTyped(parser: IRenderMime.IMarkdownParser): IRenderMime.IMarkdownParser {
  return {
    render: markdown => {
      // Code is coloured by what it says. Its first line may be more of a class than is good.
      const parts = blocksOf(markdown).map(({ raw, type }) =>
        type === 'code' ? raw.replace(/\n[^]*/, unmark) : raw
      );
      return parser.render(parts.join(''));
    }
  };
}

/** Return `text` without marks. In HTML they keep text from becoming markup. */
export function unmark(text: string): string {
  return text.replaceAll(MARK, '');
}

/** Take the marks out of the texts of what was drawn. */
export function unmarkAll(drawn: Element): void {
  textsWith(drawn, MARK).forEach(text => (text.data = unmark(text.data)));
}
