import type { NotebookPanel } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';
import { expect, test } from 'vitest';
import { isReplyTo } from '../src/lab/sharing';

function panel(clientId?: string): NotebookPanel {
  const session = clientId === undefined ? null : { kernel: { clientId } };
  return { sessionContext: { session } } as unknown as NotebookPanel;
}

function message(parent: object): KernelMessage.IMessage {
  return { parent_header: parent } as KernelMessage.IMessage;
}

test('a message is a reply to the notebook whose connection asked', () => {
  expect(isReplyTo(panel('one'), message({ session: 'one' }))).toBe(true);
  expect(isReplyTo(panel('other'), message({ session: 'one' }))).toBe(false);
});

test('what a kernel says by itself is a reply to no notebook, be it without a kernel', () => {
  for (const parent of [{}, { session: '' }]) {
    expect(isReplyTo(panel('one'), message(parent))).toBe(false);
    expect(isReplyTo(panel(), message(parent))).toBe(false);
  }
});
