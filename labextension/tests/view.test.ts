import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Call, Part } from '../src/contract/parts';
import { readProgress } from '../src/contract/progress';
import type { Run } from '../src/contract/run';
import { NO_STATS, readStats } from '../src/contract/stats';
import { english } from '../src/text/i18n';
import { OPTIONS, type Hooks, type Options } from '../src/view/context';
import { createRunView, type RunView } from '../src/view/runView';
import { NAMES, stored } from './stored';

let host: HTMLElement;
let view: RunView;
const answer = vi.fn();
const insert = vi.fn(() => 1);

function mount(hooks: Partial<Hooks> = {}): RunView {
  return createRunView(host, { trans: english, options: OPTIONS, insert, answer, ...hooks });
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

function called(fields: Partial<Call>): Call {
  return { kind: 'call', name: 'f', args: {}, response: null, error: null, ...fields };
}

describe('every stored run', () => {
  test.each(NAMES)('is drawn without a fault that axe finds: %s', async name => {
    view.update(stored(name), null, stored(name).state === 'running');
    view.expand(true);
    const report = await axe.run(host, { rules: { 'color-contrast': { enabled: false } } });
    expect(report.violations.map(found => [found.id, found.nodes[0]?.html])).toEqual([]);
  });

  test.each(NAMES)('keeps one-letter shortcuts from what can have the focus: %s', name => {
    view.update(stored(name), null, stored(name).state === 'running');
    view.expand(true);
    const loud = all('button, a, [tabindex]').filter(n => !n.dataset.lmSuppressShortcuts);
    expect(loud).toEqual([]);
  });
});

test('a run is named by the beginning of its prompt', () => {
  view.update({ ...stored('mended'), prompt: `Add \x1b]0;x\x07all${', of them'.repeat(9)}` }, null);
  expect(one('.gm-run').ariaLabel).toBe('Gemini run: Add all, of them, of them, of them, of t');
});

describe('the header', () => {
  const stats = readStats({
    seconds: 6.41,
    usage: { prompt: 300, thoughts: 200, candidates: 704, total: 1204 }
  });

  test('says state, model, seconds and tokens', () => {
    view.update(stored('mended'), stats);
    expect(words('.gm-state')).toEqual(['Done']);
    expect(words('.gm-about > .gm-meta')).toEqual([
      'gemini-3-flash-preview · 6.4 s',
      '1,204 tokens'
    ]);
    expect(one('.gm-tokens').title).toBe('300 in, 200 thinking, 704 out');
  });

  test('says of a replayed run when it was recorded, and that nothing was sent', () => {
    const recorded = (hours: number) =>
      readStats({ recorded: new Date(Date.now() - hours * 3_600_000).toISOString() });
    view.update(stored('mended'), recorded(73));
    expect(words('.gm-state')).toEqual(['Replayed']);
    expect(one('.gm-about > .gm-meta').textContent).toBe(
      'recorded 3 days ago · nothing sent · gemini-3-flash-preview'
    );
    view.update(stored('mended'), recorded(1));
    expect(one('.gm-about > .gm-meta').textContent).toContain('recorded 1 hour ago');
    view.update(stored('mended'), recorded(-1));
    expect(one('.gm-about > .gm-meta').textContent).toContain('recorded just now');
    view.update(stored('mended'), readStats({ recorded: 'never' }));
    expect(words('.gm-state')).toEqual(['Done']);
  });

  test('says how many of the tokens were cached', () => {
    const usage = { prompt: 300, cached_content: 250, candidates: 704, total: 1004 };
    view.update(stored('mended'), readStats({ usage }));
    expect(one('.gm-tokens').title).toBe('300 in (250 of them cached), 0 thinking, 704 out');
  });

  test.each([
    ['OUTCOME_FAILED', [], 'Done · last attempt failed'],
    ['OUTCOME_DEADLINE_EXCEEDED', [], 'Done · last attempt failed'],
    ['OUTCOME_FAILED', ['OUTCOME_OK'], 'Done'],
    ['OUTCOME_OK', [], 'Done']
  ])('of a run that is done says how it ended: %s %j', (first, later, word) => {
    const parts = [first, ...later].flatMap((outcome): Part[] => [
      { kind: 'code', code: 'x', language: '', id: '' },
      { kind: 'result', outcome, output: '', id: '' }
    ]);
    view.update({ ...stored('mended'), parts: [...parts, { kind: 'text', text: 'So.' }] }, null);
    expect(words('[role=status]')).toEqual([word]);
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
    [[{ kind: 'data', text: '{"a"' }], 'Writing'],
    [[{ kind: 'code', code: 'x', language: '', id: '' }], 'Running code'],
    [[called({})], 'Running a function'],
    [[called({ response: { result: 1 } })], 'Working']
  ] as [Run['parts'], string][])('of a live run says what is going on: %j', (parts, word) => {
    view.update({ ...stored('running'), parts }, null, true);
    expect(words('.gm-state')).toEqual([word]);
    expect(seen('progress')[0]!.getAttribute('aria-label')).toBeTruthy();
  });

  test('moves its bar while nothing comes, and not while the stream moves', () => {
    vi.useFakeTimers();
    view.dispose();
    view = mount();
    const isQuiet = () => one('.gm-run').hasAttribute('data-quiet');
    const say = (text: string) =>
      view.update({ ...stored('running'), parts: [{ kind: 'text', text }] }, null, true);
    view.update({ ...stored('running'), parts: [] }, null, true);
    vi.advanceTimersByTime(1_000);
    expect(isQuiet()).toBe(true);
    say('so');
    say('so on');
    vi.advanceTimersByTime(1_000);
    expect(isQuiet()).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(isQuiet()).toBe(true);
    vi.useRealTimers();
  });

  test('follows a live run from one thing to the next, and its clock', () => {
    vi.useFakeTimers();
    view.dispose();
    view = mount();
    const said = (parts: Run['parts']) => {
      view.update({ ...stored('running'), parts }, null, true);
      return words('.gm-state, .gm-about > .gm-meta:not(.gm-tokens)');
    };
    const text: Run['parts'][number] = { kind: 'text', text: 'so' };
    const code: Run['parts'][number] = { kind: 'code', code: 'x', language: '', id: '' };
    const meta = (seconds: number) => `${seconds} s · ${stored('running').model}`;
    expect(said([text])).toEqual(['Writing', meta(0)]);
    expect(said([text, called({})])).toEqual(['Running a function', meta(0)]);
    expect(said([text, called({ response: { result: 1 } })])).toEqual(['Working', meta(0)]);
    vi.advanceTimersByTime(2_000);
    expect(words('.gm-about > .gm-meta:not(.gm-tokens)')).toEqual([meta(2)]);
    expect(said([text, text, code])[1]).toContain('attempt 1');
    vi.useRealTimers();
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
    expect(words('.gm-about > .gm-meta')[0]).toBe('offline engine · code run here');
  });

  test('verifies a run that has ended and has code, where a kernel can', () => {
    expect(seen('.gm-verify')).toEqual([]);
    view.dispose();
    view = mount({ verify: () => Promise.resolve() });
    const shown = (name: string, live: boolean) => {
      view.update(stored(name), null, live);
      return seen('.gm-verify').length;
    };
    expect([shown('running', true), shown('running', false), shown('mended', false)]).toEqual([
      0, 0, 1
    ]);
    view.update({ ...stored('mended'), parts: [] }, null);
    expect(seen('.gm-verify')).toEqual([]);
  });

  test('says why a run cannot be verified, and asks once at a time', async () => {
    view.dispose();
    let refuse = (_: Error) => {};
    const verify = vi.fn(() => new Promise<void>((_, reject) => (refuse = reject)));
    view = mount({ verify });
    view.update(stored('mended'), null);
    const button = one('.gm-verify');
    press(button);
    press(button);
    expect([button.textContent, verify.mock.calls.length]).toEqual(['Verifying…', 1]);
    refuse(new Error('no \x1b[31msandbox'));
    await vi.waitFor(() => expect(button.textContent).toBe('Verify'));
    expect(seen('.gm-again-words').map(node => node.textContent)).toEqual([
      'Not run again here: no sandbox'
    ]);
  });

  test('says that a run is being stopped, once, until it has ended', () => {
    vi.useFakeTimers();
    const stop = vi.fn();
    view.dispose();
    view = mount({ stop });
    view.update(stored('running'), null, true);
    const button = one('.gm-stop');
    button.focus();
    press(button);
    press(button);
    expect(stop).toHaveBeenCalledTimes(1);
    expect(words('.gm-state')).toEqual(['Stopping…']);
    expect([button.ariaDisabled, document.activeElement]).toEqual(['true', button]);
    view.update(stored('running'), null, true);
    expect(words('.gm-state')).toEqual(['Stopping…']);
    vi.advanceTimersByTime(5000);
    expect(button.ariaDisabled).toBeNull();
    press(button);
    expect(stop).toHaveBeenCalledTimes(2);
    view.update({ ...stored('running'), state: 'stopped' }, null);
    document.body.dispatchEvent(new Event('pointermove', { bubbles: true }));
    expect(words('.gm-state')).toEqual(['Stopped']);
    expect(seen('.gm-stop')).toEqual([]);
    vi.useRealTimers();
  });

  test('inserts what its menu says', () => {
    view.update(stored('mended'), null);
    const menu = (): [HTMLElement[], string[]] => {
      press(one('.gm-insert-as'));
      const items = all('.gm-menu:has([role=menuitemradio]) .gm-item');
      return [items, items.filter(item => item.ariaChecked === 'true').map(chosenOf)];
    };
    const chosenOf = (item: HTMLElement) => item.firstChild!.textContent!;
    const [items, chosen] = menu();
    expect(items.map(item => item.textContent)).toEqual([
      'What the answer needsattempt 2',
      'Last attempt onlyattempt 2',
      'Every attemptfailed ones commented out',
      'All, with the prose'
    ]);
    expect(chosen).toEqual(['What the answer needs']);
    press(one('.gm-insert-main'));
    items.forEach(press);
    press(items[1]!);
    press(one('.gm-insert-main'));
    expect(insert.mock.calls.map(call => (call as unknown[])[1])).toEqual([
      'needed',
      ...['needed', 'last', 'all', 'prose', 'last'],
      'last'
    ]);
    expect(menu()[1]).toEqual(['Last attempt only']);
  });

  test('inserts and runs what was chosen, where there is a kernel', () => {
    const insertAndRun = vi.fn(() => 1);
    view.dispose();
    view = mount({ insertAndRun });
    view.update(stored('two-results'), null);
    press(one('.gm-insert-as'));
    const [needed] = words('.gm-item');
    expect(needed).toBe('What the answer needsattempt 2');
    press(all('.gm-item').at(-1)!);
    expect(words('.gm-item').at(-1)).toBe('Insert and run');
    expect((insertAndRun.mock.calls as unknown[][])[0]![1]).toBe('needed');
    expect(insert).not.toHaveBeenCalled();
  });
});

describe('the answers of a cell', () => {
  const earlier = [
    { run: stored('images'), stats: readStats({ seconds: 3 }) },
    { run: stored('traced'), stats: readStats({ seconds: 4 }) }
  ];
  const shown = () => [one('.gm-versions .gm-meta').textContent, all('.gm-step').length];

  test('can be seen one after the other, each as it was', async () => {
    view.update(stored('mended'), readStats({ seconds: 5 }), false, { earlier });
    expect(shown()).toEqual(['3 of 3', 2]);
    press(one('.gm-older'));
    expect(shown()).toEqual(['2 of 3', 3]);
    expect(words('.gm-about > .gm-meta')[0]).toContain('4.0 s');
    expect(seen('.gm-claims')).toHaveLength(1);
    press(one('.gm-older'));
    press(one('.gm-older'));
    expect(shown()).toEqual(['1 of 3', 1]);
    expect(one('.gm-older').ariaDisabled).toBe('true');
    press(one('.gm-insert-main'));
    expect((insert.mock.calls as unknown[][])[0]![0]).toBe(earlier[0]!.run);
    const header = one('.gm-header');
    const report = await axe.run(header, { rules: { 'color-contrast': { enabled: false } } });
    expect(report.violations.map(found => found.id)).toEqual([]);
    press(one('.gm-newer'));
    press(one('.gm-newer'));
    const fresh = mount();
    const newest = one('.gm-parts').textContent;
    fresh.update(stored('mended'), readStats({ seconds: 5 }));
    expect(all('.gm-parts')[1]!.textContent).toBe(newest);
    fresh.dispose();
  });

  test('say what was asked where that is no longer in the cell, as text', () => {
    const other = { ...stored('images'), prompt: 'Plot <b>it</b>\u202e' };
    const newest = stored('mended');
    const same = { ...stored('traced'), prompt: newest.prompt };
    const answers = [other, same].map(run => ({ run, stats: readStats({}) }));
    view.update(newest, null, false, { earlier: answers });
    expect(seen('.gm-asked')).toEqual([]);
    press(one('.gm-older'));
    expect(seen('.gm-asked')).toEqual([]);
    press(one('.gm-older'));
    expect(words('.gm-asked')[0]).toBe('Asked then: Plot <b>it</b>\\u202e');
    press(one('.gm-newer'));
    expect(seen('.gm-asked')).toEqual([]);
  });

  test('are verified only as the newest, which is the one that the output holds', () => {
    view.dispose();
    view = mount({ verify: async () => undefined });
    view.update(stored('mended'), null, false, { earlier });
    expect(seen('.gm-verify')).toHaveLength(1);
    press(one('.gm-older'));
    expect(seen('.gm-verify')).toEqual([]);
  });

  test('have no switch where there is one answer, or while it comes', () => {
    view.update(stored('mended'), null);
    expect(seen('.gm-versions')).toEqual([]);
    view.update(stored('running'), null, true, { earlier });
    expect(seen('.gm-versions, .gm-again')).toEqual([]);
  });

  test('become more where the place can ask again', () => {
    const again = vi.fn();
    view.update(stored('mended'), null);
    expect(seen('.gm-again')).toEqual([]);
    view.dispose();
    view = mount({ again });
    view.update(stored('mended'), null);
    press(seen('.gm-again')[0]!);
    expect(again).toHaveBeenCalledOnce();
  });
});

describe('the menu', () => {
  const items = () => {
    press(one('.gm-more'));
    return all('.gm-menu:not(:has([role=menuitemradio])) .gm-item');
  };
  const item = (label: string) => items().find(({ textContent }) => textContent === label)!;

  test('verifies where the header has no room for the button', () => {
    view.dispose();
    const verify = vi.fn(async () => undefined);
    view = mount({ verify });
    view.update(stored('mended'), null);
    const offered = (shown: boolean) => {
      one('.gm-verify').checkVisibility = () => shown;
      return item('Verify');
    };
    expect(offered(true)).toBe(undefined);
    press(offered(false));
    expect(verify).toHaveBeenCalledOnce();
    view.update(stored('running'), null, true);
    expect(offered(false)).toBe(undefined);
  });

  test('offers what can be done with a run where it is', () => {
    view.update(stored('mended'), null);
    const always = ['Copy answer', 'Copy the last code', 'Copy as Markdown'];
    const files = ['Download .md', 'Download .ipynb', 'Download .py'];
    const rest = ['Expand all', 'Collapse all'];
    expect(items().map(node => node.textContent)).toEqual([...always, ...files, ...rest]);
    view.dispose();
    const edit = vi.fn();
    view = mount({
      edit,
      saved: () => ({ html: '<p>saved</p>', document: stored('mended'), metadata: {} })
    });
    view.update(stored('mended'), null);
    expect(items().map(node => node.textContent)).toContain('Download .html');
    press(item('Edit and ask again'));
    expect(edit).toHaveBeenCalledOnce();
    view.update(stored('running'), null, true);
    expect(items().map(node => node.textContent)).not.toContain('Download .md');
  });

  test('copies where the page may not, and says so', async () => {
    const copy = vi.fn(() => true);
    view.dispose();
    view = mount({ copy });
    view.update(stored('mended'), null);
    press(item('Copy answer'));
    await vi.waitFor(() => expect(words('[aria-live=polite]')).toEqual(['Copied']));
    expect((copy.mock.calls as unknown[][])[0]![0]).toMatch(/54,500/);
  });

  test('saves files', async () => {
    const blobs: Blob[] = [];
    const names: string[] = [];
    URL.createObjectURL = blob => `blob:${blobs.push(blob as Blob)}`;
    URL.revokeObjectURL = () => undefined;
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement
    ) {
      names.push(this.download);
    });
    view.update(stored('mended'), null);
    ['.md', '.ipynb', '.py'].forEach(suffix => press(item(`Download ${suffix}`)));
    expect(names).toEqual([
      'what-will-july-s-sales-be.md',
      'what-will-july-s-sales-be.ipynb',
      'what-will-july-s-sales-be.py'
    ]);
    expect(blobs.every(({ size }) => size > 100)).toBe(true);
    click.mockRestore();
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

  test('say seconds if they took some, and lines if there are more than a few', () => {
    const said = (code: string, ended: number) => {
      const result: Part = { kind: 'result', outcome: 'OUTCOME_OK', output: '', id: '' };
      const parts: Part[] = [{ kind: 'code', code, language: 'PYTHON', id: '' }, result];
      const stats = readStats({ seconds: ended, times: [0, ended] });
      view.update({ ...stored('mended'), parts }, stats, false);
      return [one('.gm-step .gm-row .gm-meta').textContent, host.textContent!.match(/\d\.\d s/)];
    };
    expect(said('print(1)\nprint(2)', 0.04)).toEqual(['', null]);
    expect(said('a = 1\nb = 2\nprint(a)', 0.2)[0]).toBe('3 lines · 0.2 s');
  });

  test('that failed fold when a later one succeeds', () => {
    const run = stored('mended');
    view.update({ ...run, parts: run.parts.slice(0, 4) }, null, true);
    expect(steps()).toEqual(['true']);
    view.update(run, null, true);
    expect(steps()).toEqual(['false', 'true']);
  });

  test('that the user opened or closed stay so', () => {
    const run = stored('mended');
    view.update({ ...run, parts: run.parts.slice(0, 4) }, null, true);
    press(one('.gm-toggle[aria-expanded=true]'));
    press(one('.gm-step .gm-toggle'));
    view.update(run, null, true);
    expect(steps()).toEqual(['true', 'true']);
  });

  test('show what changed since the failed one, and the code when asked', () => {
    view.update(stored('mended'), null);
    const [code, tab] = seen('.gm-tab');
    expect(tab?.textContent).toBe('What changed +3 −1');
    press(code!);
    expect([seen('.gm-code').length, seen('.gm-changes').length]).toEqual([1, 0]);
    press(tab!);
    expect(words('ins code')[0]).toBe('months = range(1, 7)');
    expect(words('del code')).toEqual([`print(f"July    {sales['July']:,.0f}")`]);
    expect(words('del mark, ins mark').join('|')).toContain('July');
    expect(seen('.gm-code')).toEqual([]);
  });

  test('say what they mended in the words and the colour of its row', () => {
    for (const [outcome, kind] of Object.entries({
      DEADLINE_EXCEEDED: 'late',
      FAILED: 'failed',
      STOPPED: 'late'
    })) {
      const parts = stored('mended').parts.map(part =>
        part.kind === 'result' && part.outcome !== 'OUTCOME_OK'
          ? { ...part, outcome: `OUTCOME_${outcome}` }
          : part
      );
      view.dispose();
      view = mount();
      view.update({ ...stored('mended'), parts }, null);
      const chips = [one('.gm-step .gm-row .gm-chip'), one('.gm-caption .gm-chip')];
      expect(chips.map(chip => chip.className)).toEqual(Array(2).fill(`gm-chip gm-chip-${kind}`));
    }
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

describe('a long run', () => {
  const attempts = (count: number): Run => {
    const parts = Array.from({ length: count }, (_, at): Part[] => [
      { kind: 'text', text: `I try *${at}*.` },
      { kind: 'code', code: `import os\nx = ${at}`, language: '', id: '' },
      {
        kind: 'result',
        outcome: at % 4 === 1 ? 'OUTCOME_FAILED' : 'OUTCOME_OK',
        output: 'x',
        id: ''
      }
    ]);
    return { ...stored('mended'), parts: parts.flat() };
  };
  const shown = () => all('.gm-step').filter(step => !step.closest('[hidden]'));
  const stats = readStats({ times: Array.from({ length: 60 }, (_, at) => at / 2) });

  test('shows its last attempts, the last one open, and a row for the others', () => {
    view.update(attempts(12), stats);
    expect(shown().map(step => step.querySelector('.gm-toggle')!.ariaExpanded)).toEqual([
      'false',
      'false',
      'true'
    ]);
    expect(words('.gm-stack')).toEqual(['9 attempts · show all2 failed · 4.5 s']);
    // What is said before the first attempt stays.
    expect(seen('.gm-prose')[0]!.textContent!.trim()).toBe('I try 0.');
    expect(words('.gm-brief')[0]).toBe('x = 0');
  });

  test('shows all when asked, and keeps the focus there', () => {
    view.update(attempts(12), stats);
    press(one('.gm-stack button'));
    expect([shown().length, seen('.gm-stack').length]).toEqual([12, 0]);
    expect(document.activeElement).toBe(all('.gm-step')[0]);
    view.update(attempts(13), stats);
    expect(shown()).toHaveLength(13);
  });

  test('shows all when the search of the browser finds something, or all is to be expanded', () => {
    view.update(attempts(12), stats);
    all('.gm-step')[2]!.dispatchEvent(new Event('beforematch', { bubbles: true }));
    expect(shown()).toHaveLength(12);
    const other = mount();
    other.update(attempts(12), stats);
    other.expand(true);
    expect(shown()).toHaveLength(24);
    other.dispose();
  });

  test('of eight attempts is none', () => {
    view.update(attempts(8), stats);
    expect(shown()).toHaveLength(8);
    expect(seen('.gm-stack')).toEqual([]);
  });

  test('becomes one while it goes on', () => {
    const run: Run = { ...attempts(12), state: 'running' };
    for (let count = 1; count <= run.parts.length; count++) {
      view.update({ ...run, parts: run.parts.slice(0, count) }, null, true);
    }
    expect(shown()).toHaveLength(3);
    expect(words('.gm-stack button')).toEqual(['9 attempts · show all']);
  });
});

test.each([
  ['open', ['false', 'true']],
  ['last', ['false', 'true']],
  ['folded', ['false', 'false']]
] as const)('the setting says which code is open: %s', (code, open) => {
  view.dispose();
  view = mount({ options: { ...OPTIONS, code } });
  view.update(stored('mended'), null);
  expect(steps()).toEqual(open);
  const run = stored('traced');
  view.dispose();
  view = mount({ options: { ...OPTIONS, code } });
  view.update({ ...run, verification: undefined }, null);
  expect(steps()).toEqual(
    {
      open: ['true', 'true', 'true'],
      last: ['false', 'false', 'true'],
      folded: Array(3).fill('false')
    }[code]
  );
});

test('the seconds of the running code come first, then those of all', () => {
  vi.useFakeTimers();
  view.dispose();
  view = mount();
  const run = stored('running');
  const code: Part = { kind: 'code', code: 'a\nb\nc', language: '', id: '' };
  vi.advanceTimersByTime(5_000);
  view.update({ ...run, parts: [code] }, { ...NO_STATS, times: [3] }, true);
  const meta = () => words('.gm-about > .gm-meta:not(.gm-tokens)')[0];
  expect(meta()).toBe('2 s · attempt 1 · 5 s in all · gemini-3-flash-preview');
  vi.advanceTimersByTime(2_000);
  expect(meta()).toBe('4 s · attempt 1 · 7 s in all · gemini-3-flash-preview');
  expect(words('.gm-step .gm-row > .gm-meta')).toEqual(['3 lines · 4 s']);
  vi.useRealTimers();
});

describe('a button that is replaced by what it reveals', () => {
  test('gives the focus to all of an output', () => {
    view.update(stored('long-output'), null);
    press(one('.gm-show-all'));
    expect(document.activeElement).toBe(one('.gm-out .gm-pre'));
  });

  test('gives the focus to the first of the lines as before', () => {
    view.update(stored('mended'), null);
    press(seen('.gm-tab-changes')[0]!);
    press(one('.gm-same-folded'));
    expect(document.activeElement).toBe(one('.gm-diff > .gm-line'));
  });
});

test('what the model saw stands below what it was printed from, folded', () => {
  view.update(stored('here'), null);
  view.expand(true);
  expect(one('.gm-header').textContent).toContain('code ran here');
  expect(words('.gm-seen .gm-row')).toEqual([
    'the model saw 14 of 18 characters, 1 value masked',
    'the model saw 32 of 200 characters'
  ]);
  expect(seen('.gm-seen .gm-pre')).toEqual([]);
  press(one('.gm-seen .gm-toggle'));
  expect(seen('.gm-seen .gm-pre').map(node => node.textContent)).toEqual(['97.5\n[masked]']);
});

test('what a button did is said where a screen reader hears it, for a moment', () => {
  vi.useFakeTimers();
  view.update(stored('mended'), null);
  press(one('.gm-step .gm-insert'));
  expect(words('[aria-live=polite]')).toEqual(['1 cell inserted']);
  vi.runAllTimers();
  expect(words('[aria-live=polite]')).toEqual(['']);
  vi.useRealTimers();
});

test('counts are written as in the language of the page', () => {
  document.documentElement.lang = 'de';
  view.update(stored('long-output'), readStats({ usage: { total: 1204 } }));
  expect(one('.gm-tokens').textContent).toBe('1.204 tokens');
  expect(one('.gm-show-all').textContent).toBe('show all 2.310 lines');
  document.documentElement.removeAttribute('lang');
});

test('a setting that changes holds for what is drawn from then on', () => {
  view.dispose();
  let clipLines = 0;
  view = createRunView(host, {
    trans: english,
    get options() {
      return { ...OPTIONS, clipLines };
    }
  });
  view.update({ ...stored('mended'), parts: [] }, null);
  clipLines = 6;
  view.update(stored('long-output'), null);
  expect(words('.gm-show-all')[0]).toBe('show all 2,310 lines');
  expect(one('.gm-out .gm-pre').textContent!.split('\n')).toHaveLength(4);
});

test('a setting that changes holds for a run that is drawn again, and not for what the user opened', () => {
  view.dispose();
  let options: Options = OPTIONS;
  view = createRunView(host, {
    trans: english,
    get options() {
      return options;
    }
  });
  const change = (changed: Partial<Options>) => {
    options = { ...OPTIONS, ...changed };
    view.update(run, null);
  };
  let run = stored('long-output');
  change({});
  expect(words('.gm-show-all')[0]).toBe('show all 2,310 lines');
  change({ clipLines: 0 });
  expect(words('.gm-show-all')).toEqual([]);
  run = stored('mended');
  change({});
  // Its thoughts, the attempt that failed, and the one that did not.
  const open = () => all('.gm-toggle').map(toggle => toggle.ariaExpanded);
  expect(open()).toEqual(['false', 'false', 'true']);
  change({ foldFailed: false, showThoughts: true });
  expect(open()).toEqual(['true', 'true', 'true']);
  one('.gm-toggle').click();
  change({ showThoughts: true });
  expect(open()).toEqual(['false', 'false', 'true']);
});

describe('calls', () => {
  const rows = () => words('.gm-call .gm-toggle');
  const draw = (parts: Part[], live = false) =>
    view.update({ ...stored('calls'), state: live ? 'running' : 'done', parts }, null, live);

  test('tell in their row what was asked and answered, and how they ended', () => {
    view.update(stored('calls'), null);
    expect(rows()).toEqual([
      'Called weather(city="Paris", days=2)ok→ {"high":[21,23],"sky":"clear"}',
      `Called weather(city="Atlantis")failed · ValueError: no such city: 'Atlantis'`,
      'Called history(city="Paris", from="1990-01-01", columns=["day","high","low…)ok' +
        '→ [{"day":"2025-07-01","high":21.5,"low":12,"rain":null},{"da…',
      'Called today()ok→ null',
      'Called describe(city="Paris")ok→ "Mild and dry.\\nA light wind from the west."',
      'Called geocode(city="Paris")ok→ {"latitude":48.86,"longitude":2.35}',
      'Wanted to call send_mail(to="sister@example.org", text="It will be 23 degrees.")refused',
      'Called forecast(city="Paris")failed · ' +
        'ValidationError: 2 validation errors for forecast: days: Fi…'
    ]);
  });

  test('are open from the start where the row cannot tell why they failed', () => {
    view.update(stored('calls'), null);
    const open = all('.gm-call .gm-toggle[aria-expanded=true]').map(node => node.textContent);
    expect(open).toHaveLength(1);
    expect(open[0]).toContain('forecast');
  });

  test('show arguments and result as JSON, text as text', () => {
    view.update(stored('calls'), null);
    view.expand(true);
    const shown = all('.gm-call').map(call =>
      [...call.querySelectorAll('.gm-out:not([hidden]) .gm-pre')].map(pre => pre.textContent)
    );
    expect(shown[0]).toEqual([
      '{\n  "city": "Paris",\n  "days": 2\n}',
      '{\n  "high": [\n    21,\n    23\n  ],\n  "sky": "clear"\n}'
    ]);
    expect(shown[3]).toEqual(['null']);
    expect(shown[4]![1]).toBe('Mild and dry.\nA light wind from the west.');
    expect(shown[6]![1]).toBe('refused by the reader');
  });

  test('that wait for the user say so, and are answered once by a button', () => {
    const parts = [called({ args: { city: 'Rome' } })];
    const asked = { question: 'The model wants to call it.', key: 'k1' };
    const run: Run = { ...stored('calls'), state: 'running', parts };
    view.update(run, null, true, { waiting: asked });
    expect(rows()).toEqual(['Wants to call f(city="Rome")waiting for you']);
    expect(one('.gm-state').textContent).toBe('Waiting for you');
    const buttons = () => seen('.gm-approval button');
    expect(buttons().map(node => node.textContent)).toEqual(['Allow', 'Allow all', 'Refuse']);
    const second = buttons()[1]!;
    press(second);
    press(second);
    expect(answer.mock.calls).toEqual([[asked, 'all']]);
    expect(buttons()).toEqual([]);
    // Drawn again, the same question is not asked again; the next one is.
    view.update(run, null, true, { waiting: { ...asked } });
    expect(buttons()).toEqual([]);
    view.update(run, null, true, { waiting: { ...asked, key: 'k2' } });
    expect(buttons().length).toBe(3);
    view.update(run, null, true, { waiting: null });
    expect(buttons()).toEqual([]);
    expect(rows()).toEqual(['Calling f(city="Rome")running']);
    // Where the answer is typed, there are none.
    view.update(run, null, true, { waiting: { ...asked, key: '' } });
    expect(buttons()).toEqual([]);
    expect(rows()).toEqual(['Wants to call f(city="Rome")waiting for you']);
  });

  test('of a live run end where they began', () => {
    draw([called({ args: { city: 'Rome' } })], true);
    expect(rows()).toEqual(['Calling f(city="Rome")running']);
    const [node] = all('.gm-call');
    press(node!.querySelector<HTMLElement>('.gm-toggle')!);
    draw([called({ args: { city: 'Rome' }, response: { result: 'dry' } })], true);
    expect(all('.gm-call')).toEqual([node]);
    expect(rows()).toEqual(['Called f(city="Rome")ok→ "dry"']);
    expect(seen('.gm-call .gm-pre').map(pre => pre.textContent)).toEqual([
      '{\n  "city": "Rome"\n}',
      'dry'
    ]);
  });

  test('that never ended say so', () => {
    draw([called({})]);
    expect(rows()).toEqual(['Called f()no result']);
  });

  test('say how long they took', () => {
    const stats = readStats({ times: [1, 4], calls: { 1: 1.25, 2: 'x' } });
    const parts: Part[] = [{ kind: 'note', text: 'x' }, called({ response: { result: 1 } })];
    view.update({ ...stored('calls'), parts }, stats);
    expect(rows()).toEqual(['Called f()ok→ 11.3 s']);
  });
});

describe('data', () => {
  const drawn = (text: string, live = false) => {
    const state = live ? 'running' : 'done';
    view.update({ ...stored('structured'), state, parts: [{ kind: 'data', text }] }, null, live);
    return one('.gm-data .gm-pre').textContent;
  };

  test('is shown as it comes, and with a line for each value when it is whole', () => {
    expect(drawn('{"a":1.50,"b":["x, {y}"', true)).toBe('{"a":1.50,"b":["x, {y}"');
    const node = one('.gm-data .gm-pre').firstChild;
    expect(drawn('{"a":1.50,"b":["x, {y}"],"c":{ }}', true)).toBe(
      '{"a":1.50,"b":["x, {y}"],"c":{ }}'
    );
    expect(one('.gm-data .gm-pre').firstChild).toBe(node);
    expect(drawn('{"a":1.50,"b":["x, {y}"],"c":{ }}')).toBe(
      '{\n  "a": 1.50,\n  "b": [\n    "x, {y}"\n  ],\n  "c": {}\n}'
    );
    expect(words('.gm-data .gm-definition')).toEqual(['"a"', '"b"', '"c"']);
  });

  test('keeps its numbers as they were sent', () => {
    expect(drawn('[1.0,12345678901234567890,1e5]')).toBe(
      '[\n  1.0,\n  12345678901234567890,\n  1e5\n]'
    );
  });

  test('that is cut off or no JSON stays as it is', () => {
    expect(drawn('{"a": [1,')).toBe('{"a": [1,');
    expect(drawn('**none**')).toBe('**none**');
    expect(all('.gm-data strong')).toEqual([]);
  });
});

describe('a file of the answer', () => {
  test('has its name, type and size, a link that saves it, and the first lines of a table', () => {
    view.update(stored('files-given'), null);
    expect(words('.gm-file .gm-name')).toEqual(['sales.csv', 'page.html', 'large.csv']);
    const links = all('.gm-file a') as HTMLAnchorElement[];
    expect(links.map(link => [link.download, link.href])).toEqual([
      ['sales.csv', `data:text/csv;base64,${btoa('month,sales\nJan,1\nFeb,2\n')}`]
    ]);
    expect(words('.gm-file pre')).toEqual(['month,sales\nJan,1\nFeb,2\n']);
    expect(words('.gm-file')[2]).toContain('too large to be kept in the notebook');
  });

  test('that a browser might run is not offered, whatever it holds', () => {
    const data = btoa('<script>alert(1)</script>');
    for (const mime_type of ['text/html', 'image/svg+xml', 'text/csv;base64,x" onclick="', '']) {
      const part: Part = { kind: 'file', name: 'a"<b>', mime_type, size: -5, data };
      view.update({ ...stored('files-given'), parts: [part] }, null);
      expect(all('.gm-file a, .gm-file script, .gm-file b')).toEqual([]);
    }
  });

  test('that is a picture and was cut anywhere lets the rest of the run be drawn', () => {
    const whole = stored('mended').parts.find(part => part.kind === 'image')!;
    for (let end = 1; end < 40; end++) {
      const part = { ...whole, data: `${whole.data.slice(0, end)}\n` };
      view.update({ ...stored('mended'), parts: [part, { kind: 'text', text: 'So.' }] }, null);
      expect(one('.gm-prose').textContent).toContain('So.');
    }
  });

  test('whose data is none is named, and the rest of the run is drawn', () => {
    for (const data of ['A', 'AB=', '====', 'a b=', 'é123']) {
      const part: Part = { kind: 'file', name: 'a.csv', mime_type: 'text/csv', size: 1, data };
      view.update({ ...stored('files-given'), parts: [part, { kind: 'text', text: 'So.' }] }, null);
      expect(words('.gm-file .gm-name')).toEqual(['a.csv']);
      expect(all('.gm-file a, .gm-file pre')).toEqual([]);
      expect(one('.gm-prose').textContent).toContain('So.');
    }
  });

  test('that is drawn again keeps its link', () => {
    view.update(stored('files-given'), null);
    const link = one('.gm-file a');
    view.update(structuredClone(stored('files-given')), null);
    expect(one('.gm-file a')).toBe(link);
  });
});

describe('an answer from the web', () => {
  test('names the licence of what it recites', () => {
    view.update(stored('files-given'), null);
    expect(words('.gm-sources > li')).toEqual(['x.py (licence: MIT)', 'A page']);
  });

  test('has its sources and searches below it, as links that lead to the web only', () => {
    view.update(stored('grounded'), null);
    const sources = all('.gm-sources > li');
    expect(sources.map(item => item.querySelector('a')?.getAttribute('href') ?? null)).toEqual([
      'https://vertexaisearch.example.org/grounding-api-redirect/AUZIYQ1',
      'https://en.wikipedia.example.org/wiki/UEFA_Euro_2024_final',
      'https://example.org/a-page-without-a-title',
      null,
      null
    ]);
    expect(sources[2]!.textContent).toBe('https://example.org/a-page-without-a-title');
    const searches = all('.gm-searches a').map(a => new URL(a.getAttribute('href')!));
    expect(new Set(searches.map(url => url.origin + url.pathname))).toEqual(
      new Set(['https://www.google.com/search'])
    );
    expect(searches[1]!.searchParams.get('q')).toBe(
      'Euro 2024 final Spain vs England goals & minutes'
    );
    expect([...searches[2]!.searchParams.keys()]).toEqual(['q']);
    expect(searches[2]!.hash).toBe('');
    expect(host.textContent).not.toContain('\u202e');
    expect(one('.gm-parts').textContent).not.toContain('uefa.com');
  });

  test('stays where it is while the run goes on', () => {
    const run: Run = { ...stored('grounded'), state: 'running' };
    view.update(run, null, true);
    const link = one('.gm-sources a');
    view.update(structuredClone(run), null, true);
    expect(one('.gm-sources a')).toBe(link);
  });

  test('is searched for what was searched, though no address could hold it', () => {
    view.update({ ...stored('grounded'), parts: [{ kind: 'query', text: 'a\ud800b' }] }, null);
    expect(one('.gm-searches a').getAttribute('href')).toMatch(/q=a%EF%BF%BDb$/);
  });
});

describe('progress', () => {
  const far = { text: 'uploading big.csv', done: 12_340_000, total: 45_600_000 };
  const running: Run = { ...stored('running'), parts: [] };

  test('is told in the header, in place of the rest, until it is over', () => {
    view.update(running, null, true, { progress: far });
    const bar = one('progress.gm-upload-bar') as HTMLProgressElement;
    expect(bar.getAttribute('aria-label')).toBe('uploading big.csv');
    expect([bar.value, bar.max]).toEqual([12_340_000, 45_600_000]);
    expect(seen('.gm-header .gm-meta').map(node => node.textContent)).toEqual([
      'uploading big.csv · 12.3 of 45.6 MB'
    ]);
    view.update(running, null, true);
    expect(seen('.gm-upload')).toEqual([]);
    expect(seen('.gm-header .gm-meta')[0]!.textContent).toContain('gemini-3-flash-preview');
  });

  test('is over when the run is', () => {
    view.update({ ...running, state: 'stopped' }, null, false, { progress: far });
    expect(seen('.gm-upload')).toEqual([]);
  });

  test.each([undefined, null, {}, { text: 'x' }, { text: 'x', done: NaN, total: 1 }, 'x'])(
    'that a kernel does not send is none: %j',
    data => expect(readProgress(data)).toBeNull()
  );
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

test('a view goes on in another element with what the user had opened', () => {
  const run = stored('mended');
  view.update({ ...run, state: 'running' }, null, true);
  press(one('.gm-thought .gm-toggle'));
  press(one('.gm-step .gm-toggle'));
  press(seen('.gm-tab-changes')[0]!);
  const saved = document.createElement('div');
  saved.id = 'saved';
  host.append(saved);
  view.moveTo(saved);
  view.update(run, null);
  expect(seen('#saved .gm-changes')).toHaveLength(1);
  expect(seen('#saved .gm-thought .gm-prose')).toHaveLength(1);
  expect(seen('#saved .gm-code')).toHaveLength(1);
});

test('a picture that comes late takes the place of the line that said so', () => {
  const run = stored('images');
  const parts = run.parts.map(part => (part.kind === 'image' ? { ...part, data: '' } : part));
  view.update({ ...run, parts, state: 'running' }, null, true);
  expect(all('.gm-image')).toEqual([]);
  view.update(run, null);
  const shown = all('.gm-image').length;
  expect(shown).toBeGreaterThan(0);
  const fresh = mount();
  fresh.update(run, null);
  expect(all('.gm-image')).toHaveLength(2 * shown);
  fresh.dispose();
  expect(host.textContent).not.toContain('shown when the run has ended');
});

describe('a table', () => {
  const text = '| Gear | Speed |\n|---|---:|\n| a | 1,310 |\n| b | 842 |\n| c | 955 |';
  const draw = (parts: Part[]) => view.update({ ...stored('mended'), claims: {}, parts }, null);
  const column = () => words('.gm-table tbody tr > :first-child');

  test('of an answer is sorted by a press on a head, turned by a second, as it was by a third', async () => {
    draw([{ kind: 'text', text }]);
    const [, speed] = all('.gm-table th');
    expect(words('.gm-table-bar .gm-meta')).toEqual(['3 rows']);
    const orders = [1, 2, 3].map(() => {
      press(speed!.querySelector('button')!);
      return [speed!.ariaSort, column().join('')];
    });
    expect(orders).toEqual([
      ['ascending', 'bca'],
      ['descending', 'acb'],
      [null, 'abc']
    ]);
    press(all('.gm-sort')[0]!);
    expect(all('.gm-table th').map(head => head.ariaSort)).toEqual(['ascending', null]);
    const table = one('.gm-table');
    const report = await axe.run(table, { rules: { 'color-contrast': { enabled: false } } });
    expect(report.violations.map(found => found.id)).toEqual([]);
  });

  test('is copied as CSV in the order shown', async () => {
    const copy = vi.fn(() => true);
    view.dispose();
    view = mount({ copy });
    draw([{ kind: 'text', text }]);
    press(all('.gm-sort')[1]!);
    press(one('.gm-copy-table'));
    await vi.waitFor(() => expect(copy).toHaveBeenCalled());
    expect((copy.mock.calls as unknown[][])[0]![0]).toBe(
      'Gear,Speed\r\nb,842\r\nc,955\r\na,"1,310"\r\n'
    );
  });

  test('that grows has no buttons yet', () => {
    view.update({ ...stored('running'), parts: [{ kind: 'text', text }] }, null, true);
    expect(all('.gm-prose table').length).toBe(1);
    expect(all('.gm-sort, .gm-table')).toEqual([]);
  });

  test('that code printed is offered as a table, below what was printed', () => {
    const output = '   gear  speed\n0     a   1310\n1     b    842\n';
    draw([
      { kind: 'code', code: 'print(frame)', language: '', id: '' },
      { kind: 'result', outcome: 'OUTCOME_OK', output, id: '' }
    ]);
    press(one('.gm-as-table'));
    expect(words('.gm-out .gm-table th')).toEqual(['#', 'gear', 'speed']);
    press(all('.gm-sort')[2]!);
    expect(words('.gm-table tbody tr > :nth-child(2)')).toEqual(['b', 'a']);
    expect(one('.gm-out .gm-pre').textContent).toContain('1310');
    press(one('.gm-as-table'));
    expect(all('.gm-out .gm-table')).toEqual([]);
  });
});

test.each([
  ['rides.csv goes along as input_file_0.csv (94,210 bytes)', 'rides.csv 94 kB'],
  ['a.xlsx goes along as input_file_1.csv (9,900 bytes; sheet 2)', 'a.xlsx 9.9 kB · sheet 2'],
  ['https://host/x.pdf goes along as input_file_0', 'https://host/x.pdf'],
  ["chat 'rides', turn 2", 'chat rides · 2'],
  ['retrying in 2 s', 'retrying in 2 s']
])('a note is as short as it can be: %s', (text, chip) => {
  view.update({ ...stored('mended'), parts: [{ kind: 'note', text }] }, null);
  expect(words('.gm-note')).toEqual([chip]);
  expect(['', text]).toContain(one('.gm-note').title);
});

describe('pictures that were sent', () => {
  test('stand before what was made of them, in order', () => {
    view.update(stored('sent'), null);
    expect(words('.gm-pair figcaption')).toEqual([
      'before · chart.png',
      'after',
      ...['before', 'after', 'before', 'after']
    ]);
    const sources = all('.gm-image').map(image => image.getAttribute('src'));
    const [chart, crop, again, zoom] = sources;
    expect([new Set(sources).size, again, zoom === crop]).toEqual([4, crop, false]);
    expect(chart).toContain(stored('sent').sent![0]!.data);
    expect(seen('.gm-sent')).toEqual([]);
  });

  test('are shown by themselves if nothing was made of them, also while a run goes on', () => {
    const run = stored('sent');
    const began: Run = { ...run, state: 'running', parts: run.parts.slice(0, 3) };
    view.update(began, null, true);
    expect(words('.gm-sent figcaption')).toEqual(['chart.png · sent']);
    view.update({ ...run, state: 'running' }, null, true);
    expect([seen('.gm-sent').length, all('.gm-pair').length]).toEqual([0, 3]);
  });
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

describe('what is folded', () => {
  test('is drawn and hidden until the search of the browser finds it', () => {
    view.update(stored('mended'), null);
    const [folded] = all('.gm-step .gm-body');
    expect(folded!.getAttribute('hidden')).toBe('until-found');
    expect(folded!.textContent).toContain("print(f\"July    {sales['July']");
    folded!.dispatchEvent(new Event('beforematch', { bubbles: true }));
    expect(steps()).toEqual(['true', 'true']);
    expect(folded!.hasAttribute('hidden')).toBe(false);
  });
});

describe('what changed', () => {
  const code = (lines: string[]): Part => ({
    kind: 'code',
    code: lines.join('\n'),
    language: 'PYTHON',
    id: ''
  });
  const failed: Part = { kind: 'result', outcome: 'OUTCOME_FAILED', output: 'x', id: '' };
  const lines = (name: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${name}_${at} = ${at}`);
  const tabs = (before: string[], after: string[]) => {
    view.update({ ...stored('mended'), parts: [code(before), failed, code(after)] }, null);
    return all('.gm-tab-changes').length;
  };

  test('is not offered if nearly all is new', () => {
    expect(tabs(lines('a', 9), lines('b', 9))).toBe(0);
  });

  test('is offered of short code, and of code that stays in part', () => {
    expect(tabs(['print(a)'], ['print(b)'])).toBe(1);
    expect(tabs(lines('a', 9), [...lines('a', 2), ...lines('b', 7)])).toBe(1);
  });

  test('is copied with its signs', () => {
    view.update(stored('mended'), null);
    press(seen('.gm-tab-changes')[0]!);
    getSelection()!.selectAllChildren(one('.gm-diff'));
    const copied = new Map<string, string>();
    const event = new Event('copy', { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { setData: copied.set.bind(copied) } });
    one('.gm-diff .gm-line').dispatchEvent(event);
    const rows = copied.get('text/plain')!.split('\n');
    expect(rows.filter(row => /^[-+]/.test(row)).map(row => row.slice(0, 8))).toEqual([
      '- print(',
      '+ months',
      '+ slope,',
      '+ print('
    ]);
    expect(event.defaultPrevented).toBe(true);
  });
});

test('Stop keeps its place at the end of the run while the pointer is near it', () => {
  const stop = vi.fn();
  view.dispose();
  view = mount({ stop });
  view.update(stored('running'), null, true);
  const [button, header] = [one('.gm-stop'), one('header')];
  const moveAbove = (node: Element) =>
    node.dispatchEvent(new Event('pointermove', { bubbles: true }));
  moveAbove(button);
  press(button);
  // The output of the run that has ended takes the view over, which the browser takes for the pointer's leaving.
  vi.spyOn(header, 'matches').mockReturnValue(false);
  const host = document.body.appendChild(document.createElement('div'));
  view.moveTo(host);
  button.dispatchEvent(new Event('pointerleave'));
  view.update({ ...stored('running'), state: 'stopped' }, null);
  header.dispatchEvent(new Event('pointerleave'));
  press(button);
  moveAbove(header.querySelector('.gm-state')!);
  expect([button.hidden, stop.mock.calls.length]).toEqual([false, 1]);
  moveAbove(document.body);
  expect(button.hidden).toBe(true);
  host.remove();
});

test('a picture of more pixels than a browser can hold is a line', () => {
  const head = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];
  const size = [0, 0, 0x4e, 0x20];
  const data = btoa(String.fromCharCode(...head, ...size, ...size, 8, 2, 0, 0, 0));
  const image: Part = { kind: 'image', mime_type: 'image/png', data };
  view.update({ ...stored('images'), parts: [image] }, null);
  expect(one('.gm-parts .gm-pictures').textContent).toContain('20000 × 20000 pixels');
  expect(all('img')).toEqual([]);
});

describe('a run that is presented', () => {
  const present = (name: string, step: string) => view.update(stored(name), readStats({ step }));
  const next = () => press(one('.gm-next'));
  const counts = () => [seen('.gm-step').length, seen('.gm-step .gm-out .gm-pre').length];

  test('is shown attempt by attempt, and then as any other', () => {
    present('mended', 'attempts');
    expect(seen('.gm-step')).toHaveLength(1);
    expect([seen('.gm-question').length, words('.gm-next')]).toEqual([0, ['Next attempt']]);
    expect(words('.gm-state')).toEqual(['Attempt by attempt']);
    while (seen('.gm-next').length) {
      next();
    }
    expect(seen('.gm-step')).toHaveLength(2);
    expect(words('.gm-state')).toEqual(['Done']);
  });

  test('asks what a code will print before it shows the output', () => {
    present('mended', 'ask');
    expect([words('.gm-question'), words('.gm-next')]).toEqual([
      ['What will it print?'],
      ['Show its output']
    ]);
    expect(counts()).toEqual([1, 0]);
    expect(words('.gm-step .gm-chip')).toEqual(['not shown yet']);
    next();
    expect(counts()).toEqual([1, 1]);
  });

  test('goes on by the keys of a presenter, and hides what is not to be pressed meanwhile', () => {
    const verify = () => Promise.resolve();
    view.dispose();
    view = mount({ stop: vi.fn(), verify });
    present('mended', 'ask');
    expect(seen('.gm-stop, .gm-verify, .gm-insert')).toEqual([]);
    const key = (name: string) =>
      one('.gm-next').dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
    key('x');
    expect(counts()).toEqual([1, 0]);
    key('PageDown');
    expect(counts()).toEqual([1, 1]);
    while (seen('.gm-next').length) {
      key('n');
    }
    expect(seen('.gm-verify')).toHaveLength(1);
  });

  test('goes on where its view was moved to', () => {
    view.update(stored('running'), null, true);
    const other = document.body.appendChild(document.createElement('div'));
    view.moveTo(other);
    present('mended', 'attempts');
    expect(other.querySelectorAll('.gm-run .gm-next')).toHaveLength(1);
  });

  test('is not presented again when it is drawn again', () => {
    present('mended', 'attempts');
    view.update(stored('mended'), readStats({}));
    expect(seen('.gm-next')).toHaveLength(1);
    while (seen('.gm-next').length) {
      next();
    }
    present('mended', 'attempts');
    expect(seen('.gm-next')).toEqual([]);
  });

  test.each([[{ step: 'all at once' }], [{ step: ['ask'] }], [{}]])('is none by %j', stats => {
    view.update(stored('mended'), readStats(stats));
    expect(seen('.gm-next')).toEqual([]);
  });
});
