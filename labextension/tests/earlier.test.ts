import { expect, test } from 'vitest';
import {
  fitting,
  MOST_CHARS,
  MOST_EARLIER,
  readEarlier,
  withCurrent,
  type StoredAnswer
} from '../src/contract/earlier';
import { document, stored } from './stored';

const answer = (text: string): StoredAnswer => ({
  run: { ...(document('mended') as object), parts: [{ kind: 'text', text }] },
  stats: { seconds: 1 }
});

test('the answer that a cell showed joins those that it had', () => {
  const metadata = { seconds: 2, earlier: [answer('one')] };
  const kept = withCurrent(answer('two').run, metadata);
  expect(kept).toEqual([answer('one'), { ...answer('two'), stats: { seconds: 2 } }]);
});

test.each(['running', 'blocked'])('a run in which nothing was answered is not kept: %s', state => {
  const run = { ...(document('mended') as object), state, parts: [{ kind: 'note', text: 'x' }] };
  expect(withCurrent(run, {})).toEqual([]);
});

test('the newest are kept, a few, and of so many bytes', () => {
  const many = ['1', '2', '3', '4', '5', '6'].map(answer);
  expect(fitting(many, answer('7').run)).toEqual(many.slice(-MOST_EARLIER));
  expect(fitting(many, answer('7').run, 1)).toEqual(many.slice(-1));
  expect(fitting(many, answer('7').run, 0)).toEqual([]);
  const large = [answer('x'.repeat(MOST_CHARS)), answer('y')];
  expect(fitting(large, answer('z').run)).toEqual([answer('y')]);
});

test('an answer that says the same is one answer', () => {
  expect(fitting([answer('one'), answer('two')], answer('two').run)).toEqual([answer('one')]);
});

test('what is stored may be by anybody', () => {
  const data = [answer('one'), { run: 'x' }, null, { run: { ...stored('running') } }];
  const read = readEarlier({ earlier: data });
  expect(read.map(({ run }) => run.parts)).toEqual([[{ kind: 'text', text: 'one' }]]);
  expect(read[0]!.stats.seconds).toBe(1);
  expect(readEarlier({ earlier: Array(1000).fill(answer('one')) })).toHaveLength(MOST_EARLIER);
  expect([readEarlier(null), readEarlier({ earlier: 'x' })]).toEqual([[], []]);
});
