/** Lines about a run as short as chips: `chat rides · 2`, `rides.csv 94 kB`. */

import type { Translations } from '../text/i18n';

/** A chip: what it is about, and what is said of it. */
export interface Chip {
  label: string;
  name: string;
  detail: string;
}

const ALONG = /^(.+) goes along as \S+(?: \(([\d,]+) bytes(?:; (.+))?\))?$/;
const CHAT = /^chat '(.+)', turn (\d+)$/;
const UNITS = ['bytes', 'kB', 'MB', 'GB'];

/** Return what `line`, a note, says as a chip; null if it stays as it is. */
export function chipOf(trans: Translations, line: string): Chip | null {
  const [, file, bytes, remark] = ALONG.exec(line) ?? [];
  if (file) {
    const size = bytes ? sizeWords(Number(bytes.replaceAll(',', ''))) : '';
    return { label: '', name: file, detail: [size, remark].filter(Boolean).join(' · ') };
  }
  const [, chat, turn] = CHAT.exec(line) ?? [];
  return chat && turn ? { label: trans.__('chat'), name: chat, detail: `· ${turn}` } : null;
}

/** Return a count of bytes in words: `94 kB`. */
export function sizeWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const count = bytes / 1000 ** power;
  return `${count.toFixed(power && count < 10 ? 1 : 0)} ${UNITS[power]}`;
}
