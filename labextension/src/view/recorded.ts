/** What a replayed run says of itself: when it was recorded, and that nothing was sent. */

import type { Stats } from '../contract/stats';
import type { Translations } from '../text/i18n';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Return `recorded 3 days ago · nothing sent`, '' for a run that was asked for. */
export function recordedWords(trans: Translations, stats: Stats, now: number): string {
  if (stats.recorded === null) {
    return '';
  }
  const seconds = Math.max(0, (now - stats.recorded) / 1000);
  const ago = trans.__('recorded %1', agoWords(trans, seconds));
  return [ago, trans.__('nothing sent')].join(' · ');
}

function agoWords(trans: Translations, seconds: number): string {
  const count = (size: number) => Math.floor(seconds / size);
  if (seconds >= DAY) {
    return trans._n('%1 day ago', '%1 days ago', count(DAY), count(DAY));
  }
  if (seconds >= HOUR) {
    return trans._n('%1 hour ago', '%1 hours ago', count(HOUR), count(HOUR));
  }
  return seconds >= MINUTE
    ? trans._n('%1 minute ago', '%1 minutes ago', count(MINUTE), count(MINUTE))
    : trans.__('just now');
}
