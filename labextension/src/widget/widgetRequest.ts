/**
 * How a run's own script, the loader, asks the page for the code that draws the run.
 *
 * The labextension answers: its view has maths, translations, a Stop that reaches the kernel while a cell
 * runs, and it continues in the saved output.
 */

import type { LiveWidget } from './liveWidget';

const ASKED = 'gemini-magic:widget-1';

interface Asked {
  widget: LiveWidget | null;
}

/** Return a widget of the page, or null if nothing answers. */
export function requestWidget(doc: Document): LiveWidget | null {
  const detail: Asked = { widget: null };
  doc.dispatchEvent(new CustomEvent<Asked>(ASKED, { detail }));
  return detail.widget;
}

/** Answer all such requests in `doc` with what `create` returns; return what ends that. */
export function answerRequests(doc: Document, create: () => LiveWidget): () => void {
  const answer = (event: Event) => {
    (event as CustomEvent<Asked>).detail.widget = create();
  };
  doc.addEventListener(ASKED, answer);
  return () => doc.removeEventListener(ASKED, answer);
}
