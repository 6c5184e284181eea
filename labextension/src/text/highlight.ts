/** Syntax highlighting for Python and JSON, in every view. */

/** A piece of code with a class of `highlight.css`, '' for plain. */
export interface Span {
  text: string;
  token: '' | 'keyword' | 'string' | 'number' | 'comment' | 'builtin' | 'definition' | 'operator';
}

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except ' +
    'finally for from global if import in is lambda match nonlocal not or pass raise return try ' +
    'while with yield'
  ).split(' ')
);
const BUILTINS = new Set(
  (
    'abs all any bool bytes callable chr dict dir divmod enumerate filter float format frozenset ' +
    'getattr hasattr hash help hex id input int isinstance issubclass iter len list map max min ' +
    'next object oct open ord pow print property range repr reversed round set setattr slice ' +
    'sorted staticmethod str sum super tuple type vars zip self cls'
  ).split(' ')
);

// No two alternatives begin alike, and every quantifier runs over a class without what ends it:
// matching is linear in the code.
const PYTHON_TOKENS = new RegExp(
  [
    '(?<comment>#[^\\n]*)',
    '(?<string>[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|\'\'\'[^]*?(?:\'\'\'|$)|' +
      '"(?:[^"\\\\\\n]|\\\\[^])*"?|\'(?:[^\'\\\\\\n]|\\\\[^])*\'?))',
    '(?<number>0[xXoObB][\\da-fA-F_]+|\\d[\\d_]*(?:\\.[\\d_]*)?(?:[eE][+-]?\\d+)?j?)',
    '(?<word>[\\p{L}_][\\p{L}\\p{N}_]*)',
    '(?<operator>:=|[-+*\\/%=<>!&\\|\\^~@.]+)'
  ].join('|'),
  'gu'
);

// More would be a hundred thousand elements.
const JSON_CHARS = 200_000;
// The names of an object's values are its definitions.
const JSON_TOKENS = new RegExp(
  [
    '(?<definition>"[^"\\\\]*(?:\\\\[^][^"\\\\]*)*"(?=\\s*:))',
    '(?<string>"[^"\\\\]*(?:\\\\[^][^"\\\\]*)*"?)',
    '(?<number>-?\\d[\\d.eE+\\-]*)',
    '(?<keyword>\\b(?:true|false|null)\\b)'
  ].join('|'),
  'g'
);

/** Return Python or JSON as spans that join to the code; code of another language as one plain span. */
export function highlight(code: string, language: string): Span[] {
  const name = language.toUpperCase() || 'PYTHON';
  if (name === 'PYTHON') {
    return spansOf(code, PYTHON_TOKENS, pythonToken);
  }
  if (name === 'JSON' && code.length <= JSON_CHARS) {
    return spansOf(code, JSON_TOKENS, named);
  }
  return [{ text: code, token: '' }];
}

const FENCES: Record<string, string> = {
  py: 'PYTHON',
  python: 'PYTHON',
  python3: 'PYTHON',
  ipython: 'PYTHON',
  json: 'JSON'
};

/** Return the language that the word behind a fence names. */
export function fenceLanguage(info: string): string {
  const word = /^[\w+-]*/.exec(info)![0].toLowerCase();
  return FENCES[word] ?? (word || 'TEXT');
}

type Groups = Record<string, string | undefined>;

function spansOf(
  code: string,
  tokens: RegExp,
  token: (groups: Groups, before: string) => Span['token']
): Span[] {
  const spans: Span[] = [];
  let end = 0;
  let before = '';
  for (const match of code.matchAll(tokens)) {
    if (match.index > end) {
      spans.push({ text: code.slice(end, match.index), token: '' });
    }
    const found: Span = { text: match[0], token: token(match.groups ?? {}, before) };
    if (FORMATTED.test(match[0])) {
      addFields(spans, found);
    } else {
      spans.push(found);
    }
    end = match.index + match[0].length;
    before = match[0];
  }
  if (end < code.length) {
    spans.push({ text: code.slice(end), token: '' });
  }
  return joined(spans);
}

/** Return spans with neighbours of one token as one: each costs the page a node. */
function joined(spans: Span[]): Span[] {
  const found: Span[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last?.token === span.token) {
      last.text += span.text;
    } else if (span.text) {
      found.push(span);
    }
  }
  return found;
}

const FORMATTED = /^[rR]?[fF][rR]?["']/;
// A field with a brace, a colon or a string in its expression stays part of the string.
const FIELD = /\{\{|\{([^{}:!"']+)((?:![rsa])?)(?:(:)([^{}]*))?\}/g;

/** Add the string of an f-string with the expressions in it highlighted as code. */
function addFields(spans: Span[], { text, token }: Span): void {
  let end = 0;
  for (const match of text.matchAll(FIELD)) {
    const [whole, expression, conversion, colon = '', format = ''] = match;
    if (expression) {
      spans.push({ text: text.slice(end, match.index), token }, { text: '{', token: '' });
      highlight(expression, '').forEach(span => spans.push(span));
      spans.push({ text: `${conversion}${colon}`, token: '' }, { text: format, token });
      spans.push({ text: '}', token: '' });
      end = match.index + whole.length;
    }
  }
  spans.push({ text: text.slice(end), token });
}

const NAMED = ['comment', 'string', 'number', 'operator', 'definition', 'keyword'] as const;

function named(groups: Groups): Span['token'] {
  return NAMED.find(name => groups[name] !== undefined) ?? '';
}

function pythonToken(groups: Groups, before: string): Span['token'] {
  if (groups.word === undefined) {
    return named(groups);
  }
  if (before === 'def' || before === 'class') {
    return 'definition';
  }
  return KEYWORDS.has(groups.word) ? 'keyword' : BUILTINS.has(groups.word) ? 'builtin' : '';
}

/** Return one list of spans for each line, without the line ends. */
export function byLines(spans: Span[]): Span[][] {
  const lines: Span[][] = [[]];
  for (const span of spans) {
    span.text.split('\n').forEach((text, at) => {
      if (at > 0) {
        lines.push([]);
      }
      if (text) {
        lines.at(-1)!.push({ ...span, text });
      }
    });
  }
  return lines;
}
