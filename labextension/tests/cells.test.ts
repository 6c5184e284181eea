import { expect, test } from 'vitest';
import { cellsOf, joined, plan, type NewCell, type OldCell } from '../src/cells/plan';
import { askAbout, askToFix } from '../src/cells/prompts';
import type { Choice } from '../src/contract/run';
import { sanitize } from '../src/text/sanitize';
import { stored } from './stored';

const run = stored('mended');
const prompt: OldCell = { source: '%%gemini_exec\nJuly?', origin: undefined };
const own: OldCell = { source: 'x = 1', origin: undefined };
const asOld = (cell: NewCell): OldCell => ({
  source: cell.source,
  origin: cell.metadata.gemini_magic
});

/** Carry a plan out on `notebook`, whose first cell was run. */
function insert(notebook: OldCell[], choice: Choice, of = run): OldCell[] {
  const { remove, at, cells } = plan(notebook, 0, 'cell-1', of, choice);
  const left = notebook.filter((_, place) => !remove.includes(place));
  return left.toSpliced(at, 0, ...cells.map(asOld));
}

const firstLines = (notebook: OldCell[]) => notebook.map(cell => cell.source.split('\n')[0]);

test('the last code is one cell, with where it came from, not trusted', () => {
  const [cell, ...more] = cellsOf(run, 'last', 'cell-1');
  expect(more).toEqual([]);
  expect(cell).toMatchObject({
    cell_type: 'code',
    metadata: {
      trusted: false,
      tags: ['gemini-generated'],
      gemini_magic: { source_cell: 'cell-1', part: 5 }
    }
  });
  expect(cell!.metadata.gemini_magic.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('all attempts are code cells, and prose comes along when asked', () => {
  expect(cellsOf(run, 'all', 'c').map(cell => cell.cell_type)).toEqual(['code', 'code']);
  expect(cellsOf(run, 'prose', 'c').map(cell => cell.cell_type)).toEqual([
    'markdown',
    'code',
    'markdown',
    'code',
    'markdown'
  ]);
});

test('only code ever becomes code', () => {
  const sources = cellsOf(stored('hostile'), 'prose', 'c').filter(c => c.cell_type === 'code');
  expect(sources).toHaveLength(1);
});

test('cells go right below the cell that was run', () => {
  const after = insert([prompt, own], 'last');
  expect(after.map(cell => cell.origin !== undefined)).toEqual([false, true, false]);
});

test('inserting again replaces what was left as it was', () => {
  const once = insert([prompt, own], 'all');
  expect(insert(once, 'all')).toEqual(once);
  expect(insert(once, 'last')).toEqual(insert([prompt, own], 'last'));
});

test('a cell that the user edited stays', () => {
  const once = insert([prompt], 'last');
  once[1] = { ...once[1]!, source: `${once[1]!.source}\n# mine` };
  expect(insert(once, 'last')).toEqual([prompt, ...insert([prompt], 'last').slice(1), once[1]]);
});

test('a copy that the user made stays, and so does what is above the cell', () => {
  const [made] = insert([prompt], 'last').slice(1);
  const { remove } = plan([made!, prompt, made!, own, made!], 1, 'cell-1', run, 'last');
  expect(remove).toEqual([2]);
});

test('a cell that must not be deleted stays', () => {
  const [made] = insert([prompt], 'last').slice(1);
  const kept = { ...made!, deletable: false };
  expect(insert([prompt, kept], 'last')).toEqual([prompt, made, kept]);
  const asked = { source: joined(run, 'last'), origin: undefined, deletable: false };
  expect(insert([prompt, asked], 'last')).toEqual([prompt, made, asked]);
});

test('cells of another cell stay', () => {
  const others = cellsOf(run, 'last', 'cell-2').map(asOld);
  expect(insert([prompt, ...others], 'last')).toHaveLength(3);
});

test('attempts inserted one by one stand in their order, each once', () => {
  let notebook = insert([prompt, own], 2);
  notebook = insert(notebook, 5);
  notebook = insert(notebook, 2);
  const parts = notebook.map(cell => (cell.origin as { part: number } | undefined)?.part);
  expect(parts.sort()).toEqual([2, 5, undefined, undefined]);
  expect(notebook.at(-1)).toEqual(own);
});

test('an attempt of a new run replaces those of the old one', () => {
  const old = insert([prompt], 'all');
  const fresh = insert(old, 1, stored('no-result'));
  expect(firstLines(fresh)).toEqual(['%%gemini_exec', 'print(6 * 7)']);
});

test('a run without code changes nothing', () => {
  expect(plan([prompt], 0, 'cell-1', stored('blocked'), 'all').cells).toEqual([]);
});

test('a prompt about code holds it in fences that it cannot end', () => {
  expect(askAbout("x = '```'")).toBe("%%gemini_exec\n\n\n````python\nx = '```'\n````\n");
});

test('a prompt about an error holds code and traceback, without colours', () => {
  const failure = { ename: 'KeyError', evalue: "'a'", traceback: ["\x1b[31mKeyError\x1b[0m: 'a'"] };
  const text = askToFix("{}['a']", failure, sanitize);
  expect(text).toContain("```python\n{}['a']\n```");
  expect(text).toContain("```\nKeyError: 'a'\n```");
});

test('the one cell that the kernel asked for is taken away, by its text', () => {
  const of = stored('mended');
  const asked: OldCell = { source: joined(of, 'all'), origin: undefined };
  expect(asked.source).toContain('# attempt 2\n');
  expect(plan([prompt, asked], 0, 'cell-1', of, 'all').remove).toEqual([1]);
  expect(plan([prompt, { ...asked, source: 'mine' }], 0, 'cell-1', of, 'all').remove).toEqual([]);
});

test('the cell that makes the files exist comes before the first code, once', () => {
  const files = stored('files');
  expect(firstLines(insert([prompt, own], 'prose', files))).toEqual([
    '%%gemini_exec',
    'I will read the table first.',
    'import gemini_magic',
    'import csv',
    'rain = [float(row["rain"]) for row in rows]',
    'It rained 7.5 mm.',
    'x = 1'
  ]);
  let notebook = insert([prompt], 4, files);
  notebook = insert(notebook, 2, files);
  notebook = insert(notebook, 4, files);
  expect(firstLines(notebook)).toEqual([
    '%%gemini_exec',
    'import gemini_magic',
    'import csv',
    'rain = [float(row["rain"]) for row in rows]'
  ]);
  expect(insert(notebook, 'all', files)).toEqual(insert([prompt], 'all', files));
});

test('the one cell that the kernel asked for begins with what makes the files exist', () => {
  const files = stored('files');
  expect(joined(files, 'last')).toBe(
    `${files.staging}\n\n# attempt 2\nrain = [float(row["rain"]) for row in rows]\nprint(sum(rain))`
  );
});

test('the cell for files is inserted as untrusted as any other', () => {
  const made = cellsOf(stored('files'), 'last', 'c');
  expect(made.map(cell => [cell.cell_type, cell.metadata.trusted])).toEqual([
    ['code', false],
    ['code', false]
  ]);
});
