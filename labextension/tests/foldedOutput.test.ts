import { expect, test, vi } from 'vitest';
import { ROWS_MIME } from '../src/contract/rows';
import { MIME } from '../src/contract/run';
import { english } from '../src/text/i18n';
import { stored } from './stored';

// JupyterLab's own modules need a whole page.
vi.mock('@jupyterlab/cells', () => ({ CodeCell: class {} }));
const { foldedText } = await import('../src/lab/foldedOutput');

type Outputs = Parameters<typeof foldedText>[0];

function outputs(data: Record<string, unknown>, stats: object = {}): Outputs {
  const output = { data, metadata: { [MIME]: stats } };
  return { length: 1, get: () => output } as unknown as Outputs;
}

test('a folded run is a line about it, without markup', () => {
  const run = { ...stored('mended'), prompt: 'Quick\n<b>sales</b>' };
  const folded = foldedText(outputs({ [MIME]: run }, { seconds: 7.84 }), english);
  expect(folded).toBe('Gemini: done, 2 attempts, 7.8 s: Quick <b>sales</b>');
  const long = { ...run, state: 'failed', prompt: 'x'.repeat(99) };
  expect(foldedText(outputs({ [MIME]: long }), english)).toBe(
    `Gemini: failed, 2 attempts: ${'x'.repeat(60)}…`
  );
});

test('folded rows are a line that counts them', () => {
  const rows = {
    version: 1,
    state: 'done',
    total: 5,
    workers: 8,
    counts: { done: 3, failed: 2 },
    rows: []
  };
  expect(foldedText(outputs({ [ROWS_MIME]: rows }), english)).toBe(
    'Gemini: 3 done, 2 failed of 5 rows'
  );
  const open = { ...rows, total: null, counts: {} };
  expect(foldedText(outputs({ [ROWS_MIME]: open }), english)).toBe('Gemini: none asked yet');
});

test('what is no run has JupyterLab its own way', () => {
  expect(foldedText(outputs({ 'text/html': '<p>x' }), english)).toBe(null);
  expect(foldedText({ length: 0 } as unknown as Outputs, english)).toBe(null);
});
