/**
 * Several windows may share a notebook (jupyter-collaboration). The one that asked for a run writes its
 * output; what two of them write stands there twice. The others act later, if that one has not: it may be
 * closed. They then look again, whether another window had the same idea.
 */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';
import { outputsOf } from './panelOutputs';
import { dropRepeated } from './unfinishedOutputs';

/** Milliseconds. What another window writes has come by then. */
export const LATE = 3000;

/** Return whether other windows may have the same outputs, each by itself. */
export function isShared({ content }: NotebookPanel): boolean {
  return content.model?.collaborative === true;
}

/** Return whether `message` answers to this window, or no other could deal with it. */
export function isOwn(panel: NotebookPanel, message: KernelMessage.IMessage): boolean {
  return !isShared(panel) || isReplyTo(panel, message);
}

/** Return whether `message` answers to a request that `panel` made by its own connection to the kernel. */
export function isReplyTo(
  { sessionContext }: NotebookPanel,
  { parent_header }: KernelMessage.IMessage
): boolean {
  // What the kernel says by itself answers to nobody, nor to a notebook without a kernel.
  const { session } = parent_header as { session?: string };
  return Boolean(session) && session === sessionContext.session?.kernel?.clientId;
}

/** Leave of what several windows wrote into `panel` one of each. */
export function dropAllRepeated(panel: NotebookPanel): void {
  if (!panel.isDisposed) {
    outputsOf(panel).forEach(dropRepeated);
  }
}
