import { beforeEach, expect, test } from 'vitest';
import { readExcerpt } from '../src/contract/excerpt';
import { NO_STATS } from '../src/contract/stats';
import { english } from '../src/text/i18n';
import { OPTIONS } from '../src/view/context';
import { createRunView } from '../src/view/runView';
import { document as documentOf } from './stored';

const [EXCERPT] = Object.values(
  import.meta.glob<{ version: number; attempts: number[]; parts: object[] }>(
    '../../tests/data/excerpt.json',
    { eager: true, import: 'default' }
  )
) as [{ version: number; attempts: number[]; parts: object[] }];

let host: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = '<main></main>';
  host = document.querySelector('main')!;
});

function draw(data: unknown): void {
  createRunView(host, { trans: english, options: OPTIONS }).update(readExcerpt(data)!, NO_STATS);
}

const words = (selector: string) =>
  [...host.querySelectorAll(selector)].map(node => node.textContent);
const code = (text: string) => ({ kind: 'code', code: text, language: '', id: '' });
const failed = { kind: 'result', outcome: 'OUTCOME_FAILED', output: 'no', id: '' };

test('an attempt that is shown by itself has the number of its run, and no header', () => {
  draw(EXCERPT);
  expect(words('.gm-step .gm-name')).toEqual(['Attempt 2']);
  expect(host.querySelector<HTMLElement>('.gm-header')!.hidden).toBe(true);
  expect(host.querySelector('.gm-run')!.ariaLabel).toBe('Of a Gemini run');
  expect(host.querySelector('.gm-insert')).toBe(null);
});

test.each([
  [[1, 2], 1],
  [[1, 3], 0]
])('attempts %j are compared only if one followed the other', (attempts, count) => {
  const parts = [code('a = 1\nb = 2\nc = 3\n'), failed, code('a = 1\nb = 2\nc = 4\n')];
  draw({ version: 1, attempts, parts });
  expect(words('.gm-changes')).toHaveLength(count);
});

test.each([
  null,
  [],
  'x',
  {},
  documentOf('mended'),
  { ...EXCERPT, version: 2 },
  { ...EXCERPT, parts: 1 },
  { ...EXCERPT, attempts: [] },
  { ...EXCERPT, attempts: [0] },
  { ...EXCERPT, attempts: [1.5] },
  { ...EXCERPT, attempts: ['2'] },
  { ...EXCERPT, attempts: [2, 3] }
])('what is no excerpt is refused: %j', data => {
  expect(readExcerpt(data)).toBe(null);
});

test('nothing but its parts is read of an excerpt', () => {
  const more = {
    ...EXCERPT,
    insert: 'all',
    staging: 'x',
    error: 'x',
    prompt: 'x',
    state: 'running'
  };
  expect(readExcerpt(more)).toEqual(readExcerpt(EXCERPT));
});
