/** Saving a text as a file of the user's. */

import { element } from './element';

/** Let the browser save `text` as the file `name`. */
export function saveText(doc: Document, name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = element(doc, 'a');
  link.href = url;
  link.download = name;
  link.click();
  // Not at once: a browser may read it a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
