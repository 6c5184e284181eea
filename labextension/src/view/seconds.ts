/** Seconds in words. */

import type { Translations } from '../text/i18n';

// Shorter ones say nothing to a user.
export const LEAST = 0.1;

/** Return measured seconds as `7.8 s`, '' if they are too few or were not measured. */
export function secondsWords(trans: Translations, seconds: number | null): string {
  return seconds === null || seconds < LEAST ? '' : trans.__('%1 s', seconds.toFixed(1));
}
