/**
 * Runs that another window asked for, put together from what the kernel tells all of its windows: that
 * window draws the widget, the others have no more than the output as it began.
 */

import type { KernelMessage } from '@jupyterlab/services';
import type { Fields } from '../contract/fields';
import type { Run } from '../contract/run';
import { applyDelta, readSnapshot, type SyncedRun } from '../widget/sync';

export class FollowedRuns {
  readonly #known = new Map<string, SyncedRun>();

  /** Take in a message of the kernel; return the display of the run that it adds to, and the run. */
  receive({ header, content }: KernelMessage.IMessage): { display: string; run: Run } | null {
    const { comm_id, data } = content as { comm_id?: unknown; data?: Fields };
    if (typeof comm_id !== 'string') {
      return null;
    }
    if (header.msg_type === 'comm_close') {
      this.#known.delete(comm_id);
    }
    const state = data?.state as Fields | undefined;
    if (!state || !('run' in state || 'tail' in state)) {
      return null;
    }
    let synced = this.#known.get(comm_id) ?? null;
    synced = state.run ? readSnapshot(state.run, synced) : synced;
    synced = synced && applyDelta(synced, state.tail);
    if (!synced?.display) {
      return null;
    }
    this.#known.set(comm_id, synced);
    return { display: synced.display, run: synced.run };
  }
}
