/** Syntax colours by JupyterLab's own Python parser. */

import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { colour, isBuiltin, type Colour, type Span } from './code';

const HIGHLIGHTER = tagHighlighter([
  { tag: [tags.keyword, tags.bool, tags.null], class: 'keyword' },
  { tag: tags.string, class: 'string' },
  { tag: tags.number, class: 'number' },
  { tag: tags.comment, class: 'comment' },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.className], class: 'definition' },
  { tag: [tags.variableName, tags.function(tags.variableName)], class: 'name' },
  { tag: tags.operator, class: 'operator' },
  { tag: tags.modifier, class: 'modifier' }
]);

/** Return the colours of JupyterLab's Python, or the small ones where it has none. */
export async function labColours(languages: IEditorLanguageRegistry): Promise<Colour> {
  const parser = (await languages.getLanguage('python'))?.support?.language.parser;
  if (!parser) {
    return colour;
  }
  return (code, language) => {
    if (language && language.toUpperCase() !== 'PYTHON') {
      return colour(code, language);
    }
    const spans: Span[] = [];
    let at = 0;
    highlightTree(parser.parse(code), HIGHLIGHTER, (from, to, token) => {
      const text = code.slice(from, to);
      spans.push({ text: code.slice(at, from), token: '' }, { text, token: named(token, text) });
      at = to;
    });
    spans.push({ text: code.slice(at), token: '' });
    return spans.filter(span => span.text);
  };
}

function named(token: string, text: string): Span['token'] {
  if (token === 'name') {
    return isBuiltin(text) ? 'builtin' : '';
  }
  if (token === 'modifier') {
    // The parser gives one tag to `async`, to the stars of `*rest`, and to formats in strings.
    return text === 'async' ? 'keyword' : text.startsWith('*') ? 'operator' : 'string';
  }
  return token as Span['token'];
}
