/** A tokenizer of Markdown that gives up where a text is built to be slow, deep or large. */

import { Tokenizer, type Tokens } from 'marked';

/** Raised for Markdown that would take too long, nest too deep, or become too many cells. */
export class MarkdownTooLarge extends Error {}

// Deeper than a person reads.
const DEPTH = 40;
// In characters that the tokenizer looks at, summed over all tokens of all paragraphs: about a fifth of a
// second. It looks at the rest of a paragraph for the end of an emphasis, and at little of it for others.
const WORK = 10_000_000;
const LITTLE = 1 / 16;
// The parser fills the short rows of a table.
const CELLS = 50_000;

export class Bounded extends Tokenizer {
  #depth = 0;
  #work = 0;

  // The first rule that is tried for every token within a paragraph.
  override escape(src: string): Tokens.Escape | undefined {
    this.#work += src.length * (/^[*_~]/.test(src) ? 1 : LITTLE);
    if (this.#work > WORK) {
      throw new MarkdownTooLarge();
    }
    return super.escape(src);
  }

  override blockquote(src: string): Tokens.Blockquote | undefined {
    return this.#nested(() => super.blockquote(src));
  }

  override list(src: string): Tokens.List | undefined {
    return this.#nested(() => super.list(src));
  }

  override link(src: string): Tokens.Link | Tokens.Image | undefined {
    return this.#nested(() => super.link(src));
  }

  override reflink(
    src: string,
    links: Record<string, { href: string; title?: string }>
  ): Tokens.Link | Tokens.Image | Tokens.Text | undefined {
    return this.#nested(() => super.reflink(src, links as never) as Tokens.Link | undefined);
  }

  override emStrong(
    src: string,
    masked: string,
    before?: string
  ): Tokens.Em | Tokens.Strong | undefined {
    return this.#nested(() => super.emStrong(src, masked, before));
  }

  override del(src: string, masked: string, before?: string): Tokens.Del | undefined {
    return this.#nested(() => super.del(src, masked, before));
  }

  override table(src: string): Tokens.Table | undefined {
    const found = /^(.*)\n *\|?[-:| ]+\|?[ \t]*\n?/.exec(src);
    if (found) {
      const columns = found[1]!.split('|').length;
      const end = src.indexOf('\n\n');
      const rows = (end < 0 ? src : src.slice(0, end)).split('\n').length;
      if (columns * rows > CELLS) {
        throw new MarkdownTooLarge();
      }
    }
    return super.table(src);
  }

  #nested<T>(act: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEPTH) {
      throw new MarkdownTooLarge();
    }
    try {
      return act();
    } finally {
      this.#depth -= 1;
    }
  }
}
