/**
 * The model's Markdown, drawn alike in every view: live, saved, and without JupyterLab.
 *
 * Markup is shown as typed, pictures are left out, links lead to the web. Formulas are marked for a
 * typesetter. What would take too long or nest too deep is shown as typed.
 */

import DOMPurify from 'dompurify';
import { Lexer, Marked, Parser, type MarkedExtension, type Token } from 'marked';
import { element } from '../dom/element';
import { morph } from '../dom/morph';
import { boxWide } from '../dom/scrollBoxes';
import { Bounded, MarkdownTooLarge } from './bounded';
import { fenceLanguage, highlight } from './highlight';
import { secure } from './links';
import { displayFormulaAt, findDisplayFormula, findFormula, formulaAt } from './maths';
import { renderSpans } from './spans';

// No images: a remote one would carry data out, and figures come as parts of their own.
const TAGS =
  'a,b,blockquote,br,code,del,em,h1,h2,h3,h4,h5,h6,hr,i,li,ol,p,pre,span,strong,table,tbody,td,th,thead,tr,ul';
const ATTRIBUTES = ['align', 'href', 'start', 'title'];

/** What of growing prose is complete: its Markdown, and how many nodes that became. */
interface Complete {
  markdown: string;
  nodes: number;
}

const complete = new WeakMap<HTMLElement, Complete>();
/** The Markdown of growing prose that was too large to draw. */
const tooLarge = new WeakMap<HTMLElement, string>();

/** Draw `markdown` into `host`. */
export function drawMarkdown(host: HTMLElement, markdown: string): void {
  complete.delete(host);
  tooLarge.delete(host);
  draw(host, markdown, 0);
}

/**
 * Draw `markdown` that will grow into `host`: only the last block is drawn again. Drawn whole at every
 * piece, a page of prose would take 20 ms each.
 */
export function drawGrowingMarkdown(host: HTMLElement, markdown: string): void {
  const given = tooLarge.get(host);
  if (given !== undefined && markdown.startsWith(given)) {
    drawAsTyped(host, markdown, 0);
    return;
  }
  let known = complete.get(host);
  if (!known || !markdown.startsWith(known.markdown)) {
    known = { markdown: '', nodes: 0 };
  }
  const done = completeBlocks(markdown.slice(known.markdown.length));
  if (done) {
    draw(host, done, known.nodes);
    known = { markdown: known.markdown + done, nodes: host.childNodes.length };
    complete.set(host, known);
  }
  if (!draw(host, markdown.slice(known.markdown.length), known.nodes)) {
    tooLarge.set(host, markdown);
  }
}

/** Return the blocks of `markdown`, or null if it is too large. */
export function blockTokens(markdown: string): Token[] | null {
  return within(() => lexer().blockTokens(markdown, []));
}

/** Return the beginning of `markdown` that later text cannot change: all blocks but the last. */
export function completeBlocks(markdown: string): string {
  const blocks = blockTokens(markdown) ?? [];
  const last = blocks.findLastIndex(({ type }) => type !== 'space');
  const done = blocks.map(({ raw }, at) => (at < last ? raw : '')).join('');
  // The lexer may change blanks and line ends, and then this is not the beginning.
  return markdown.startsWith(done) ? done : '';
}

/** Draw `markdown` in place of the children of `host` from one on; return false if it is too large. */
function draw(host: HTMLElement, markdown: string, from: number): boolean {
  const drawn = within(() => render(markdown));
  if (drawn) {
    morph(host, drawn, from);
  } else {
    drawAsTyped(host, markdown, from);
  }
  return drawn !== null;
}

function drawAsTyped(host: HTMLElement, markdown: string, from: number): void {
  const drawn = host.ownerDocument.createDocumentFragment();
  drawn.append(element(host.ownerDocument, 'p', 'gm-as-typed', markdown));
  morph(host, drawn, from);
}

/** Return what `act` returns, or null if it takes too much. */
function within<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof MarkdownTooLarge || error instanceof RangeError) {
      return null;
    }
    throw error;
  }
}

function render(markdown: string): DocumentFragment {
  const found: Found = { code: [], formulas: [] };
  const marked = parserFor(found);
  const tokens = lexer(marked).lex(markdown);
  const html = new Parser(marked.defaults).parse(tokens);
  const clean = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: TAGS.split(','),
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true
  });
  fillCode(clean, found.code);
  fillFormulas(clean, found.formulas);
  clean.querySelectorAll('a').forEach(secure);
  direct(clean);
  boxWide(clean);
  return clean;
}

/**
 * Let each block of the text take the direction of its first word, with all that is in it: where a block looks for
 * that word, it passes over what has a direction of its own, so that a list of such items would be none from right to
 * left (https://html.spec.whatwg.org/multipage/dom.html#auto-directionality).
 */
function direct(clean: DocumentFragment): void {
  ([...clean.children] as HTMLElement[]).forEach(block => (block.dir = 'auto'));
  clean.querySelectorAll<HTMLElement>('pre, code').forEach(code => (code.dir = 'ltr'));
}

/** What stands in the elements that the parser leaves empty, in their order. */
interface Found {
  code: { text: string; language: string }[];
  formulas: string[];
}

function fillCode(clean: DocumentFragment, found: Found['code']): void {
  clean.querySelectorAll('pre > code').forEach((code, at) => {
    const { text, language } = found[at]!;
    code.append(...renderSpans(document, highlight(text, language)));
  });
}

function fillFormulas(clean: DocumentFragment, found: string[]): void {
  clean.querySelectorAll('span:not(pre *)').forEach((span, at) => {
    span.replaceWith(formulaNode(found[at]!));
  });
}

function formulaNode(formula: string): HTMLElement {
  const node = element(document, 'span', 'gm-maths', formula);
  node.dir = 'ltr';
  node.translate = false;
  return node;
}

const base = new Marked(parsing({ code: [], formulas: [] }));

function lexer(marked = base): Lexer {
  return new Lexer({ ...marked.defaults, tokenizer: new Bounded() });
}

function parserFor(found: Found): Marked {
  return new Marked(parsing(found));
}

/** Return how Markdown is parsed; the renderer leaves code and formulas empty, and adds them to `found`. */
function parsing(found: Found): MarkedExtension {
  const formula = (text: string) => {
    found.formulas.push(text);
    return '<span></span>';
  };
  return {
    gfm: true,
    renderer: {
      html: ({ text, block }) => (block ? `<p>${escaped(text.trim())}</p>\n` : escaped(text)),
      image: ({ text }) => escaped(text),
      // A form in prose would do nothing.
      checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
      code: ({ text, lang }) => {
        found.code.push({ text: `${text}\n`, language: fenceLanguage(lang ?? '') });
        return '<pre><code></code></pre>\n';
      }
    },
    extensions: [
      {
        name: 'formula',
        level: 'inline',
        start: src => findFormula(src),
        tokenizer: (src, before: Token[]) => {
          const raw = formulaAt(src, before.at(-1)?.raw.at(-1) ?? '');
          return raw ? { type: 'formula', raw, text: raw } : undefined;
        },
        renderer: ({ text }) => formula(text as string)
      },
      {
        name: 'displayFormula',
        level: 'block',
        start: src => findDisplayFormula(src),
        tokenizer: src => {
          const raw = displayFormulaAt(src);
          return raw ? { type: 'displayFormula', raw, text: raw.trim() } : undefined;
        },
        renderer: ({ text }) => `<p>${formula(text as string)}</p>\n`
      }
    ]
  };
}

function escaped(text: string): string {
  const node = document.createElement('span');
  node.textContent = text;
  return node.innerHTML;
}
