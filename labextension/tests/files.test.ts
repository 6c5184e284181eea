import { expect, test } from 'vitest';
import { answerOf } from '../src/cells/answer';
import { markdownOf } from '../src/cells/markdownFile';
import { notebookOf } from '../src/cells/notebookFile';
import { scriptOf } from '../src/cells/scriptFile';
import type { Part } from '../src/contract/parts';
import type { Run } from '../src/contract/run';
import { neutral } from '../src/text/neutral';
import { MIME } from '../src/contract/run';
import { pageOf } from '../src/text/page';
import { fileName } from '../src/view/moreMenu';
import { stored } from './stored';

const code = (text: string, language = 'PYTHON'): Part => ({
  kind: 'code',
  code: text,
  language,
  id: ''
});
const ok: Part = { kind: 'result', outcome: 'OUTCOME_OK', output: '1\r2\n', id: '' };
const failed: Part = { kind: 'result', outcome: 'OUTCOME_FAILED', output: 'KeyError', id: '' };
const said = (text: string): Part => ({ kind: 'text', text });
const run = (...parts: Part[]): Run => ({ ...stored('mended'), needed: undefined, parts });

test('the answer is what is said behind the last attempt', () => {
  expect(answerOf(run(said('First.'), code('a'), ok, said('So **2**.'), said(' Done. ')))).toBe(
    'So **2**.\n\nDone.'
  );
  expect(answerOf(run(said('I try.'), code('a'), failed))).toBe('I try.');
  expect(answerOf(stored('structured'))).toMatch(/^[[{]/);
});

test('Markdown has the prompt, prose, code, what was printed and drawn, in order', () => {
  const image: Part = { kind: 'image', mime_type: 'image/png', data: 'iVBORw0KGgo=' };
  const parts = [said('I try.'), code('x = "```"'), ok, image, said('So.')];
  const text = markdownOf({ ...run(...parts), prompt: 'Why?\nTell me.' }, true);
  expect(text.split('\n\n')).toEqual([
    '> Why?\n> Tell me.',
    'I try.',
    '**Attempt 1**',
    '````python\nx = "```"\n````',
    '```text\n2\n```',
    '![Figure 1 of attempt 1](data:image/png;base64,iVBORw0KGgo=)',
    'So.\n'
  ]);
  expect(markdownOf(run(...parts), false)).toContain('> [Figure 1 of attempt 1]');
});

test('what an answer recites has its licence in Markdown and in a script, with an address or without', () => {
  const recited = (title: string, uri: string): Part => ({
    kind: 'source',
    title,
    uri,
    licence: 'MIT'
  });
  const given = run(
    code('1'),
    ok,
    recited('x.py', 'https://a.example/x.py'),
    recited('No name', '')
  );
  const text = markdownOf(given, true);
  expect(text).toContain('> source: x.py (licence: MIT) <https://a.example/x.py>\n');
  expect(text).toMatch(/> source: No name \(licence: MIT\)\n$/);
  expect(scriptOf(given)).toContain('# recites https://a.example/x.py (licence: MIT)\n');
  expect(scriptOf(given)).toContain('# recites No name (licence: MIT)\n');
});

test('Markdown says what a file is, and how a table begins', () => {
  const table = `month,sales\n${'`'.repeat(3)}\n${'Jan,1\n'.repeat(9)}`;
  const file = (mime_type: string): Part => ({
    kind: 'file',
    name: 'sales.csv',
    mime_type,
    size: table.length,
    data: btoa(table)
  });
  expect(markdownOf(run(file('text/csv')), true)).toContain(
    '> file sales.csv: text/csv, 70 bytes\n\n' +
      `${'`'.repeat(4)}text\nmonth,sales\n${'`'.repeat(3)}\nJan,1\nJan,1\nJan,1\nJan,1\n${'`'.repeat(4)}`
  );
  expect(markdownOf(run(file('application/pdf')), true)).toMatch(/pdf, 70 bytes\n$/);
});

test('Markdown loads nothing and runs nothing', () => {
  const hostile = markdownOf(stored('hostile'), true);
  const outside = hostile.replace(/(`{3,})[^]*?\n\1/g, '');
  expect(outside).not.toMatch(/(?<!\\)!\[(?!Figure)|(?<!\\)<(?!https:)|<javascript|\u202e|\x1b/);
  expect(neutral('a <img src=x> ![b](http://c) [d](javascript:e) `<f>`')).toBe(
    'a &lt;img src=x> \\![b](http://c) [d\\](javascript:e) `<f>`'
  );
  expect(neutral('```\n<a>\n```\n\n<b>\n')).toBe('```\n<a>\n```\n\n&lt;b>\n');
});

test('a script has what the answer needs, and what is no Python as comments', () => {
  const parts = [said('I try.'), code('a = 1'), failed, code('echo hi', 'BASH'), ok];
  const text = scriptOf({ ...run(...parts), prompt: 'Say hi\r\nimport os' });
  expect(text).toBe('# %% [markdown]\n# Say hi\n# import os\n\n# %% language="bash"\n# echo hi\n');
});

test('a script names no variable of the notebook', () => {
  const files = "import gemini_magic\n\ngemini_magic.stage(files=['a.csv'])";
  const staged = (staging: string) =>
    scriptOf({ ...run(code('b = 2'), ok), prompt: 'Sum', staging });
  expect(staged(files)).toBe(`# %% [markdown]\n# Sum\n\n# %%\n${files}\n\n# %%\nb = 2\n`);
  expect(staged("import gemini_magic\n\ngemini_magic.stage(data={'frame': frame})")).toContain(
    "stage them there:\n# import gemini_magic\n#\n# gemini_magic.stage(data={'frame': frame})\n\n# %%\nb"
  );
});

test('a notebook has all, and outputs only of attempts that are whole', () => {
  const parts = [said('I try.'), code('a = 1'), failed, code('b = 2'), ok, said('So.')];
  const notebook = JSON.parse(notebookOf(run(...parts)));
  expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
  const cells = notebook.cells as { id: string; cell_type: string; source: string }[];
  expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  expect(cells.map(({ cell_type, source }) => [cell_type, source.split('\n')[0]])).toEqual([
    ['markdown', "> What will July's sales be?"],
    ['markdown', 'I try.'],
    ['code', '# attempt 1 failed'],
    ['code', 'b = 2'],
    ['markdown', 'So.']
  ]);
  expect(notebook.cells.flatMap((cell: { outputs?: unknown[] }) => cell.outputs ?? [])).toEqual([
    { output_type: 'stream', name: 'stdout', text: '2\n' }
  ]);
});

test('a page shows the saved HTML and runs nothing of it', () => {
  const html =
    '<!-- Gemini --><div class="gemini-magic" style="color:red"><script>alert(1)</script>' +
    '<img src="x" onerror="alert(1)"><details open><summary>Attempt 1</summary>ok</details></div>';
  const document = { prompt: '</script><script>alert(2)</script><!--', parts: [] };
  const metadata = { seconds: 1, earlier: [document] };
  const page = pageOf({ html, document, metadata }, 'Why <b>?');
  const parsed = new DOMParser().parseFromString(page, 'text/html');
  const [script, ...others] = parsed.scripts;
  expect([script!.type, others]).toEqual([MIME, []]);
  expect(JSON.parse(script!.text)).toEqual({ ...document, metadata: { seconds: 1 } });
  expect(page).not.toContain('onerror');
  expect(page).toContain('<details open="">');
  expect(page).toContain('style="color:red"');
  expect(page).toContain('<title>Why &lt;b&gt;?</title>');
  expect(page).toContain("default-src 'none'");
});

test('files are named by the prompt', () => {
  expect(fileName({ ...run(), prompt: 'Which station earns most? ../../etc/\u202epasswd' })).toBe(
    'which-station-earns-most-etc-u202epasswd'.slice(0, 40)
  );
  expect(fileName({ ...run(), prompt: '???' })).toBe('gemini-run');
});
