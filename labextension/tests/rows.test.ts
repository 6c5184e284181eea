import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readRows, readRowsStats, type Rows } from '../src/contract/rows';
import { english } from '../src/text/i18n';
import { OPTIONS } from '../src/view/context';
import { knownOf, merged } from '../src/view/rowList';
import { RowsView } from '../src/view/rows';
import type { RowsHooks } from '../src/view/rowsContext';

type Fields = Record<string, unknown>;
const [DATA] = Object.values(
  import.meta.glob<{ read: Fields; refused: { document: Fields[]; row: Fields[] } }>(
    '../../tests/data/rows.json',
    { eager: true, import: 'default' }
  )
) as [{ read: Fields & { rows: Fields[] }; refused: { document: Fields[]; row: Fields[] } }];
const STORED = DATA.read;
const SHEETS = import.meta.glob<string>(['../src/**/*.css', '!../src/view/rows.css'], {
  eager: true,
  import: 'default',
  query: '?raw'
});

let host: HTMLElement;
let view: RowsView;

beforeEach(() => {
  document.body.innerHTML = '<main></main>';
  host = document.querySelector('main')!;
});

afterEach(() => view?.dispose());

function mount(hooks: Partial<RowsHooks> = {}): void {
  view = new RowsView(host, {
    trans: english,
    run: { trans: english, options: OPTIONS },
    ...hooks
  });
}

function draw(data: unknown, live = false, stats: unknown = {}): void {
  view.update(readRows(data)!, readRowsStats(stats), live);
}

function rowsOf(from: number, until: number, state = 'done'): Fields[] {
  return Array.from({ length: until - from }, (_, at) => ({
    number: from + at,
    state,
    text: `text ${from + at}`,
    answer: `answer ${from + at}`
  }));
}

const growing = (rows: Fields[], counts: Fields, more: Fields = {}) => ({
  ...STORED,
  state: 'running',
  total: 240,
  counts,
  rows,
  ...more
});
const words = (selector: string) =>
  [...host.querySelectorAll<HTMLElement>(selector)]
    .filter(node => !node.closest('[hidden]'))
    .map(node => node.textContent!.trim());
const one = <T extends HTMLElement = HTMLElement>(selector: string) =>
  host.querySelector<T>(selector)!;
const filter = (name: string) =>
  [...host.querySelectorAll<HTMLButtonElement>('.gm-filter')].find(node =>
    node.textContent!.startsWith(name)
  )!;
const opener = (number: number) =>
  [...host.querySelectorAll<HTMLButtonElement>('.gm-opener')].find(
    node => node.textContent === String(number)
  )!;
const press = (key: string) =>
  document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));

test('what the kernel writes is read', () => {
  const rows = readRows(STORED)!;
  expect(rows.rows.map(({ number, state }) => [number, state])).toEqual([
    [0, 'done'],
    [1, 'failed'],
    [2, 'recorded'],
    [4, 'done']
  ]);
  expect(rows.rows[1]).toMatchObject({ answer: 'neither praise nor blame', run: null });
});

test.each([null, [], 'x', {}])('what are no rows is refused: %j', data => {
  expect(readRows(data)).toBe(null);
});

test.each(DATA.refused.document)('rows with a field that is none are refused: %j', change => {
  expect(readRows({ ...STORED, ...change })).toBe(null);
});

test.each(DATA.refused.row)('a row that is none has all refused: %j', change => {
  const [first, ...others] = STORED.rows;
  expect(readRows({ ...STORED, rows: [{ ...first, ...change }, ...others] })).toBe(null);
});

test('more rows than a page takes are refused, and longer texts are cut', () => {
  expect(readRows({ ...STORED, rows: rowsOf(0, 201) })).toBe(null);
  const long = [{ number: 0, state: 'done', text: 'x'.repeat(100_000) }];
  expect(readRows({ ...STORED, rows: long })!.rows[0]!.text).toHaveLength(4000);
});

test('stats are read as far as they can be', () => {
  expect(readRowsStats(null)).toEqual({ seconds: null, tokens: null, left: null, rows: {} });
  expect(readRowsStats({ seconds: -1, tokens: 'x', left: 3, rows: [] })).toMatchObject({
    seconds: null,
    tokens: null,
    left: 3,
    rows: {}
  });
});

test('a table has number, words, answer, state and seconds of each row', () => {
  mount();
  draw(STORED, false, { rows: { '0': { seconds: 1.24 }, '2': { seconds: 3 } } });
  expect(words('th')).toEqual(['row', 'text', 'answer', 'state', 's']);
  expect(words('.gm-row-line')).toEqual([
    '0Rolls well, but the brakes squealbrakes, nodone1.2',
    "1Saddle: see my mail of TuesdayAnswerUnreadable: the answer has no field 'praise'failed",
    '2The gears change like buttergears, yesrecorded',
    '4<b>Bell</b> too quiet for $5$**bell**, nodone'
  ]);
  expect(opener(1).ariaLabel).toBe('Row 1, failed');
});

test('the header says how it ended, what it cost, and that nothing was sent for what is recorded', () => {
  mount();
  draw(STORED, false, { seconds: 34.21, tokens: 12345 });
  expect(words('.gm-header .gm-state, .gm-header .gm-meta')).toEqual([
    'Done · 4 of 5 rows',
    '',
    '1 failed · 34.2 s · 12,345 tokens · 1 recorded, nothing sent for them'
  ]);
  expect(one('.gm-rows').dataset.is).toBe('late');
  draw({ ...STORED, total: 3, counts: { recorded: 3 } }, false, { seconds: 34.2, tokens: 7 });
  expect(words('.gm-header .gm-state, .gm-header .gm-meta')).toEqual([
    'Done · 3 rows',
    '',
    'all recorded, nothing sent'
  ]);
  expect(one('.gm-rows').dataset.is).toBe('ok');
  draw({ ...STORED, counts: { failed: 4, blocked: 1 } });
  expect(one('.gm-rows').dataset.is).toBe('bad');
});

test.each([
  ['stopped', 'Stopped · 4 of 5 rows', 'run the cell again: what is recorded is not asked'],
  ['failed', 'Failed · 4 of 5 rows', 'run the cell again: what is recorded is not asked'],
  ['running', 'Unfinished · 4 of 5 rows', 'run the cell again: what is recorded is not asked'],
  ['open', '4 of 5 rows', 'the others are asked when they are wanted']
])('rows that are %s say what to do', (state, said, way) => {
  mount();
  draw({ ...STORED, state });
  expect(one('.gm-state').textContent).toBe(said);
  expect(one('.gm-header').textContent).toContain(way);
  expect(one('progress').hidden).toBe(true);
});

test('what fails before any row has come is not said to get better by running it again', () => {
  mount();
  draw({ ...STORED, state: 'failed', counts: {}, rows: [] });
  expect(one('.gm-header').textContent).not.toContain('run the cell again');
});

test('rows of which none was asked are no table', () => {
  mount();
  draw({ ...STORED, state: 'open', counts: {}, rows: [] });
  expect(one('.gm-header').textContent).toContain('0 of 5 rows asked when they are wanted');
  expect(one('table').hidden).toBe(true);
  expect(one('.gm-rows').dataset.is).toBe('open');
});

test('the lines of the table have their style from no other sheet: a row that folds is a box', () => {
  mount();
  draw(STORED);
  const styled = new Set(Object.values(SHEETS).flatMap(text => text.match(/\.gm-[\w-]+/g)));
  expect(styled).toContain('.gm-row');
  const nodes = [...host.querySelectorAll('.gm-row-table, .gm-row-table tr, .gm-row-table td')];
  expect(nodes.length).toBeGreaterThan(4);
  expect(nodes.flatMap(node => [...node.classList]).filter(name => styled.has(`.${name}`))).toEqual(
    []
  );
});

test('of rows whose number nobody knows, the bar only says that they come', () => {
  mount();
  draw(growing(rowsOf(0, 3), { done: 3 }, { total: null }), true);
  expect(one('.gm-state').textContent).toBe('3 rows');
  expect(one('progress').hasAttribute('value')).toBe(false);
  expect(words('.gm-filter')).toEqual(['All 3', 'Done 3']);
});

test('a click that selects text opens nothing', () => {
  mount();
  draw(STORED);
  document.getSelection()!.selectAllChildren(one('.gm-row-line .gm-row-text'));
  one('.gm-row-line').click();
  expect(words('.gm-opened')).toEqual([]);
  document.getSelection()!.selectAllChildren(one('th'));
  one('.gm-row-line').click();
  expect(words('.gm-opened')).toHaveLength(1);
});

test('while it works, it says how far it is, how long it takes, and what it waits for', () => {
  const stop = vi.fn();
  mount({ stop });
  draw(growing(rowsOf(50, 60), { done: 60, running: 8 }), true, { left: 120 });
  expect(one('.gm-about').textContent).toBe('60 of 240 rows 8 at a time · about 2 min left');
  const bar = one<HTMLProgressElement>('progress');
  expect([bar.value, bar.max, bar.ariaLabel, bar.hidden]).toEqual([60, 240, 'Rows', false]);
  draw(growing([], { done: 60 }, { said: 'waiting 3 s: busy' }), true, { left: 120 });
  expect(one('.gm-about').textContent).toContain('8 at a time · waiting 3 s: busy');
  one('.gm-stop').click();
  expect(stop).toHaveBeenCalledOnce();
  expect(one('.gm-state').textContent).toBe('Stopping…');
});

test('the filters are those that make sense, and stay over updates', () => {
  mount();
  const running = [
    ...rowsOf(57, 60),
    { number: 60, state: 'failed' },
    ...rowsOf(61, 63, 'running')
  ];
  draw(growing(running, { done: 58, failed: 2, running: 2 }), true);
  expect(words('.gm-filter')).toEqual(['All 240', 'Done 58', 'Failed 2', 'Running 2']);
  filter('Failed').click();
  expect(words('.gm-row-number')).toEqual(['60']);
  expect(words('.gm-filter[aria-pressed="true"]')).toEqual(['Failed 2']);
  const later = [{ number: 63, state: 'failed' }, ...rowsOf(64, 66)];
  draw(growing(later, { done: 60, failed: 3 }), true);
  expect(words('.gm-row-number')).toEqual(['60', '63']);
  expect(words('.gm-filter')).toEqual(['All 240', 'Done 60', 'Failed 3']);
  draw({ ...STORED, counts: { done: 240 }, rows: rowsOf(0, 3) });
  expect(words('.gm-filter[aria-pressed="true"]')).toEqual(['All 240']);
  expect(words('.gm-row-number')).toHaveLength(3);
});

test('a filter stays while for a moment no row is as it wants, and goes at the end', () => {
  mount();
  draw(growing(rowsOf(0, 1, 'running'), { running: 1 }), true);
  filter('Running').click();
  draw(growing(rowsOf(0, 1), { done: 1 }), true);
  expect(words('.gm-filter[aria-pressed="true"]')).toEqual(['Running 0']);
  draw(growing(rowsOf(1, 2, 'running'), { done: 1, running: 1 }), true);
  expect(words('.gm-row-number')).toEqual(['1']);
  draw({ ...STORED, counts: { done: 2 }, rows: rowsOf(0, 2) });
  expect(words('.gm-filter')).toEqual(['All 5', 'Done 2']);
});

test('rows that came stay while others come, and what is on its way goes once it has come', () => {
  mount();
  draw(growing([...rowsOf(0, 3), ...rowsOf(3, 5, 'running')], { done: 3, running: 2 }), true);
  draw(growing([...rowsOf(4, 5), ...rowsOf(5, 6, 'waits')], { done: 5, waits: 1 }), true);
  expect(words('.gm-row-number')).toEqual(['0', '1', '2', '4', '5']);
  expect(words('.gm-row-state').at(-1)).toBe('waits');
  expect(words('.gm-not-shown-text')).toEqual(['1 more row is in runs · 234 more rows wait']);
  view.redraw(false);
  expect(words('.gm-not-shown-text')).toEqual(['1 more row is not here']);
});

test('of too many rows those that failed stay, and the last', () => {
  const failed = { number: 0, state: 'failed' };
  const before = readRows(growing([failed, ...rowsOf(1, 200)], { done: 199, failed: 1 }))!;
  const now = readRows(growing(rowsOf(200, 250), { done: 249, failed: 1 }))!;
  const { rows } = merged(before, now);
  expect([rows.length, rows[0]!.number, rows[1]!.number, rows.at(-1)!.number]).toEqual([
    200, 0, 51, 249
  ]);
  expect(merged({ ...before, key: 'other' }, now)).toBe(now);
});

test('of rows that are gone from the page, their seconds are too', () => {
  const document = (from: number, until: number) =>
    readRows(growing(rowsOf(from, until), { done: until }))!;
  const seconds = (from: number, until: number) =>
    Object.fromEntries(rowsOf(from, until).map(({ number }) => [String(number), { seconds: 1 }]));
  let rows = document(0, 50);
  let known: Record<string, unknown> = seconds(0, 50);
  for (let from = 50; from < 1000; from += 50) {
    rows = merged(rows, document(from, from + 50));
    known = knownOf(rows, known, seconds(from, from + 50));
  }
  expect(Object.keys(known)).toHaveLength(200);
  expect([known['799'], known['800']]).toEqual([undefined, { seconds: 1 }]);
});

test('if the last rows are not here when all have come, those from the first are shown', () => {
  mount();
  draw(growing(rowsOf(190, 240), { done: 240 }), true);
  expect(words('.gm-row-number').at(-1)).toBe('239');
  draw({ ...STORED, total: 240, counts: { done: 240 }, rows: rowsOf(0, 200) });
  expect([words('.gm-row-number')[0], words('.gm-row-number').length]).toEqual(['0', 24]);
  expect(words('.gm-not-shown > *')).toEqual(['Show 176 more rows', '40 more rows are in runs']);
});

test('a few rows are shown until the user wants all, and more are in the variable', () => {
  mount();
  draw({ ...STORED, total: 250, counts: { done: 250 }, rows: rowsOf(0, 200) });
  expect(words('.gm-row-number')).toHaveLength(24);
  const others = () => words('.gm-not-shown > *');
  expect(others()).toEqual(['Show 176 more rows', '50 more rows are in runs']);
  one('.gm-show-rows').click();
  expect(words('.gm-row-number')).toHaveLength(200);
  expect(others()).toEqual(['50 more rows are in runs']);
  draw({ ...STORED, name: '', total: 250, counts: { done: 250 }, rows: rowsOf(0, 200) });
  expect(others()).toEqual(['50 more rows are in the variable']);
  draw({ ...STORED, key: '', total: 250, counts: { done: 250 }, rows: rowsOf(0, 200) });
  expect(others()).toEqual(['50 more rows are not here']);
});

test('a click opens a row below itself, to its answer and its whole run', () => {
  mount();
  draw(STORED, false, { rows: { '0': { seconds: 2 } } });
  one('.gm-row-line').click();
  expect(opener(0).getAttribute('aria-expanded')).toBe('true');
  expect(words('.gm-opened .gm-prose')).toEqual(['brakes, no']);
  const open = one('.gm-open-run');
  expect([open.textContent, open.getAttribute('aria-expanded')]).toEqual(['Open the run', 'false']);
  open.click();
  expect(words('.gm-whole-run .gm-step .gm-name')).toEqual(['Attempt 1', 'Attempt 2']);
  expect(words('.gm-whole-run .gm-header .gm-meta')[0]).toContain('2.0 s');
  expect(open.textContent).toBe('Close the run');
  open.click();
  expect(one('.gm-whole-run').children).toHaveLength(0);
  one('.gm-row-line').click();
  expect(words('.gm-opened')).toEqual([]);
});

test('a row that failed opens to why, and one whose run is not here says where it is', () => {
  mount({ ask: () => Promise.resolve('') });
  draw(STORED);
  opener(1).click();
  expect(words('.gm-row-error')).toEqual(["AnswerUnreadable: the answer has no field 'praise'"]);
  expect(words('.gm-opened .gm-prose')).toEqual(['It said: neither praise nor blame']);
  expect(words('.gm-buttons .gm-button')).toEqual(['Ask this row again']);
  expect(words('.gm-row-status')).toEqual(['Its run is runs[1].']);
});

test('while it works, nothing is asked again', () => {
  mount({ ask: () => Promise.resolve('') });
  draw(growing([...rowsOf(0, 1, 'failed'), ...rowsOf(1, 2, 'running')], { failed: 1 }), true);
  opener(0).click();
  opener(1).click();
  expect(words('.gm-buttons .gm-button')).toEqual([]);
  expect(words('.gm-row-status')).toEqual([
    'Its run can be opened, and asked again, when all rows are there.',
    'Its answer comes here.'
  ]);
});

test('what is said of a row whose run is not here is of now', () => {
  mount();
  draw(growing(rowsOf(0, 1), { done: 1 }), true);
  opener(0).click();
  expect(words('.gm-row-status')[0]).toContain('when all rows are there');
  draw({ ...STORED, counts: { done: 240 }, rows: rowsOf(0, 1) });
  expect(words('.gm-row-status')).toEqual(['Its run is runs[0].']);
});

test('if the same comes of a row that is asked again, a line says so, and where its run is', async () => {
  mount({ ask: () => Promise.resolve('') });
  draw(STORED);
  opener(1).click();
  const again = one<HTMLButtonElement>('.gm-opened:not([hidden]) .gm-ask-again');
  again.click();
  await vi.waitFor(() => expect(again.textContent).toBe('Ask this row again'));
  expect(words('.gm-row-status')).toEqual(['The same came again. Its run is runs[1].']);
});

test('Stop works for rows that seemed to have ended, as the pointer was at it', () => {
  const stop = vi.fn();
  mount({ stop });
  draw(growing(rowsOf(0, 1), { done: 1 }), true);
  one('.gm-stop').dispatchEvent(new Event('pointermove', { bubbles: true }));
  view.redraw(false);
  expect(one('.gm-stop').ariaDisabled).toBe('true');
  draw(growing(rowsOf(1, 2), { done: 2 }), true);
  one('.gm-stop').click();
  expect(stop).toHaveBeenCalledOnce();
});

test('where a run is follows what is known of it', () => {
  mount();
  draw(growing([...rowsOf(0, 1), ...rowsOf(1, 2, 'running')], { done: 1, running: 1 }), true);
  opener(0).click();
  opener(1).click();
  view.redraw(false);
  expect(words('.gm-row-status')).toEqual([]);
  draw({ ...STORED, total: 1, counts: { done: 1 }, rows: rowsOf(0, 1) });
  expect(words('.gm-row-status')).toEqual(['Its run is runs[0].']);
});

test('the row that comes back takes its place, and the focus stays', async () => {
  const asked: unknown[] = [];
  const better = STORED.rows.map(row =>
    row.number === 1 ? { number: 1, state: 'done', text: 'Saddle', answer: 'saddle, no' } : row
  );
  mount({
    ask: (rows: Rows, { number, text }) => {
      asked.push([rows.key, number, text]);
      draw({ ...STORED, counts: { done: 3, recorded: 1 }, rows: better });
      return Promise.resolve('');
    }
  });
  draw(STORED);
  opener(1).click();
  const again = one<HTMLButtonElement>('.gm-opened:not([hidden]) .gm-ask-again');
  again.focus();
  again.click();
  await vi.waitFor(() => expect(again.textContent).toBe('Ask this row again'));
  expect(asked).toEqual([[STORED.key, 1, 'Saddle: see my mail of Tuesday']]);
  expect(words('.gm-opened .gm-prose')).toEqual(['saddle, no']);
  expect(words('.gm-row-error')).toEqual([]);
  expect(document.activeElement).toBe(again);
  expect(words('.gm-filter')).toEqual(['All 5', 'Done 4']);
});

test('while a row is asked again it can be stopped, and the focus stays at it', async () => {
  const stop = vi.fn();
  let end: (error: Error) => void;
  mount({ stop, ask: () => new Promise((_, reject) => (end = reject)) });
  draw(STORED);
  opener(1).click();
  const shown = () => words('.gm-buttons .gm-button');
  expect(shown()).toEqual(['Ask this row again']);
  one('.gm-opened:not([hidden]) .gm-ask-again').click();
  expect(shown()).toEqual(['Asking…', '■ Stop']);
  const button = one('.gm-opened:not([hidden]) .gm-stop');
  button.focus();
  button.click();
  button.click();
  expect(stop).toHaveBeenCalledOnce();
  expect(shown()).toEqual(['Stopping…', '■ Stop']);
  end!(new Error('stopped by you'));
  await vi.waitFor(() => expect(shown()).toEqual(['Ask this row again']));
  expect(words('.gm-row-status')).toEqual(['stopped by you']);
  expect(document.activeElement?.textContent).toBe('Ask this row again');
});

test('why a row was not asked again stands at it, in one line', async () => {
  mount({ ask: () => Promise.reject(new Error('No kernel is running: run the cell again.')) });
  draw(STORED);
  opener(1).click();
  one('.gm-opened:not([hidden]) .gm-ask-again').click();
  await vi.waitFor(() =>
    expect(words('.gm-row-status')).toEqual(['No kernel is running: run the cell again.'])
  );
  expect(one('.gm-opened:not([hidden]) .gm-ask-again').ariaDisabled).toBe(null);
});

test('the arrow keys go from row to row, one of which is a stop of Tab, and updates keep the focus', () => {
  mount();
  draw(growing(rowsOf(0, 4), { done: 4 }), true);
  const stops = () =>
    [...host.querySelectorAll<HTMLButtonElement>('.gm-opener')]
      .filter(node => node.tabIndex === 0)
      .map(node => node.textContent);
  expect(stops()).toEqual(['0']);
  opener(0).focus();
  press('ArrowDown');
  press('ArrowDown');
  expect(document.activeElement).toBe(opener(2));
  expect(stops()).toEqual(['2']);
  press('End');
  expect(document.activeElement).toBe(opener(3));
  press('ArrowUp');
  draw(growing(rowsOf(4, 40), { done: 40 }), true);
  expect(document.activeElement?.textContent).toBe('2');
  expect(words('.gm-row-number')).toHaveLength(25);
});

test('the seconds of a row that is on its way count on', () => {
  vi.useFakeTimers();
  mount();
  draw(growing(rowsOf(0, 1, 'running'), { running: 1 }), true, { rows: { '0': { seconds: 2.3 } } });
  expect(words('.gm-row-seconds')).toEqual(['2']);
  vi.advanceTimersByTime(3000);
  expect(words('.gm-row-seconds')).toEqual(['5']);
  view.redraw(false);
  expect(words('.gm-row-seconds')).toEqual(['']);
  expect(words('.gm-row-state')).toEqual(['unfinished']);
  vi.useRealTimers();
});

test('what a row holds is text, wherever it comes from', () => {
  const evil = '<img src=x onerror=alert(1)>\u001b[2J\u202e';
  const row = {
    number: 0,
    state: 'failed',
    text: evil,
    answer: evil,
    error: evil,
    run: { version: 9 }
  };
  mount();
  draw({ ...STORED, name: evil, columns: evil, key: 'k', counts: { failed: 1 }, rows: [row] });
  opener(0).click();
  one('.gm-open-run').click();
  expect(host.querySelector('img')).toBe(null);
  expect(host.textContent).not.toMatch(/[\u001b\u202e]/);
  expect(words('.gm-row-status')).toEqual(['This run cannot be shown: a newer version may.']);
});
