/** The first lines of a table that came as a file. */

const TABLES = /^text\/(?:csv|tab-separated-values)$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const LINES = 6;
// A multiple of four, so that what is cut is base64 still.
const CHARS = 4096;

/** Return whether `data` is base64, whoever wrote it. */
export function isBase64(data: string): boolean {
  return data.length % 4 === 0 && BASE64.test(data);
}

/** Return the first lines of a table, as typed; '' for any other file, and for one whose data is not here. */
export function tableLines({ mime_type, data }: { mime_type: string; data: string }): string {
  if (!TABLES.test(mime_type) || !isBase64(data)) {
    return '';
  }
  const bytes = Uint8Array.from(atob(data.slice(0, CHARS)), sign => sign.charCodeAt(0));
  return new TextDecoder().decode(bytes).split('\n').slice(0, LINES).join('\n');
}
