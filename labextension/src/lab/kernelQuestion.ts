/** What a page asks of a kernel over a comm, so that no cell, name or count of the notebook changes. */

import type { Kernel } from '@jupyterlab/services';
import type { Fields } from '../contract/fields';

/** What answers in the kernel. */
export interface Answerer {
  /** The name of the comm. */
  target: string;
  /** An expression that is run silently and lets comms be opened: it has no value, and is counted nowhere. */
  listen: string;
  /** What is said where the kernel has nothing of ours. */
  lacking: string;
}

/**
 * Return what answers `question`: the message that has `data`. Rejects with a line that says why there is
 * none; `progress` is told what takes long.
 */
export async function askKernel(
  kernel: Kernel.IKernelConnection,
  answerer: Answerer,
  question: Fields,
  progress: (line: string) => void = () => undefined
): Promise<Fields> {
  await listen(kernel, answerer);
  const comm = kernel.createComm(answerer.target);
  let follow = (_: unknown, __: Kernel.Status) => {};
  const answer = new Promise<Fields>((resolve, reject) => {
    const gone = () => reject(new Error(DIED));
    follow = (_, status) => GONE.includes(status) && gone();
    kernel.statusChanged.connect(follow);
    comm.onClose = gone;
    comm.onMsg = ({ content: { data } }) => {
      const { error, progress: line } = data as Fields;
      if (typeof line === 'string') {
        progress(line);
      } else if (data.data) {
        resolve(data as Fields);
      } else {
        reject(new Error(String(error)));
      }
    };
    comm.open(question as Parameters<typeof comm.open>[0]);
  });
  return answer.finally(() => kernel.statusChanged.disconnect(follow));
}

/** Let the kernel take comms; reject with why it cannot. */
async function listen(
  kernel: Kernel.IKernelConnection,
  { listen: code, lacking }: Answerer
): Promise<void> {
  const listening = kernel.requestExecute({
    code,
    silent: true,
    store_history: false,
    allow_stdin: false
  });
  const heard = await listening.done.catch(() => null);
  if (heard?.content.status !== 'ok') {
    throw new Error(heard ? lacking : DIED);
  }
}

const DIED = 'the kernel was restarted or died';

export const GONE: Kernel.Status[] = ['restarting', 'autorestarting', 'terminating', 'dead'];
