/**
 * How numbers are written in prose, to find those that claims are made of: the same rules as
 * `gemini_magic/answer/claims/grammar.py`, and `tests/data/numbers.json` is the table of both.
 */

const LETTER = String.raw`A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u052f`;
// Python's \w and \b know all letters, those of JavaScript only the English ones.
const W = String.raw`\p{L}\p{N}_`;
const B = `(?:(?<=[${W}])(?![${W}])|(?<![${W}])(?=[${W}]))`;
const NOT_BEHIND_WORD = `(?<![${W}])`;

const POWERS =
  'k|K|thousand|M|million|Millionen|Mio\\.|millions|millones|B|bn|billion|Mrd\\.|Milliarden|milliards|trillion|quadrillion|quintillion|lakh|crore';
const MONTH =
  `${B}(?:Jan(?:uary|uar)?|janvier|enero|Feb(?:ruary|ruar)?|février|febrero|Mar(?:ch)?|März|mars|marzo` +
  '|Apr(?:il)?|avril|abril|May|Mai|mai|mayo|June?|Juni|juin|junio|July?|Juli|juillet|julio' +
  '|Aug(?:ust)?|août|agosto|Sept?(?:ember)?|septembre|septiembre|Oct(?:ober)?|Oktober|octobre|octubre' +
  `|Nov(?:ember)?|novembre|noviembre|Dec(?:ember)?|Dezember|décembre|diciembre)(?![${LETTER}])\\.?`;
const YEAR = '(?:19|20)[0-9]{2}(?![0-9])';
const DAY = '[0-9]{1,2}(?:st|nd|rd|th|er)?';
const MONTH_NUMBER = '(?:0?[1-9]|1[0-2])';
const DAY_NUMBER = '(?:0?[1-9]|[12][0-9]|3[01])';
const DATE = either(
  '(?<![0-9])[0-9]{4}(?:-[0-9]{2}-|/[0-9]{2}/)[0-9]{2}(?![0-9])',
  // 3/15/2024 and 15/3/2024, 15.03.2024
  `(?<![0-9./\\-])(?:${MONTH_NUMBER}/${DAY_NUMBER}|${DAY_NUMBER}/${MONTH_NUMBER})/${YEAR}(?!/)`,
  `(?<![0-9./\\-])${DAY_NUMBER}\\.${MONTH_NUMBER}\\.${YEAR}(?![.][0-9])`,
  `${MONTH} ${DAY}(?:,? ${YEAR})?(?![.,]?[0-9]| ?%)`,
  `${B}${DAY}\\.? (?:of |de )?${MONTH}(?:,? (?:de )?${YEAR})?`,
  `${MONTH} ${YEAR}`
);
const TIME = '(?<![0-9:.])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\\.[0-9]+)?(?![0-9:])';

const PRODUCTS = either(
  'Python|Gemini|GPT|Claude|Opus|Sonnet|Llama|Gemma|Grok|NumPy|pandas|SciPy|Jupyter(?:Lab)?|Java',
  'Windows|macOS|Android|HTTP|ISO|RFC|PEP|UTF|SHA|[Vv]ersion|ver\\.'
);
const COUNTED = either(
  ...[
    'step|attempt|part|section|chapter|figure|fig\\.|table|example|question|phase|case|option|task',
    'exercise|problem|method|approach|scenario|stage|try|appendix|player|round|door|group|cluster',
    'team'
  ].map(anyCase)
);
const SUFFIXES = 'csv|tsv|txt|md|json|py|ipynb|png|jpe?g|svg|pdf|xlsx?|html?|zip|gz';
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const NOT_NUMBERS = either(
  // addresses, mail addresses, files
  String.raw`(?:https?://|www\.)\S+`,
  `[${W}.+\\-]{1,64}@[${W}.\\-]{1,64}`,
  `(?<![${W}./\\\\\\-])[${W}./\\\\\\-]{1,100}\\.(?:${SUFFIXES})${B}`,
  // versions: Python 3.12, v2.1, 2.2.1
  `${NOT_BEHIND_WORD}${PRODUCTS}[ \\-]?v?[0-9]+(?:\\.[0-9x]+)*\\+?`,
  `${B}[vV][0-9]+(?:\\.[0-9]+)*`,
  '(?<![0-9.])[0-9]{1,3}(?:\\.[0-9]{1,2}){2,}(?![0-9])',
  // 192.168.0.1
  `(?<![0-9.])${OCTET}(?:\\.${OCTET}){3}(?![0-9]|\\.[0-9])`,
  // Step 2, Figure 3
  `(?:${B}${COUNTED}[sS]? #?[0-9]{1,2}${B})(?![.,][0-9]| ?%)`,
  // names with digits: x_1, H2O, Q3, COVID-19
  `(?<![${LETTER}0-9_])(?:[${LETTER}]|_)[${LETTER}0-9_]*[0-9][${LETTER}0-9_]*(?:-[0-9]+)*`,
  `(?<![${LETTER}])[${LETTER}]{2,}-[0-9]+(?:\\.[0-9]+)?${B}`,
  // ratios as words: 1/3, 24/7
  '(?<![0-9.,/])[0-9]{1,2}/[0-9]{1,2}(?![0-9/%]|\\.[0-9])',
  // the 68-95-99.7 rule, the 50/30/20 rule
  '[0-9]+(?:[\\-–/][0-9]+(?:\\.[0-9]+)?){1,5}(?=[ \\-][Rr]ule)',
  // 007, 0x1f, keycaps
  '(?<![0-9.,])0[0-9]{2,}(?![0-9]|[.,:/\\-][0-9])',
  `${B}0x[0-9a-fA-F]+`,
  String.raw`[0-9]\ufe0f?\u20e3`,
  // ordinals, decades, 3D
  `[0-9][0-9,]{0,15}(?:st|nd|rd|th)${B}`,
  `[0-9]{2,4}0s${B}`,
  `[0-9][dD]${B}`,
  // footnotes: word[1]
  `(?<=[${W})\\]}.,;:!?"”])\\[[0-9]{1,2}(?:, ?[0-9]{1,2})*\\](?!\\()`,
  // exponents, subscripts, factorials
  `(?<=[${LETTER}0-9)\\]}])(?:\\^|_|\\*\\*)\\{?[\\-−+]?[0-9]+\\}?`,
  '[0-9]{1,3}!(?=[ ]?[=≈)(×*/]|[ ][a-z])'
);
const SKIP = `(?<skip>(?!${DATE}|${TIME})${NOT_NUMBERS})`;

// Groups are counted: without a bound, a long row of them costs the square of its length.
const GROUPED = [
  // 1.234,56 € wherever
  String.raw`(?:[0-9]{1,3}(?:[. \u00a0\u2009\u202f][0-9]{3}){1,66}|[0-9]+),[0-9]{2}` +
    String.raw`(?=[ \u00a0\u2009\u202f]?€)`,
  // ₹1,00,000
  '(?:(?<=₹)|(?<=₹ )|(?<=Rs )|(?<=Rs\\. )|(?<=INR ))' +
    '[0-9]{1,2}(?:,[0-9]{2}){1,66},[0-9]{3}(?![0-9]|,[0-9])(?:\\.[0-9]+)?',
  '[0-9]{1,3}(?:(?:,|\\{,\\})[0-9]{3}){1,66}(?![0-9]|,[0-9])(?:\\.[0-9]+)?',
  '[0-9]{1,3}(?:\\.[0-9]{3}){2,66}(?![0-9.])',
  String.raw`[0-9]{1,3}(?:[\u00a0\u2009\u202f'’_][0-9]{3}){1,66}(?![0-9])(?:[.,][0-9]+)?`
];
// Languages with a comma before decimals may put a blank between groups: 1 464,10.
const COMMA_GROUPED = [
  '(?<![0-9] )[0-9]{1,3}(?: [0-9]{3}){1,66}(?![0-9]| [0-9])(?:,[0-9]+)?',
  '[0-9]{1,3}(?:\\.[0-9]{3}){1,66}(?!\\.?[0-9])(?:,[0-9]+)?',
  '[0-9]+,[0-9]+(?!,?[0-9])'
];
// Where nothing stands before it, or a $ that opens a formula or a price: $-5$.
const FIRST = `(?<![${W})\\]\\}%$])`;
const SIGN = `(?:(?:${FIRST}|(?<=${FIRST}\\$)|(?<=${FIRST}\\$\\$))[\\-−+][$€£]?)?`;
// e-5 · × 10⁻⁵ · \times 10^{6} · and, right behind a 10, ^{6} · ⁶
const EXPONENT = either(
  '(?<=(?<![0-9])10)(?:(?:\\^|\\*\\*)\\{?[\\-−]?[0-9]+\\}?|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)',
  '[eE][\\-+]?[0-9]+',
  ' ?(?:×|x|\\*|·|\\\\times|\\\\cdot) ?10(?:\\^|\\*\\*)?\\{?[\\-−⁻+]?[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]+\\}?'
);
const PERCENT = `\\\\?%|percent${B}|p(?:er|our) cent${B}|por ciento${B}|percentage points?${B}|Prozent(?:punkten?)?${B}`;
const UNIT =
  String.raw`(?:[ \u00a0\u202f]?(?:${PERCENT})` +
  String.raw`|[ \u00a0\-]?(?:${POWERS})(?![${LETTER}0-9])|)`;

const PATTERNS = [false, true].map(comma => {
  const numbers = comma ? [...COMMA_GROUPED, ...GROUPED] : GROUPED;
  const number = either(...numbers, '[0-9]+(?:\\.[0-9]+)?', '\\.[0-9]+');
  const said = `(?<![${LETTER}0-9_.^])${SIGN}${number}${EXPONENT}?${UNIT}`;
  return new RegExp(`${SKIP}|${DATE}|${TIME}|${said}`, 'gu');
});
const ENUMERATOR = /^\s*[([]?[0-9]{1,2}[.):](?=\s|$)/;
// Longer ones are no numbers that anybody reads.
const MOST_DIGITS = 200;
// Words of languages that write 1.234,5.
const LOCAL_WORDS =
  'der die das und ist von eine beträgt sind für dem nach les des est une le du et dans' +
  ' los las una el del que fue della sono il di che è gli são para uma não foi dos da' +
  ' het een zijn voor dat och är som att og til ikke jest oraz się dla wynosi' +
  ' и в на не что это из для равно составляет';
const LOCAL = new RegExp(`${B}${either(...LOCAL_WORDS.split(' ').map(anyCase))}${B}`, 'gu');

/** Where a number is in a text. */
export interface Span {
  start: number;
  end: number;
}

/** Return whether `text` has words of a language that writes 1.234,5. */
export function hasDecimalCommas(text: string): boolean {
  // Python counts characters, JavaScript halves of some.
  const length = [...text].length;
  return (text.match(LOCAL) ?? []).length >= 2 + Math.floor(length / 400);
}

/** Return the numbers of a paragraph, a heading or a cell, in order; the number of a list item is none. */
export function numbersIn(text: string, comma: boolean): Span[] {
  const pattern = PATTERNS[Number(comma)]!;
  pattern.lastIndex = ENUMERATOR.exec(text)?.[0].length ?? 0;
  const found: Span[] = [];
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const end = match.index + match[0].length;
    if (match.groups!.skip === undefined && [...match[0]].length <= MOST_DIGITS) {
      found.push({ start: match.index, end });
    }
    if (match[0] === '') {
      pattern.lastIndex += 1;
    }
  }
  return found;
}

function either(...patterns: string[]): string {
  return `(?:${patterns.join('|')})`;
}

/** Return the pattern of `words` in small and capital letters. */
function anyCase(words: string): string {
  return words.replace(/(?<!\\)\p{L}/gu, letter => `[${letter}${letter.toUpperCase()}]`);
}
