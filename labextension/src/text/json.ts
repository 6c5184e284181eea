/** JSON, laid out for reading. */

// The quotes of a string, escapes in it, empty values, blanks, and the signs between values.
const TOKENS = /"|\\[^]|[{[]\s*[}\]]|\s+|[{}[\],:]/g;
// Deeper than a user follows; the blanks before every line would outgrow the text.
const DEEPEST = 40;

/**
 * Return `json` with a line for each value, or unchanged if it is not JSON.
 *
 * Only blanks change: parsing would change `12.50` and large numbers.
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

/** Return a value as JSON in one line, '' for undefined. */
export function toJson(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
