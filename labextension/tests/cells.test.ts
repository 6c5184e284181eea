import { expect, test } from 'vitest';
import { cellsOf, joined, plan, type NewCell, type OldCell } from '../src/cells/plan';
import { askAbout, askToFix, isPrompt, needsLoading, newNotebook } from '../src/cells/prompts';
import type { Part } from '../src/contract/parts';
import { readRun, type Choice, type Piece, type Run } from '../src/contract/run';
import { sanitize } from '../src/text/sanitize';
import cases from '../../tests/data/joined.json';
import { document, stored } from './stored';

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
  expect(joined(files, 'last').startsWith(`${files.staging}\n\n# attempt 1\nimport csv\n`)).toBe(
    true
  );
});

test('the cell for files is inserted as untrusted as any other', () => {
  const made = cellsOf(stored('files'), 'last', 'c');
  expect(made.map(cell => [cell.cell_type, cell.metadata.trusted])).toEqual([
    ['code', false],
    ['code', false],
    ['code', false]
  ]);
});

test.each(cases)(
  'the one cell of $run is what the kernel makes of it',
  ({ run: name, ...texts }) => {
    const choices = Object.keys(texts) as (keyof typeof texts)[];
    expect(
      Object.fromEntries(choices.map(choice => [choice, joined(stored(name), choice)]))
    ).toEqual(texts);
  }
);

/** A run of Python codes, each with whether it went well, and what each needs. */
function runOf(codes: [string, boolean][], needed?: Piece[][]): Run {
  const parts = codes.flatMap(([code, isGood]) => [
    { kind: 'code', code, language: 'PYTHON', id: '' },
    { kind: 'result', outcome: isGood ? 'OUTCOME_OK' : 'OUTCOME_FAILED', output: '', id: '' }
  ]);
  return readRun({ ...(document('mended') as object), parts, needed })!;
}

const sources = (of: Run, choice: Choice) => cellsOf(of, choice, 'c').map(cell => cell.source);

test('an attempt comes with those that it needs, and those with it once', () => {
  const of = runOf(
    [
      ['x = 1', true],
      ['y = 2', true],
      ['print(x)', true]
    ],
    [[[0]], [[2]], [[0], [4]]]
  );
  expect(sources(of, 'needed')).toEqual(['x = 1', 'print(x)']);
  const once = insert([prompt], 4, of);
  expect(firstLines(once).slice(1)).toEqual(['x = 1', 'print(x)']);
  expect(insert(once, 4, of)).toEqual(once);
  expect(firstLines(insert(once, 2, of)).slice(1)).toEqual(['x = 1', 'y = 2', 'print(x)']);
});

test('a failed attempt that is needed comes up to its failing statement', () => {
  const of = runOf(
    [
      ['x = 1\nnope\ny = 2', false],
      ['print(x)', true]
    ],
    [[[0, 1]], [[0, 1], [2]]]
  );
  const kept = '# attempt 1, up to the statement that failed\nx = 1\n# attempt 1 failed here';
  expect(sources(of, 'needed')).toEqual([kept, 'print(x)']);
  expect(sources(of, 'all')).toEqual([`${kept}\n# nope\n# y = 2`, 'print(x)']);
});

const AGAIN = 'import contextlib\n\nwith contextlib.suppress(Exception):\n';
const LOOP: [string, boolean][] = [
  ['xs = []\nfor x in y:\n    z', false],
  ['xs', true]
];

test('the statement that failed runs again below the kept lines of its attempt', () => {
  const rest = `${AGAIN}    for x in y:\n        z`;
  expect(sources(runOf(LOOP, [[[0, 1]], [[0, 1, rest], [2]]]), 'needed')[0]).toBe(
    `# attempt 1, up to the statement that failed\nxs = []\n${rest}\n# attempt 1 failed here`
  );
});

test.each([
  'evil()',
  `${AGAIN}    evil()`,
  `${AGAIN}    for x in y:\n        evil()`,
  `${AGAIN}    `
])('code that stands in no attempt does not become code: %j', rest => {
  expect(runOf(LOOP, [[[0, 1]], [[0, 1, rest], [2]]]).needed).toBeUndefined();
});

test('where nothing succeeded all attempts are inserted, commented out', () => {
  expect(sources(runOf([['a\n\nb', false]]), 'needed')).toEqual([
    '# attempt 1 failed\n# a\n#\n# b'
  ]);
});

test.each(['OUTCOME_FAILED', 'OUTCOME_STOPPED', 'OUTCOME_DEADLINE_EXCEEDED'])(
  'code that did not come to its end is inserted commented out: %s',
  outcome => {
    const of = runOf([['while True: pass', false]]);
    of.parts[1] = { ...of.parts[1]!, outcome } as Part;
    expect(sources(of, 'all')).toEqual(['# attempt 1 failed\n# while True: pass']);
  }
);

test('code for a shell is a cell of bash, and in another language none', () => {
  const of = runOf(
    [
      ['ls', true],
      ['x <- 1', true]
    ],
    [[[0]], []]
  );
  of.parts[0] = { ...of.parts[0]!, language: 'bash' } as Part;
  expect(sources(of, 'all')).toEqual(['%%bash\nls']);
});

test.each([
  { needed: 3 },
  { needed: [] },
  { needed: [[]] },
  { needed: [[[0]], [[1]]] },
  { needed: [[[0]], [[2, -1]]] },
  { needed: [[[0]], [[2, 1, 3]]] },
  { needed: [[[0]], 7] }
])('what a document says of its codes is left out if it cannot be: $needed', ({ needed }) => {
  const codes: [string, boolean][] = [
    ['a', true],
    ['b', true]
  ];
  expect(runOf(codes, needed as Piece[][]).needed).toBeUndefined();
});

test('a prompt is told by either name of the magic, on the first line', () => {
  for (const source of ['%%gemini_exec\nWhy?', '%%gemini\nWhy?', '%%gemini --chat t', '%%gemini']) {
    expect(isPrompt(source)).toBe(true);
  }
  for (const source of ['%%gemini_executor', '%gemini runs', '%%geminis', 'x\n%%gemini', '']) {
    expect(isPrompt(source)).toBe(false);
  }
});

test('the magic is loaded where no cell of the notebook does it', () => {
  expect(needsLoading(['import os', '%%gemini_exec\nWhy?'])).toBe(true);
  expect(needsLoading(['import os\n%load_ext gemini_magic'])).toBe(false);
  expect(needsLoading(['%reload_ext  gemini_magic'])).toBe(false);
  expect(needsLoading(['%load_ext gemini_magics', '# %load_ext gemini_magic'])).toBe(true);
});

test('a new notebook loads the magic and leaves the prompt to be typed', () => {
  expect(newNotebook('python3', 'Python 3')).toMatchObject({
    metadata: { kernelspec: { name: 'python3' } },
    cells: [{ source: '%load_ext gemini_magic' }, { source: '%%gemini_exec\n' }]
  });
  expect(newNotebook('', '')).toMatchObject({ metadata: {} });
});
