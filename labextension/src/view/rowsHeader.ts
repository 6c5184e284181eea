/** The line above many rows: how far they have come, what they cost, and Stop. */

import type { Rows, RowsStats } from '../contract/rows';
import { element, formatCount, setText, setVisible } from '../dom/element';
import { mark } from '../dom/mark';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';
import type { RowsContext } from './rowsContext';
import { countEnded, countOf } from './rowList';
import { secondsWords } from './seconds';
import { StopButton } from './stopButton';

export class RowsHeader {
  readonly node: HTMLElement;
  readonly #state: HTMLElement;
  readonly #meta: HTMLElement;
  readonly #workers: HTMLElement;
  readonly #spoken: HTMLElement;
  #wasLive = false;
  readonly #bar: HTMLProgressElement;
  readonly #stop: StopButton;

  constructor({ doc, hooks }: Pick<RowsContext, 'doc' | 'hooks'>) {
    const { trans } = hooks;
    this.node = element(doc, 'header', 'gm-header');
    this.#state = element(doc, 'b', 'gm-state');
    this.#meta = element(doc, 'span', 'gm-meta');
    this.#bar = element(doc, 'progress');
    this.#bar.ariaLabel = trans.__('Rows');
    const track = element(doc, 'div', 'gm-track');
    track.append(this.#bar);
    this.#stop = new StopButton({ doc, hooks }, () => setText(this.#state, trans.__('Stopping…')));
    const about = element(doc, 'span', 'gm-about');
    this.#workers = element(doc, 'span', 'gm-meta gm-wide');
    about.append(this.#state, ' ', this.#workers, this.#meta);
    const actions = element(doc, 'span', 'gm-actions');
    actions.append(this.#stop.node);
    this.#spoken = element(doc, 'span', 'gm-unseen');
    this.#spoken.ariaLive = 'polite';
    this.node.append(mark(doc), about, actions, track, this.#spoken);
  }

  /** Draw it; `passed` are the seconds since the stats came. */
  update(context: RowsContext, passed: number): void {
    const { rows, stats, live, doc, hooks } = context;
    const { trans } = hooks;
    this.#stop.update(context);
    setText(this.#state, this.#stop.asked ? trans.__('Stopping…') : stateWords(context));
    const words = live
      ? goingWords(trans, rows, stats, passed)
      : endedWords(trans, rows, stats, count => formatCount(doc, count))
          .filter(Boolean)
          .join(' · ');
    const workers = live ? trans.__('%1 at a time', rows.workers) : '';
    setText(this.#workers, workers && words ? `${workers} · ` : workers);
    setText(this.#meta, words);
    // Each row is too much to hear; the end is not.
    setText(this.#spoken, !live && this.#wasLive ? stateWords(context) : '');
    this.#wasLive ||= live;
    setVisible(this.#bar, live);
    // Of rows whose number nobody knows, it only says that they come.
    this.#bar.className = rows.total === null ? 'gm-progress' : 'gm-rows-progress';
    if (rows.total === null) {
      this.#bar.removeAttribute('value');
    } else {
      this.#bar.max = rows.total || 1;
      this.#bar.value = countEnded(rows);
    }
  }
}

/** Return how the rows stand, as the dot shows it. */
export function markOf({ rows, live }: RowsContext): string {
  if (live) {
    return 'on';
  }
  if (rows.state === 'open') {
    return 'open';
  }
  const isGood = rows.state === 'done' && !countOf(rows, 'failed');
  const isBad = rows.state === 'failed' || (rows.state === 'done' && !countOf(rows, 'done'));
  return isGood ? 'ok' : isBad ? 'bad' : 'late';
}

function stateWords({ rows, live, doc, hooks: { trans } }: RowsContext): string {
  const ended = countEnded(rows);
  const counts = [ended, rows.total ?? 0].map(count => formatCount(doc, count));
  const far =
    rows.total === null || (ended === rows.total && rows.state === 'done')
      ? trans._n('%1 row', '%2 rows', ended, counts[0])
      : trans.__('%1 of %2 rows', ...counts);
  if (live || rows.state === 'open') {
    return far;
  }
  const words = {
    running: trans.__('Unfinished'),
    done: trans.__('Done'),
    stopped: trans.__('Stopped'),
    failed: trans.__('Failed')
  };
  return `${words[rows.state]} · ${far}`;
}

function goingWords(
  trans: Translations,
  { said }: Rows,
  { left }: RowsStats,
  passed: number
): string {
  return sanitize(said) || (left === null ? '' : leftWords(trans, Math.max(0, left - passed)));
}

function leftWords(trans: Translations, seconds: number): string {
  if (seconds < 50) {
    // In steps, so that it does not look exact.
    return trans.__('about %1 s left', Math.max(5, Math.round(seconds / 5) * 5));
  }
  return seconds < 5400
    ? trans.__('about %1 min left', Math.round(seconds / 60))
    : trans.__('about %1 h left', Math.round(seconds / 3600));
}

function endedWords(
  trans: Translations,
  rows: Rows,
  { seconds, tokens }: RowsStats,
  count: (count: number) => string
): string[] {
  const failed = countOf(rows, 'failed');
  const recorded = rows.counts.recorded ?? 0;
  const isAll = recorded > 0 && recorded === countEnded(rows);
  return [
    failed ? trans.__('%1 failed', count(failed)) : '',
    isAll ? '' : secondsWords(trans, seconds),
    tokens === null || isAll ? '' : trans._n('%1 token', '%2 tokens', tokens, count(tokens)),
    isAll
      ? trans.__('all recorded, nothing sent')
      : recorded
        ? trans.__('%1 recorded, nothing sent for them', count(recorded))
        : '',
    wayOn(trans, rows)
  ];
}

function wayOn(trans: Translations, rows: Rows): string {
  const again = trans.__('run the cell again: what is recorded is not asked');
  switch (rows.state) {
    case 'done':
      return '';
    case 'failed':
      // Of what failed before any row, the same comes again.
      return countEnded(rows) ? again : '';
    case 'open':
      return countEnded(rows)
        ? trans.__('the others are asked when they are wanted')
        : trans.__('asked when they are wanted');
    default:
      return again;
  }
}
