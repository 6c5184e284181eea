/** Tables that code printed, as pandas prints a frame and as Markdown writes a table. */

import { numberOf, type Table } from './table';

// A longer output is looked at no further: this runs whenever one is drawn.
const MOST_CHARS = 100_000;
const LEAST_ROWS = 2;
const MOST_ROWS = 2_000;
// In characters; finding columns takes as many steps as all lines of this width have places.
const WIDEST = 1_000;

/** Return the largest table in what was printed, or null if there is none that is whole. */
export function frameIn(printed: string): Table | null {
  const blocks = printed.slice(0, MOST_CHARS).split(/\n(?:[ \t]*\n)+/);
  const found = blocks
    .map(block => block.split('\n').filter(line => line.trim()))
    .filter(lines => lines.length <= MOST_ROWS && lines.every(line => line.length <= WIDEST))
    .map(lines => (lines[0]?.trimStart().startsWith('|') ? piped(lines) : aligned(lines)))
    .filter(table => table !== null && table.rows.length >= LEAST_ROWS);
  return found.reduce(
    (largest, table) => (table!.rows.length > (largest?.rows.length ?? 0) ? table : largest),
    null
  );
}

function piped(lines: string[]): Table | null {
  const cut = (line: string) =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map(text => text.trim());
  const [head, rule, ...rows] = lines.map(cut);
  const fits =
    head &&
    rule?.every(text => /^:?-+:?$/.test(text)) &&
    rows.every(row => row.length === head.length);
  return fits ? { head, rows } : null;
}

/** A column of text: from one place in each line to another. */
type Column = [from: number, to: number];

/**
 * Return the table of lines whose columns are aligned to the right, as those of a frame are, under a head
 * that has no numbers; the first column may be an index without a name.
 */
function aligned(lines: string[]): Table | null {
  const [head, ...rows] = lines;
  // A frame that is cut has dots in the place of rows or columns, or goes on below.
  if (
    !head ||
    rows.length < LEAST_ROWS ||
    lines.some(line => /^\.+\s|\s\.\.\.(?:\s|$)|\\$/.test(line))
  ) {
    return null;
  }
  const columns = named(columnsOf(lines), head);
  const cells = (line: string) => columns.map(([from, to]) => line.slice(from, to).trim());
  const isAligned = ([from, to]: Column) =>
    lines.every(line => {
      const text = line.slice(from, to).trimEnd();
      return !text.trim() || from + text.length === to;
    });
  const names = cells(head);
  if (
    columns.length < 2 ||
    !columns.slice(1).every(isAligned) ||
    names.slice(1).some(name => !name || numberOf(name) !== null)
  ) {
    return null;
  }
  const body = rows.map(cells);
  const [first] = body;
  // The name of an index has a line of its own.
  if (first?.[0] && !names[0] && first.slice(1).every(text => !text)) {
    return { head: [first[0], ...names.slice(1)], rows: body.slice(1) };
  }
  return { head: names, rows: body };
}

/** Return the runs of places that are not blank in every line. */
function columnsOf(lines: string[]): Column[] {
  const width = Math.max(...lines.map(line => line.length));
  const found: Column[] = [];
  let from = -1;
  for (let at = 0; at <= width; at++) {
    const isBlank = lines.every(line => (line[at] ?? ' ') === ' ');
    if (!isBlank && from < 0) {
      from = at;
    } else if (isBlank && from >= 0) {
      found.push([from, at]);
      from = -1;
    }
  }
  return found;
}

/** Join columns without a name to the next one: values with blanks in one place look like two columns. */
function named(columns: Column[], head: string): Column[] {
  return columns.reduce<Column[]>((joined, [from, to]) => {
    const before = joined.at(-1);
    const isOpen = joined.length > 1 && before && !head.slice(...before).trim();
    return isOpen ? [...joined.slice(0, -1), [before[0], to]] : [...joined, [from, to]];
  }, []);
}
