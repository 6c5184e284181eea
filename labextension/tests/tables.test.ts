import { describe, expect, test } from 'vitest';
import { frameIn } from '../src/text/frames';
import { csvOf, numberOf, sortedPlaces } from '../src/text/table';

test('CSV is quoted where it must be, and has no formulas', () => {
  expect(
    csvOf([
      ['a', 'b "c"', 'd,e'],
      ['1\n2', '', '=A1'],
      ['-5', '-x', '@y']
    ])
  ).toBe('a,"b ""c""","d,e"\r\n"1\n2",,\'=A1\r\n-5,\'-x,\'@y\r\n');
});

test.each([
  ['1,310', 1310],
  ['34.8 %', 34.8],
  ['€1.234,50', 1234.5],
  ['-$5.20', -5.2],
  ['−3', -3],
  ['1e3', 1000],
  ['12 345', 12345],
  ['0,5', 0.5],
  ['abc', null],
  ['', null],
  ['1-2', null],
  ['2024-01-02', null]
])('%j is the number %j', (text, number) => expect(numberOf(text)).toBe(number));

test('a column is sorted as numbers if all are, missing ones last, equal ones as they were', () => {
  expect(sortedPlaces(['9', '1,000', 'NaN', '-2', '9'], false)).toEqual([3, 0, 4, 1, 2]);
  expect(sortedPlaces(['9', '1,000', '', '-2', '9'], true)).toEqual([1, 0, 4, 3, 2]);
  expect(sortedPlaces(['b', 'item 10', 'item 9', 'A'], false)).toEqual([3, 0, 2, 1]);
});

describe('a printed table', () => {
  test('of pandas has its columns, values with blanks too', () => {
    const printed = [
      'The stations:',
      '',
      '          city  rides   share',
      '0     New York   1010  -34.80',
      '1  Los Angeles    842   27.80',
      '2        Paris    655    1.05',
      '',
      'done'
    ];
    expect(frameIn(printed.join('\n'))).toEqual({
      head: ['', 'city', 'rides', 'share'],
      rows: [
        ['0', 'New York', '1010', '-34.80'],
        ['1', 'Los Angeles', '842', '27.80'],
        ['2', 'Paris', '655', '1.05']
      ]
    });
  });

  test('has values that all have a blank in one place', () => {
    const printed = ['       city  n', '0  New York  1', '1  San Jose  2'];
    expect(frameIn(printed.join('\n'))!.rows).toEqual([
      ['0', 'New York', '1'],
      ['1', 'San Jose', '2']
    ]);
  });

  test('has the name of its index', () => {
    const printed = [
      '         revenue',
      'station         ',
      'Harbour    31200',
      'Park       24900'
    ];
    expect(frameIn(printed.join('\n'))).toEqual({
      head: ['station', 'revenue'],
      rows: [
        ['Harbour', '31200'],
        ['Park', '24900']
      ]
    });
  });

  test('may be Markdown', () => {
    expect(frameIn('| a | b |\n|--:|:--|\n| 1 | x |\n| 2 | y |')).toEqual({
      head: ['a', 'b'],
      rows: [
        ['1', 'x'],
        ['2', 'y']
      ]
    });
  });

  test.each([
    ['prose', 'This is some prose\nin several lines\nthat means nothing'],
    ['a series without a head', 'Harbour    31200\nPark       24900\nHill       19350'],
    ['a frame that was cut', '     a\n0    1\n..  ..\n99   3'],
    ['one that goes on below', '   a  \\\n0  1   \n1  2   '],
    ['one row', '   a\n0  1'],
    ['a ragged table', '| a | b |\n|---|---|\n| 1 |\n| 2 | 3 |'],
    ['nothing', '']
  ])('is not %s', (_, printed) => expect(frameIn(printed)).toBeNull());

  test.each([
    ['| '.repeat(40_000)],
    [`a\n${' '.repeat(50_000)}b\n`.concat('c\n'.repeat(25_000))],
    ['a b\n'.repeat(25_000)]
  ])('is not looked for where that would take long', printed => {
    expect(frameIn(printed)).toBeNull();
  });
});
