/**
 * How a widget asks the page for a view.
 *
 * Where the labextension is, its view is the better one: JupyterLab's Markdown, maths, colours and
 * translations, and a Stop that reaches the kernel even while a cell runs.
 */

import type { RunView } from './view';

const ASKED = 'gemini-magic:mount-1';

/** What a view of a live run is made with. */
export interface Wish {
  host: HTMLElement;
  /** When the run was first heard of, on the page's clock in milliseconds. */
  began: number;
  /** The name of the display that the run is shown in, '' for none. */
  display: string;
}

interface Mount extends Wish {
  view: RunView | null;
}

/** Return a view that the page has made in `wish.host`, or null where nobody answers. */
export function requestView(wish: Wish): RunView | null {
  const mount: Mount = { ...wish, view: null };
  wish.host.ownerDocument.dispatchEvent(new CustomEvent<Mount>(ASKED, { detail: mount }));
  return mount.view;
}

/** Answer all such requests in `doc` with `create`; return what ends that. */
export function answerRequests(doc: Document, create: (wish: Wish) => RunView): () => void {
  const answer = (event: Event) => {
    const mount = (event as CustomEvent<Mount>).detail;
    mount.view = create(mount);
  };
  doc.addEventListener(ASKED, answer);
  return () => doc.removeEventListener(ASKED, answer);
}
