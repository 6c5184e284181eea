/** How far an upload has come, in words. */

import type { Progress } from '../contract/progress';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';

const UNITS = ['bytes', 'kB', 'MB', 'GB'];

/** Return what is done and how far it is: `uploading big.csv · 12.3 of 45.6 MB`. */
export function progressWords(trans: Translations, { text, done, total }: Progress): string {
  if (!total) {
    return sanitize(text);
  }
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(total, 1)) / 3));
  const count = (bytes: number) => (bytes / 1000 ** power).toFixed(power ? 1 : 0);
  const share = trans.__('%1 of %2', count(done), `${count(total)} ${UNITS[power]}`);
  return `${sanitize(text)} · ${share}`;
}
