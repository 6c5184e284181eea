import { expect, test } from 'vitest';
import { drawMarkdown } from '../src/text/markdown';
import { saidIn } from '../src/text/marks';

/** Prose, and the numbers that the kernel reads in it. */
const TABLE = Object.values(
  import.meta.glob<[string, string[]][]>('../../tests/data/numbers.json', {
    eager: true,
    import: 'default'
  })
)[0]!;

test.each(TABLE)('the page finds the numbers of which the kernel speaks: %j', (prose, numbers) => {
  const host = document.createElement('div');
  drawMarkdown(host, prose);
  expect(saidIn(host, prose)).toEqual(numbers);
});
