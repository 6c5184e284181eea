/** When the parts of a live run came, on the page's clock: the kernel says so at the end only. */

import type { Part } from '../contract/parts';
import type { Run } from '../contract/run';
import { NO_STATS, type Stats } from '../contract/stats';

export class Clock {
  /** When the page first knew of the run, in milliseconds. */
  readonly began = performance.now();
  #times: number[] = [];

  /** Note what `after` has over `before`, now. */
  note(before: Run | null, after: Run): void {
    const now = (performance.now() - this.began) / 1000;
    const known = before?.parts ?? [];
    const last = known.length - 1;
    const from = last >= 0 && sizeOf(known[last]!) === sizeOf(after.parts[last]) ? last + 1 : last;
    for (let at = Math.max(from, 0); at < after.parts.length; at++) {
      this.#times[at] = now;
    }
  }

  get stats(): Stats {
    return { ...NO_STATS, times: [...this.#times] };
  }
}

/** Return what grows of a part, as far as a view can see it. */
function sizeOf(part: Part | undefined): string {
  const text = part && 'text' in part ? part.text.length : 0;
  const ended = part?.kind === 'call' && (part.error !== null || (part.response ?? null) !== null);
  return `${part?.kind} ${text} ${ended}`;
}
