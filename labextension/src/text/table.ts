/** Tables as rows of texts: sorted, and as CSV. */

/** A table: the names of its columns, and its rows. */
export interface Table {
  head: string[];
  rows: string[][];
}

// What a spreadsheet would take for a formula: https://owasp.org/www-community/attacks/CSV_Injection
const FORMULA = /^[=+\-@\t\r]/;

/** Return rows as CSV: https://www.rfc-editor.org/rfc/rfc4180 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map(row => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  const safe = FORMULA.test(text) && numberOf(text) === null ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const NUMBER = /^[$€£¥]?\s*([+\-−]?)\s*[$€£¥]?\s*(\d[\d.,'’\s]*|\.\d+)(e[+-]?\d+)?\s*[%€£¥°]?$/i;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const DECIMAL_COMMA = /^(?:\d{1,3}(?:\.\d{3})+|\d+),\d+$/;

/** Return the number that `text` is, with its sign, currency or per cent; null if it is none. */
export function numberOf(text: string): number | null {
  const [, sign = '', written = '', power = ''] = NUMBER.exec(text.trim()) ?? [];
  const digits = written.replace(/['’\s]/g, '');
  const plain = THOUSANDS.test(digits)
    ? digits.replaceAll(',', '')
    : DECIMAL_COMMA.test(digits)
      ? digits.replaceAll('.', '').replace(',', '.')
      : digits;
  const value = plain ? Number(plain + power) : NaN;
  return Number.isNaN(value) ? null : sign === '' || sign === '+' ? value : -value;
}

const MISSING = /^(?:|[-–—]|nan|none|null|n\/a|<na>|nat)$/i;
const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * Return the places of `cells`, one column, in rising or falling order: as numbers if all are. Those without
 * a value come last either way, and what is equal keeps its order.
 */
export function sortedPlaces(cells: readonly string[], falls: boolean): number[] {
  const numbers = cells.map(numberOf);
  const missing = cells.map(text => MISSING.test(text.trim()));
  const isNumeric = numbers.every((number, at) => number !== null || missing[at]);
  const compare = (a: number, b: number) =>
    isNumeric ? numbers[a]! - numbers[b]! : words.compare(cells[a]!, cells[b]!);
  const places = cells.map((_, at) => at);
  const present = places.filter(at => !missing[at]);
  return [
    ...present.sort((a, b) => (falls ? compare(b, a) : compare(a, b))),
    ...places.filter(at => missing[at])
  ];
}
