/** Fences of Markdown that no text can break out of. */

/** Return `text` between fences that are longer than any in it. */
export function fenced(text: string, info: string): string {
  // Not spread into one call: its arguments have a limit that a long text passes.
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${info}\n${text}\n${fence}`;
}
