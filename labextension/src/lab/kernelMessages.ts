/** What messages of a kernel say of our runs. */

import type { KernelMessage } from '@jupyterlab/services';
import type { Fields } from '../contract/fields';
import { MIME } from '../contract/run';

/** Return the display that `message` updates with one of our runs, or ''. */
export function displayIn({ header, content }: KernelMessage.IMessage): string {
  if (header.msg_type !== 'update_display_data') {
    return '';
  }
  const { data, metadata, transient } = content as Record<string, Fields | undefined>;
  const stats = metadata?.[MIME] as Fields | undefined;
  // If somebody else made a display of a run, it is theirs to update.
  const ours = data?.[MIME] && stats?.display === transient?.display_id;
  return ours ? String(stats?.display ?? '') : '';
}

/** Return the display in which `message` shows one of our runs for the first time, or ''. */
export function begunIn({ header, content }: KernelMessage.IMessage): string {
  const { metadata } = content as { metadata?: Record<string, Fields | undefined> };
  const name = header.msg_type === 'display_data' && metadata?.[MIME]?.display;
  return typeof name === 'string' ? name : '';
}

/** Return whether a cell of the kernel's main shell has ended; subshells may run beside it. */
export function saysIdle({ header, content, parent_header }: KernelMessage.IMessage): boolean {
  const { msg_type, subshell_id } = parent_header as { msg_type?: string; subshell_id?: string };
  const { execution_state } = content as { execution_state?: string };
  return (
    header.msg_type === 'status' &&
    execution_state === 'idle' &&
    msg_type === 'execute_request' &&
    !subshell_id
  );
}
