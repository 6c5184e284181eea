import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { colour } from '../src/code';
import { OPTIONS, type Hooks } from '../src/context';
import { readFacts } from '../src/facts';
import { markdownDrawer } from '../src/markdown';
import { answerRequests, requestView } from '../src/mount';
import type { Run } from '../src/run';
import { createRunView, type RunView } from '../src/view';
import { english } from '../src/words';
import { NAMES, stored } from './stored';

let host: HTMLElement;
let view: RunView;
const insert = vi.fn(() => 1);

function mount(hooks: Partial<Hooks> = {}): RunView {
  const prose = markdownDrawer(window);
  return createRunView(host, { words: english, options: OPTIONS, colour, prose, insert, ...hooks });
}

beforeEach(() => {
  document.body.innerHTML = '<main></main>';
  host = document.querySelector('main')!;
  view = mount();
});

afterEach(() => {
  view.dispose();
  insert.mockClear();
});

const all = (selector: string) => [...host.querySelectorAll<HTMLElement>(selector)];
const one = (selector: string) => host.querySelector<HTMLElement>(selector)!;
const seen = (selector: string) => all(selector).filter(node => !node.closest('[hidden]'));
const words = (selector: string) => all(selector).map(node => node.textContent);
const press = (node: HTMLElement) => node.dispatchEvent(new MouseEvent('click', { bubbles: true }));
const steps = () => all('.gm-step').map(step => step.querySelector('.gm-toggle')!.ariaExpanded);

describe('every stored run', () => {
  test.each(NAMES)('is drawn without a fault that axe finds: %s', async name => {
    view.update(stored(name), null, name === 'running');
    view.expand(true);
    const report = await axe.run(host, { rules: { 'color-contrast': { enabled: false } } });
    expect(report.violations.map(found => [found.id, found.nodes[0]?.html])).toEqual([]);
  });

  test.each(NAMES)('keeps one-letter shortcuts from what can have the focus: %s', name => {
    view.update(stored(name), null, name === 'running');
    view.expand(true);
    const loud = all('button, a, [tabindex]').filter(n => !n.dataset.lmSuppressShortcuts);
    expect(loud).toEqual([]);
  });
});

describe('the header', () => {
  const facts = readFacts({
    seconds: 6.41,
    usage: { prompt: 300, thoughts: 200, candidates: 704, total: 1204 }
  });

  test('says state, model, seconds and tokens', () => {
    view.update(stored('mended'), facts);
    expect(words('.gm-state')).toEqual(['Done']);
    expect(words('.gm-header > .gm-meta')).toEqual([
      'gemini-3-flash-preview · 6.4 s',
      '1,204 tokens'
    ]);
    expect(one('.gm-tokens').title).toBe('300 in, 200 thinking, 704 out');
  });

  test.each([
    ['stopped', 'Stopped'],
    ['failed', 'Failed'],
    ['blocked', 'Blocked'],
    ['running', 'Unfinished']
  ])('of a saved run that is %s says %s', (name, word) => {
    view.update(stored(name), null);
    expect(words('[role=status]')).toEqual([word]);
    expect(seen('progress, .gm-stop')).toEqual([]);
  });

  test.each([
    [[], 'Waiting'],
    [[{ kind: 'thought', text: 'hm' }], 'Thinking'],
    [[{ kind: 'text', text: 'so' }], 'Writing'],
    [[{ kind: 'code', code: 'x', language: '', id: '' }], 'Running code']
  ] as [Run['parts'], string][])('of a live run says what is going on: %j', (parts, word) => {
    view.update({ ...stored('running'), parts }, null, true);
    expect(words('.gm-state')).toEqual([word]);
    expect(one('progress').getAttribute('aria-label')).toBeTruthy();
  });

  test('stops where that can be done, and has no button where it cannot', () => {
    view.update(stored('running'), null, true);
    expect(seen('.gm-stop')).toEqual([]);
    view.dispose();
    const stop = vi.fn();
    view = mount({ stop });
    view.update(stored('running'), null, true);
    press(seen('.gm-stop')[0]!);
    expect(stop).toHaveBeenCalledOnce();
  });

  test('never lets the offline engine pass for a model', () => {
    view.update({ ...stored('offline'), model: 'gemini-9' }, null);
    expect(words('.gm-header > .gm-meta')[0]).toBe('offline engine · code ran here');
  });

  test('inserts what its menu says', () => {
    view.update(stored('mended'), null);
    all('.gm-header .gm-item').slice(0, 3).forEach(press);
    expect(insert.mock.calls.map(call => (call as unknown[])[1])).toEqual(['last', 'all', 'prose']);
  });
});

describe('attempts', () => {
  test('say how they ended', () => {
    const chips = (name: string) => {
      view.update(stored(name), null, name === 'running');
      return words('.gm-step .gm-row .gm-chip');
    };
    expect(chips('mended')).toEqual(["failed · KeyError: 'July'", 'ok']);
    expect(chips('running')).toEqual(['timed out', 'running']);
    expect(chips('no-result')).toEqual(['no result']);
  });

  test('that failed fold when a later one succeeds', () => {
    const run = stored('mended');
    view.update({ ...run, parts: run.parts.slice(0, 4) }, null, true);
    expect(steps()).toEqual(['true']);
    view.update(run, null, true);
    expect(steps()).toEqual(['false', 'true']);
  });

  test('that the reader opened or closed stay so', () => {
    const run = stored('mended');
    view.update({ ...run, parts: run.parts.slice(0, 4) }, null, true);
    press(one('.gm-toggle[aria-expanded=true]'));
    press(one('.gm-step .gm-toggle'));
    view.update(run, null, true);
    expect(steps()).toEqual(['true', 'true']);
  });

  test('show what changed since the failed one', () => {
    view.update(stored('mended'), null);
    const [tab] = seen('.gm-tab-changes');
    expect(tab?.textContent).toBe('What changed +3 −1');
    press(tab!);
    expect(words('ins code')[0]).toBe('months = range(1, 7)');
    expect(words('del code')).toEqual([`print(f"July    {sales['July']:,.0f}")`]);
    expect(words('del mark, ins mark').join('|')).toContain('July');
    expect(seen('.gm-code')).toEqual([]);
  });

  test('insert and give their own code', () => {
    view.update(stored('mended'), null);
    press(one('.gm-step .gm-insert'));
    expect((insert.mock.calls[0] as unknown[])[1]).toBe(2);
  });

  test('clip what is long, and show all of it when asked', () => {
    view.update(stored('long-output'), null);
    const [lines, characters] = all('.gm-show-all');
    expect(lines!.textContent).toBe('show all 2,310 lines');
    expect(characters!.textContent).toBe('show all 60,000 characters');
    press(lines!);
    expect(one('.gm-out .gm-pre').textContent!.split('\n')).toHaveLength(2310);
  });
});

describe('a redrawn view', () => {
  test('keeps every node that it has', () => {
    const run = stored('running');
    view.update(run, null, true);
    const before = all('.gm-run, .gm-run *');
    view.update(structuredClone(run), null, true);
    expect(all('.gm-run, .gm-run *')).toEqual(before);
  });

  test('keeps a selection in prose that grows', () => {
    const run = stored('stopped');
    const text = (words: string): Run => ({ ...run, parts: [{ kind: 'text', text: words }] });
    view.update(text('one *two* thr'), null, true);
    const node = one('.gm-prose em').firstChild!;
    getSelection()!.selectAllChildren(node.parentElement!);
    view.update(text('one *two* three\n\n- four'), null, true);
    expect(getSelection()!.toString()).toBe('two');
    expect(one('.gm-prose').textContent).toContain('three');
  });

  test('never moves the focus', () => {
    const run = stored('mended');
    view.update({ ...run, parts: run.parts.slice(0, 4) }, null, true);
    one('.gm-step .gm-copy').focus();
    const focused = document.activeElement;
    view.update(run, null, true);
    expect(document.activeElement).toBe(focused);
  });
});

test('a saved run shows what the reader had open while it was live', () => {
  const run = stored('mended');
  view.update({ ...run, state: 'running' }, null, true);
  press(one('.gm-thought .gm-toggle'));
  press(one('.gm-step .gm-toggle'));
  press(seen('.gm-tab-changes')[0]!);
  const saved = mount();
  host.lastElementChild!.id = 'saved';
  saved.update(run, null);
  saved.follow(view);
  expect(seen('#saved .gm-changes')).toHaveLength(1);
  expect(seen('#saved .gm-thought .gm-prose')).toHaveLength(1);
  expect(seen('#saved .gm-code')).toHaveLength(1);
  saved.dispose();
});

describe('a hostile run', () => {
  test('is text', () => {
    view.update(stored('hostile'), null);
    view.expand(true);
    expect(all('script, iframe, object, form, style, svg, video, link, meta, base')).toEqual([]);
    expect(
      all('img').filter(image => !image.getAttribute('src')!.startsWith('data:image/'))
    ).toEqual([]);
    const handlers = all('*')
      .flatMap(node => [...node.attributes])
      .filter(a => /^on|^style$/.test(a.name));
    expect(handlers).toEqual([]);
    const links = all('a').map(a => [
      new URL(a.getAttribute('href')!).protocol,
      a.getAttribute('rel')
    ]);
    expect(new Set(links.map(String))).toEqual(new Set(['https:,noopener noreferrer']));
    expect(host.textContent).not.toMatch(/[\x1b\x07\u202e]/);
    expect(host.textContent).toContain('\\u202e');
  });

  test('has no picture whose data is markup', () => {
    const image = { kind: 'image' as const, mime_type: 'image/png', data: '"><script>' };
    view.update({ ...stored('images'), parts: [image] }, null);
    expect(all('img')).toEqual([]);
  });
});

test('a page that has a better view gives it to a widget', () => {
  expect(requestView(host)).toBeNull();
  const end = answerRequests(document, () => view);
  expect(requestView(host)).toBe(view);
  end();
  expect(requestView(host)).toBeNull();
});
