/** Text from outside, made safe to read: the same rules as `gemini_magic/answer/sanitize.py`. */

// Terminal escapes, whole or cut off at the end of a fragment, and control characters
// (ECMA-48, 5.4 and 8.3).
const ESCAPES =
  // eslint-disable-next-line no-control-regex
  /\x1b(?:\[[0-?]*[ -/]*(?:[@-~]|$)|[\]PX^_][^]*?(?:\x07|\x1b\\|$)|[ -/]*(?:[0-~]|$))|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
// Marks that reorder what is read: https://trojansource.codes
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;

/** Return `text` without terminal escapes, and with reordering marks made visible. */
export function sanitize(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(ESCAPES, '')
    .replace(REORDERING, mark => `\\u${mark.charCodeAt(0).toString(16)}`);
}
