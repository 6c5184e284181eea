import axe from 'axe-core';
import { beforeEach, expect, test, vi } from 'vitest';
import { readLessons, type LessonList } from '../src/contract/lessons';
import { english } from '../src/text/i18n';
import { drawLessons } from '../src/view/lessonList';

const CELL = '%%gemini_exec\nSum the first 50 primes';
const LIST = {
  version: 1,
  head: 'No key, so no model was asked',
  before: 'Run `%gemini key`.',
  groups: [{ heading: 'Near to yours', lessons: [{ title: 'Primes', needs: '', cell: CELL }] }],
  after: 'See [there](https://example.org).'
};
const HOSTILE = '<img src=x onerror="alert(1)">\u202e';

let host: HTMLElement;
const write = vi.fn();
const draw = (list: unknown) => drawLessons(host, readLessons(list)!, english, write);
const listOf = (...lessons: unknown[]) => ({ ...LIST, groups: [{ heading: 'x', lessons }] });

beforeEach(() => {
  document.body.innerHTML = '<main></main>';
  host = document.querySelector('main')!;
  write.mockClear();
});

test('a click on a lesson writes its cell', () => {
  draw(LIST);
  host.querySelector<HTMLElement>('button')!.click();
  expect(write.mock.calls).toEqual([[CELL]]);
});

test('what a lesson needs stands beside it, what is installed as code', () => {
  draw(listOf({ title: 'A', needs: 'a csv file; `pip install x`', cell: CELL }));
  expect(host.querySelector('.gm-lesson')!.textContent).toBe('Aneeds a csv file; pip install x');
  expect(host.querySelector('.gm-lesson code')!.textContent).toBe('pip install x');
});

test('where nothing can be written there are no buttons', () => {
  drawLessons(host, readLessons(LIST)!, english, undefined);
  expect(host.querySelectorAll('button')).toHaveLength(0);
  expect(host.textContent).toContain('Primes');
});

test('drawn again it is drawn once, without a fault that axe finds', async () => {
  draw(LIST);
  draw(LIST);
  expect(host.children).toHaveLength(1);
  const report = await axe.run(host, { rules: { 'color-contrast': { enabled: false } } });
  expect(report.violations).toEqual([]);
});

test('what it says is text, and its links lead to the web', () => {
  const lesson = { title: HOSTILE, needs: HOSTILE, cell: `${CELL}${HOSTILE}` };
  const link = '[a](javascript:alert(1)) [b](https://example.org)';
  draw({ ...listOf(lesson), head: HOSTILE, before: HOSTILE + link, after: HOSTILE });
  expect(host.querySelectorAll('img, script')).toHaveLength(0);
  expect(host.innerHTML).not.toContain('\u202e');
  expect([...host.querySelectorAll('a')].map(a => a.protocol)).toEqual(['https:']);
});

test.each([
  ['code', 'import os; os.remove("x")'],
  ['another magic', '%%bash\nrm x'],
  ['a name that only begins so', '%%gemini_executor\nx'],
  ['code above a prompt', 'import os\n%%gemini_exec\nx'],
  ['no text', 7]
])('a click writes prompts alone: %s is left out', (_, cell) => {
  expect(readLessons(listOf({ title: 'A', needs: '', cell }))!.groups[0]!.lessons).toEqual([]);
});

test.each([[null], [[]], 'x', {}, { ...LIST, version: 2 }, { ...LIST, groups: {} }])(
  'what is no list is null: %j',
  value => {
    expect(readLessons(value)).toBeNull();
  }
);

test('fields of wrong types are empty, and a list has an end', () => {
  const many = Array.from({ length: 2000 }, () => ({ title: 'x'.repeat(1e5), cell: CELL }));
  const list = readLessons({ ...listOf(...many), head: 7, before: [], after: null }) as LessonList;
  expect([list.head, list.before, list.after]).toEqual(['', '', '']);
  expect(list.groups[0]!.lessons).toHaveLength(500);
  expect(list.groups[0]!.lessons[0]!.title).toHaveLength(20_000);
  expect(readLessons({ ...LIST, groups: [null, 3, { lessons: 'x' }] })!.groups).toEqual([
    { heading: '', lessons: [] }
  ]);
});
