import { expect, test } from 'vitest';
import type { Part } from '../src/contract/parts';
import { readRun } from '../src/contract/run';
import { readSent, taken, type Sent } from '../src/contract/sent';
import { blocks } from '../src/contract/steps';
import { readSnapshot } from '../src/widget/sync';
import { document, stored } from './stored';

const sent = (name: string, staged: string): Sent => ({
  name,
  staged,
  mime_type: 'image/png',
  data: name
});
const CHART = sent('chart.png', 'input_file_0.png');
const PHOTO = sent('photo.jpeg', 'input_file_1.jpeg');
const attempt = (code: string, ...drawn: string[]): Part[] => [
  { kind: 'code', code, language: '', id: '' },
  ...drawn.map((data): Part => ({ kind: 'image', mime_type: 'image/png', data }))
];
const took = (pictures: Sent[], ...parts: Part[][]) => {
  const found = blocks({ ...stored('mended'), parts: parts.flat() });
  return found.map(({ index }) => taken(found, pictures).get(index)?.data ?? null);
};

test('an attempt is made from the picture that its code names, else from the one before', () => {
  const first = attempt("imread('input_file_0.png')", 'crop');
  expect(took([CHART], first, attempt('zoom(crop)', 'zoom'))).toEqual(['chart.png', 'crop']);
  expect(took([CHART], attempt('print(1)'), attempt('zoom()', 'a'))).toEqual([null, 'chart.png']);
  const again = attempt("open('photo.jpeg')", 'b');
  expect(took([CHART, PHOTO], attempt('draw()', 'a'), again)).toEqual([null, 'photo.jpeg']);
  expect(took([], attempt('a()', 'a'), attempt('b()', 'b'))).toEqual([null, null]);
});

test('what is stored may be by anybody', () => {
  expect(readSent('x')).toEqual([]);
  expect(readSent([null, { name: 1, data: 'A' }])).toEqual([
    { name: '', staged: '', mime_type: '', data: 'A' }
  ]);
  expect(readSent([{ ...CHART, data: 'A'.repeat(400_000) }])).toEqual([]);
  expect(readSent(Array(99).fill(CHART))).toHaveLength(16);
  expect(readRun(document('mended'))).not.toHaveProperty('sent');
});

test('a snapshot without their data takes it from the one before', () => {
  const run = document('sent') as { sent: Sent[] };
  const known = readSnapshot({ ...run, seq: 1 }, null);
  const bare = run.sent.map(each => ({ ...each, data: '' }));
  expect(readSnapshot({ ...run, sent: bare }, known)!.run.sent).toEqual(run.sent);
  expect(readSnapshot({ ...run, sent: bare }, null)!.run.sent![0]!.data).toBe('');
});
