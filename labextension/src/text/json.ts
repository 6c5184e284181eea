/** JSON, made fit to be read. */

// What begins or ends a string, what is escaped in one, empty values, blanks, and what parts values.
const TOKENS = /"|\\[^]|[{[]\s*[}\]]|\s+|[{}[\],:]/g;
// Deeper than any reader follows; blanks before every line would outgrow the text itself.
const DEEPEST = 40;

/**
 * Return `json` with a line for each value, or as it is when it is no JSON.
 *
 * Only the blanks change: read and written again, `12.50` and large numbers would be others.
 */
export function prettyJson(json: string): string {
  if (!isJson(json)) {
    return json;
  }
  let depth = 0;
  let quoted = false;
  const line = () => `\n${'  '.repeat(Math.min(depth, DEEPEST))}`;
  return json.trim().replace(TOKENS, token => {
    if (token === '"') {
      quoted = !quoted;
    }
    if (quoted) {
      return token;
    }
    switch (token) {
      case '{':
      case '[':
        depth += 1;
        return token + line();
      case '}':
      case ']':
        depth -= 1;
        return line() + token;
      case ',':
        return token + line();
      case ':':
        return ': ';
      default:
        return token.replace(/\s+/g, '');
    }
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Return a value as JSON in one line; '' for none. */
export function toJson(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
