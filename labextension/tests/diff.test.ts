import { expect, test } from 'vitest';
import { difference, hunks, markRewritten } from '../src/text/diff';
import { byLines, highlight } from '../src/text/highlight';

test('equal codes differ in nothing', () => {
  const { lines, added, removed } = difference('a\nb', 'a\nb');
  expect([added, removed]).toEqual([0, 0]);
  expect(lines.map(line => line.sign)).toEqual(['same', 'same']);
});

test('lines carry the numbers that they have in either code', () => {
  const { lines, added, removed } = difference('a\nb\nc', 'a\nx\ny\nc');
  expect([added, removed]).toEqual([2, 1]);
  expect(lines.map(line => [line.text, line.before, line.after])).toEqual([
    ['a', 1, 1],
    ['b', 2, null],
    ['x', null, 2],
    ['y', null, 3],
    ['c', 3, 4]
  ]);
});

test('the words that changed are marked in the line that is most alike', () => {
  const { lines } = difference('print(sales["July"])', 'n = 7\nprint(sales[n])');
  markRewritten(lines);
  const marked = lines.map(line => line.marks.map(([from, to]) => line.text.slice(from, to)));
  expect(lines.map(line => line.sign)).toEqual(['removed', 'added', 'added']);
  expect(marked[1]).toEqual([]);
  expect(marked[0]!.join('')).toContain('July');
  expect(marked[2]!.join('')).toBe('n');
});

test('lines that share nothing carry no marks', () => {
  const { lines } = difference('alpha', 'one two');
  markRewritten(lines);
  expect(lines.flatMap(line => line.marks)).toEqual([]);
});

test('unchanged lines far from a change are folded', () => {
  const before = Array.from({ length: 20 }, (_, at) => `line ${at}`);
  const after = before.with(10, 'other');
  const found = hunks(difference(before.join('\n'), after.join('\n')).lines);
  expect(found.map(hunk => [hunk.folded, hunk.lines.length])).toEqual([
    [true, 7],
    [false, 8],
    [true, 6]
  ]);
});

test.each([
  'print("a # b", 0x1F) # c',
  "x = '''un\nfinished",
  "f'{x:>3}' and \"no end",
  'rf"{{a}} {len(b)!r:>{c}} {d["e"]} {f + 1!s} {g',
  'é = 1_0e3'
])('coloured code is the same code: %j', code => {
  expect(
    highlight(code, 'PYTHON')
      .map(span => span.text)
      .join('')
  ).toBe(code);
  expect(
    byLines(highlight(code, 'PYTHON'))
      .map(line => line.map(s => s.text).join(''))
      .join('\n')
  ).toBe(code);
});

test('a keyword, a string, a number and a comment have their colours', () => {
  const tokens = highlight("def f(): return 'a' + 1  # b", '').map(span => [span.text, span.token]);
  expect(tokens).toContainEqual(['def', 'keyword']);
  expect(tokens).toContainEqual(['f', 'definition']);
  expect(tokens).toContainEqual(["'a'", 'string']);
  expect(tokens).toContainEqual(['1', 'number']);
  expect(tokens).toContainEqual(['# b', 'comment']);
});

test('an expression in an f-string has the colours of code', () => {
  const tokens = highlight("f'{{a}} {len(b):>9}'", '').map(span => [span.text, span.token]);
  expect(tokens).toEqual([
    ["f'{{a}} ", 'string'],
    ['{', ''],
    ['len', 'builtin'],
    ['(b):', ''],
    ['>9', 'string'],
    ['}', ''],
    ["'", 'string']
  ]);
});

test('a string full of open fields is coloured in time', () => {
  const started = performance.now();
  highlight(`f'${'{a!r:'.repeat(20_000)}'`, '');
  highlight(`f'{${'a'.repeat(100_000)}'`, '');
  highlight(`f'${'{a!r:9}'.repeat(20_000)}{${'a+'.repeat(100_000)}}'`, '');
  expect(performance.now() - started).toBeLessThan(1000);
});
