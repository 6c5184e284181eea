import { describe, expect, test } from 'vitest';
import { readRun } from '../src/contract/run';
import { readStats, stepSeconds } from '../src/contract/stats';
import { blocks, outcome, output, steps } from '../src/contract/steps';
import { clip, exceptionLine } from '../src/text/lines';
import { overstrike } from '../src/text/overstrike';
import { sanitize } from '../src/text/sanitize';
import { applyDelta, readSnapshot } from '../src/widget/sync';
import { document, NAMES, STAGING, stored } from './stored';

describe('a document', () => {
  test.each(NAMES)('of a stored run is read as it is: %s', name => {
    expect(readRun(document(name))).toEqual(document(name));
  });

  test.each([null, 1, 'run', [], {}, { version: 2, parts: [] }, { version: 1, parts: {} }])(
    'that is no run is none: %j',
    data => {
      expect(readRun(data)).toBeNull();
    }
  );

  test('keeps the places of its parts when one cannot be read', () => {
    const run = readRun({
      version: 1,
      parts: [null, { kind: 'video' }, { kind: 'code', code: 7 }]
    });
    expect(run?.parts.map(part => part.kind)).toEqual(['note', 'note', 'code']);
    expect(run?.parts[2]).toMatchObject({ code: '', language: '' });
  });
});

describe('the code for the files of a run', () => {
  test.each(STAGING.ours)('is kept if it can be ours: %j', staging => {
    expect(readRun({ ...stored('files'), staging })?.staging).toBe(staging);
  });

  test.each(STAGING.others)('is left out if it is other code: %j', staging => {
    expect(readRun({ ...stored('files'), staging })).not.toHaveProperty('staging');
  });
});

describe('steps', () => {
  test('hold the results with their id, else those right behind them', () => {
    const found = steps(stored('two-results'));
    expect(found.map(output)).toEqual(['one, and one more\n', 'two\n', '']);
    expect(found.map(outcome)).toEqual(['OUTCOME_OK', 'OUTCOME_OK', 'OUTCOME_UNSPECIFIED']);
  });

  test('without a result have no outcome', () => {
    expect(outcome(steps(stored('no-result'))[0]!)).toBeNull();
  });

  test('hold the pictures drawn after them', () => {
    expect(steps(stored('images'))[0]!.images).toHaveLength(3);
  });

  test('stand among the other parts in their order', () => {
    const kinds = blocks(stored('mended')).map(b => (b.kind === 'step' ? 'step' : b.part.kind));
    expect(kinds).toEqual(['thought', 'text', 'step', 'text', 'step', 'text']);
  });

  test('took the time from their code to their last result', () => {
    const stats = readStats({ seconds: 9, times: [1, 2, 3.25, 4, 5, 6.5, 7, 8, 9] });
    expect(steps(stored('mended')).map(step => stepSeconds(stats, step))).toEqual([0.75, 0.5]);
  });
});

describe('a live run', () => {
  const start = () => readSnapshot({ ...stored('running'), parts: [], seq: 4 }, null)!;
  const text = (piece: string) => ({ kind: 'text', text: piece });

  test('grows by pieces, text by text', () => {
    let live = applyDelta(start(), { seq: 5, parts: [text('I thi')] });
    live = applyDelta(live, { seq: 6, parts: [text('nk.'), { kind: 'code', code: 'x' }] });
    expect(live.run.parts).toMatchObject([text('I think.'), { kind: 'code', code: 'x' }]);
  });

  test('has a call in the place of what it was while its function ran', () => {
    const call = { kind: 'call', name: 'f', args: {}, response: null, error: null };
    const ended = { ...call, response: { result: null } };
    let live = applyDelta(start(), { seq: 5, parts: [call] });
    expect(live.run.parts).toEqual([call]);
    live = applyDelta(live, { seq: 6, parts: [ended, { ...call, error: 'no' }, call] });
    expect(live.run.parts).toEqual([ended, { ...call, error: 'no' }, call]);
  });

  test('takes a repeated piece once, and none after a lost one', () => {
    const once = applyDelta(start(), { seq: 5, parts: [text('a')] });
    expect(applyDelta(once, { seq: 5, parts: [text('a')] })).toBe(once);
    expect(applyDelta(once, { seq: 7, parts: [text('c')] })).toBe(once);
  });

  test('keeps the pictures that it has when they are not sent again', () => {
    const image = { kind: 'image', mime_type: 'image/png', data: 'AAAA' };
    const live = applyDelta(start(), { seq: 5, parts: [image] });
    const again = readSnapshot({ ...live.run, parts: [{ ...image, data: '' }], seq: 6 }, live)!;
    expect(again.run.parts).toEqual([image]);
  });
});

describe('text', () => {
  test('loses its escapes and shows marks that reorder', () => {
    expect(sanitize('\x1b[31mred\x1b[0m\x07 \u202etxt \x1b]0;title\x07\r\nend')).toBe(
      'red \\u202etxt \nend'
    );
  });

  test('that is long is clipped in the middle', () => {
    const rows = Array.from({ length: 100 }, (_, at) => `row ${at}`);
    const clipped = clip(rows.join('\n'), 30);
    expect(clipped.head.split('\n')).toEqual(rows.slice(0, 20));
    expect(clipped.tail.split('\n')).toEqual(rows.slice(-10));
    expect(clipped.total).toBe(100);
  });

  test('of one endless line is clipped, too', () => {
    const clipped = clip('x'.repeat(1_000_000), 30);
    expect(clipped.head.length + clipped.tail.length).toBeLessThan(30_000);
    expect(clipped.clipped).toBe(true);
  });

  test.each([
    ['10 %\r20 %\r100 %', '100 %'],
    ['abcdef\rxy', 'xycdef'],
    ['done\r\nnext\r\n', 'done\nnext\n'],
    ['abc\b\bX', 'aX'],
    ['\b\ba\n\bb', 'a\nb'],
    ['\x1b[31mred\x1b[0m a\rb', 'bed a'],
    ['\r\x1b[32m 5%\x1b[0m\r\x1b[2K\x1b[1;32m10%\x1b[0m', '10%'],
    ['ab\x1b[0m\b\x1b[1mc', 'ac'],
    ['plain', 'plain']
  ])('that was written over is what a terminal shows: %j', (text, shown) => {
    expect(overstrike(text)).toBe(shown);
  });

  test('of a traceback names its exception', () => {
    expect(exceptionLine("Traceback …\n  KeyError is near\nKeyError: 'July'\n")).toBe(
      "KeyError: 'July'"
    );
    expect(exceptionLine('all is well')).toBe('');
  });
});
