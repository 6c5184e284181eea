/**
 * How a widget asks the page for a view.
 *
 * Where the labextension is, its view is the better one: JupyterLab's Markdown, maths, colours and
 * translations, and a Stop that reaches the kernel even while a cell runs.
 */

import type { RunView } from './view';

const ASKED = 'gemini-magic:mount-1';

interface Mount {
  host: HTMLElement;
  view: RunView | null;
}

/** Return a view that the page has made in `host`, or null where nobody answers. */
export function requestView(host: HTMLElement): RunView | null {
  const mount: Mount = { host, view: null };
  host.ownerDocument.dispatchEvent(new CustomEvent<Mount>(ASKED, { detail: mount }));
  return mount.view;
}

/** Answer all such requests in `doc` with `create`; return what ends that. */
export function answerRequests(doc: Document, create: (host: HTMLElement) => RunView): () => void {
  const answer = (event: Event) => {
    const mount = (event as CustomEvent<Mount>).detail;
    mount.view = create(mount.host);
  };
  doc.addEventListener(ASKED, answer);
  return () => doc.removeEventListener(ASKED, answer);
}
