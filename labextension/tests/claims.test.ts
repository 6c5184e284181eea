import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readClaims } from '../src/contract/claims';
import { readRun, type Run } from '../src/contract/run';
import { english } from '../src/text/i18n';
import { entriesOf, summaryOf } from '../src/view/claimWords';
import { OPTIONS } from '../src/view/context';
import { createRunView, type RunView } from '../src/view/runView';
import { stored } from './stored';

/** Runs, and what the kernel says of their numbers. */
const TABLE = Object.values(
  import.meta.glob<{ name: string; run: unknown; summary: string; entries: string[][] }[]>(
    '../../tests/data/wording.json',
    { eager: true, import: 'default' }
  )
)[0]!;

let host: HTMLElement;
let view: RunView;

beforeEach(() => {
  document.body.innerHTML = '<main></main>';
  host = document.querySelector('main')!;
  view = createRunView(host, { trans: english, options: OPTIONS });
});

afterEach(() => view.dispose());

const all = (selector: string) => [...host.querySelectorAll<HTMLElement>(selector)];
const one = (selector: string) => host.querySelector<HTMLElement>(selector)!;
const words = (selector: string) => all(selector).map(node => node.textContent);
const press = (node: HTMLElement) => node.dispatchEvent(new MouseEvent('click', { bubbles: true }));
const hover = (node: Element) => node.dispatchEvent(new Event('pointerover', { bubbles: true }));
const escape = () => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
const number = (text: string) => all('.gm-claimed').find(node => node.textContent === text)!;

describe.each(TABLE)('of the numbers of $name', ({ run: document_, summary, entries }) => {
  const run = readRun(document_)!;
  const claims = readClaims(run.claims);

  test('the page says what the kernel says', () => {
    const { found, doubts, unread } = summaryOf(document, english, claims, run.parts)!;
    const line = [found, ...doubts].filter(Boolean).join(' · ');
    expect(unread ? `${line} ${unread}` : line).toBe(summary);
    const listed = entriesOf(english, claims, run);
    expect(
      listed.map(({ claim, words, where, line: quote }) => [claim.text, words, where, quote])
    ).toEqual(entries);
  });

  test('each one is marked where it stands', () => {
    view.update(run, null);
    const marked = claims.filter(({ kind }) => kind !== 'common').map(({ text }) => text);
    expect(words('.gm-claimed')).toEqual(marked);
  });
});

describe('the line below an answer', () => {
  test('opens the list, those first that were not found', () => {
    view.update(stored('traced'), null);
    expect(words('.gm-claims-line')).toEqual([
      '5 numbers printed by the code, 1 follows from others · ' +
        '2 printed anew later: 14.82, 11.35 · 1 not found: 25.3'
    ]);
    expect(words('.gm-claims-line .gm-doubtful')).toEqual([
      '2 printed anew later: 14.82, 11.35 · 1 not found: 25.3'
    ]);
    expect(words('.gm-claim-text')).toEqual([]);
    press(one('.gm-claims-line'));
    expect(words('.gm-claim-text')[0]).toBe('25.3');
    expect(one('.gm-claims-line').ariaExpanded).toBe('true');
  });

  test('is not there before the end, and no number is marked', () => {
    view.update({ ...stored('traced'), state: 'running' }, null, true);
    expect(all('.gm-claimed')).toEqual([]);
    expect(one('.gm-claims').hidden).toBe(true);
    view.update(stored('traced'), null);
    expect(all('.gm-claimed').length).toBeGreaterThan(3);
  });

  test('never judges', () => {
    TABLE.forEach(({ run }) => {
      view.update(readRun(run)!, null);
      expect(one('.gm-claims').textContent).not.toMatch(
        /verified|correct|checked|error|hallucination|score/i
      );
    });
  });
});

test('numbers are no tab stops, and the line is one', () => {
  view.update(stored('traced'), null);
  expect(all('.gm-claimed').filter(node => node.tabIndex >= 0)).toEqual([]);
  expect(one('.gm-claims-line').tabIndex).toBe(0);
});

test('a number says where it stands, opens its attempt and lights its line; Escape goes back', () => {
  view.update(stored('traced'), null);
  view.expand(false);
  const mark = number('14.82');
  hover(mark);
  expect(words('.gm-claim-popover')[0]).toMatch(/^printed anew later, attempt \d, line \d/);
  press(mark);
  expect(all('.gm-lit')).toHaveLength(1);
  expect(one('.gm-lit').closest('.gm-body')!.hasAttribute('hidden')).toBe(false);
  expect(mark.matches('.gm-on')).toBe(true);
  escape();
  expect(all('.gm-lit, .gm-on')).toEqual([]);
  expect(all('.gm-step .gm-body:not([hidden])')).toEqual([]);
});

test('the line that is lit has the number in it', () => {
  for (const { run } of TABLE) {
    view.update(readRun(run)!, null);
    press(one('.gm-claims-line'));
    for (const row of all('button.gm-claim')) {
      press(row);
      const bar = one('.gm-lit');
      const quote = row.querySelector('.gm-claim-line')!.textContent!;
      if (bar) {
        const lines = bar.parentElement!.textContent!.split('\n');
        expect(lines[Number(bar.style.getPropertyValue('--gm-line-number'))]).toContain(quote);
      }
      escape();
    }
    view.dispose();
    view = createRunView(host, { trans: english, options: OPTIONS });
  }
});

const prose = (text: string, rows: unknown[]): Run => ({
  ...stored('traced'),
  parts: [{ kind: 'text', text }],
  claims: { 0: rows }
});

test('a part whose numbers are others than those of its claims has no mark', () => {
  view.update(prose('It is 12 of 13.', [[0, ['12', '14'], 'absent']]), null);
  expect(all('.gm-claimed')).toEqual([]);
  expect(one('.gm-claims').hidden).toBe(false);
});

test('a number of a formula is in the list only', () => {
  view.update(prose('It is $x = 12$ of 13.', [[0, ['12', '13'], 'absent']]), null);
  expect(words('.gm-claimed')).toEqual(['13']);
  press(one('.gm-claims-line'));
  expect(words('.gm-claim-text')).toEqual(['12', '13']);
});

test('what proves nothing has no mark', () => {
  view.update(
    prose('It is 3 of 13.', [
      [0, '3', 'common'],
      [1, '13', 'absent']
    ]),
    null
  );
  expect(words('.gm-claimed')).toEqual(['13']);
});

test.each([
  [{ x: [[0, '1', 'absent']] }],
  [{ 0: [[0, '1', 'proved']] }],
  [{ 0: [[0, '1', 'computed', 'exact', [1, 2]]] }],
  [{ 0: [[0, ['1', '2'], 'computed', 'exact', [1, 2, [3]]]] }],
  [{ 0: [[-0.5, '1', 'absent']] }],
  [[]],
  ['x']
])('claims that cannot be read are none: %j', data => {
  expect(readClaims(data)).toEqual([]);
});

test('what came of running an attempt again stands at its row, and what differs is open', () => {
  view.update(stored('traced'), null);
  expect(words('.gm-verdict')).toEqual(['same', 'different', 'cannot run here: pytz']);
  expect(all('.gm-verdict').map(chip => chip.className.split(' ').at(-1))).toEqual([
    'gm-chip-ok',
    'gm-chip-late',
    'gm-chip-none'
  ]);
  expect(all('.gm-step')[1]!.querySelector('.gm-toggle')!.ariaExpanded).toBe('true');
  expect(all('.gm-again ins, .gm-again del').length).toBe(2);
});
