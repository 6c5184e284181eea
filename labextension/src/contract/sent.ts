/** Pictures that were sent with a prompt, and which attempt took which: as `gemini_magic/answer/sent.py`. */

import { isFields, readText } from './fields';
import type { Image } from './parts';
import type { Block } from './steps';

/** A picture that was sent: what the user calls it, and its name where the model's code runs. */
export interface Sent {
  name: string;
  staged: string;
  mime_type: string;
  /** In base64; empty where it is known already, or not sent yet. */
  data: string;
}

const MOST_PICTURES = 16;
// 256,000 bytes in base64.
const MOST_CHARS = 341_336;

/** Return the pictures in `data`, which may be anything; what cannot be one is left out. */
export function readSent(data: unknown): Sent[] {
  const stored: unknown[] = Array.isArray(data) ? data.slice(0, MOST_PICTURES) : [];
  return stored
    .filter(isFields)
    .map(({ name, staged, mime_type, data: picture }) => ({
      name: readText(name),
      staged: readText(staged),
      mime_type: readText(mime_type),
      data: readText(picture)
    }))
    .filter(sent => sent.data.length <= MOST_CHARS);
}

/**
 * Return for attempts that took a picture and gave one, by the place of their code, the one they took: the
 * sent one whose name their code has, else the last one that an attempt before gave, else the one that was sent.
 */
export function taken(
  blocks: readonly Block[],
  sent: readonly Sent[]
): ReadonlyMap<number, Image | Sent> {
  const found = new Map<number, Image | Sent>();
  let last: Image | Sent | undefined = sent.length === 1 ? sent[0] : undefined;
  for (const block of sent.length ? blocks : []) {
    if (block.kind === 'step' && block.images.length) {
      const { code } = block.part;
      const has = (name: string) => name !== '' && code.includes(name);
      const named = sent.find(({ name, staged }) => has(staged) || has(name)) ?? last;
      if (named) {
        found.set(block.index, named);
      }
      last = block.images.at(-1);
    }
  }
  return found;
}
