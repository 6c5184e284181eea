/** How fields of JSON from anywhere are read: each reader returns a value of its type, whatever it gets. */

export type Fields = Record<string, unknown>;

/** Return whether `value` is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Return `value` if it is a string, else ''. */
export function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Return `value` if it is one of the `known` words, else undefined. */
export function readWord<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find(word => word === value);
}

/** Return whether `value` is a finite number. */
export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
