import type { NotebookPanel } from '@jupyterlab/notebook';
import { expect, test } from 'vitest';
import { ROWS_MIME } from '../src/contract/rows';
import { replaceRows } from '../src/lab/rowsOutputs';

test('a row that is asked again with the same answer has the seconds and tokens of now', () => {
  const [before, after] = [{ tokens: 42 }, { tokens: 84 }].map(facts => ({
    data: { [ROWS_MIME]: { key: 'k', state: 'done' } },
    metadata: { [ROWS_MIME]: facts }
  }));
  const held = [before!];
  const outputs = {
    length: 1,
    get: (at: number) => ({ ...held[at]!, toJSON: () => held[at] }),
    set: (at: number, output: (typeof held)[number]) => (held[at] = output)
  };
  const cells = [{ type: 'code', outputs }];
  const panel = { content: { model: { cells } } } as unknown as NotebookPanel;
  expect(replaceRows(panel, 'k', after!)).toBe(1);
  expect(held).toEqual([after]);
});
