/** Formulas in Markdown, told apart from dollars that are money. */

/** Where to look for the next formula: a dollar, or a backslash with what may follow it. */
const OPENING = /\$|\\(?=[([]|begin\{)/;
const CLOSINGS: Record<string, string> = { '\\(': '\\)', '\\[': '\\]', $$: '$$' };
const ENVIRONMENT = /^\\begin\{([a-z]+\*?)\}/i;
// Pandoc's rule: no blank inside the dollars, no digit behind them
// (https://pandoc.org/MANUAL.html#extension-tex_math_dollars).
const DOLLARS = /^\$(?![\s$])(?:\\[^\n]|[^$\n\\`])*?(?<!\s)\$(?![\d{])/;
// No formula is longer: looking further for an end that is not there would take seconds.
const LONGEST = 5_000;
// An amount, and words that no command of TeX begins: "$5) and ($".
const MONEY = /^\$\d[\d.,]*(?![\w^\\{])[^\\]*?\p{L}{3}[^\\]*$/u;

/** Return the place of what may begin a formula in `markdown`, or -1. */
export function findFormula(markdown: string): number {
  return markdown.search(OPENING);
}

/**
 * Return the formula that `markdown` begins with, its delimiters included, or '' without one. `before`
 * is the character in front of it. A formula has no empty line in it. The same rule as
 * `gemini_magic/runs/maths.py`.
 */
export function formulaAt(markdown: string, before: string): string {
  return formulaIn(markdown.slice(0, LONGEST), before);
}

function formulaIn(markdown: string, before: string): string {
  const closing = CLOSINGS[markdown.slice(0, 2)] ?? endOfEnvironment(markdown);
  if (closing) {
    const end = markdown.indexOf(closing, 2);
    const found = end < 0 ? '' : markdown.slice(0, end + closing.length);
    return isEmpty(found, closing) || /\n[ \t]*\n/.test(found) ? '' : found;
  }
  const found = /[\\\w$]/.test(before) ? '' : (DOLLARS.exec(markdown)?.[0] ?? '');
  return MONEY.test(found) ? '' : found;
}

function endOfEnvironment(markdown: string): string {
  const name = ENVIRONMENT.exec(markdown)?.[1];
  return name ? `\\end{${name}}` : '';
}

function isEmpty(formula: string, closing: string): boolean {
  return !formula.slice(2, -closing.length).trim();
}

// A display formula may begin with fewer blanks than an indented code block.
const DISPLAY = /^ {0,3}(?=\$\$|\\\[|\\begin\{)/;

/** Return the lines that `markdown` begins with if they are one display formula, or ''. */
export function displayFormulaAt(markdown: string): string {
  const indent = DISPLAY.exec(markdown)?.[0];
  if (indent === undefined) {
    return '';
  }
  const formula = formulaAt(markdown.slice(indent.length), '');
  const behind = /^[ \t]*(?:\n|$)/.exec(markdown.slice(indent.length + formula.length));
  return formula && behind ? indent + formula + behind[0] : '';
}

/** Return the place in `markdown` of a line that may begin a display formula, or -1. */
export function findDisplayFormula(markdown: string): number {
  // A paragraph ends at an empty line: behind it nothing is looked for.
  const end = markdown.indexOf('\n\n');
  return (end < 0 ? markdown : markdown.slice(0, end)).search(/\n {0,3}(?:\$\$|\\\[|\\begin\{)/);
}
