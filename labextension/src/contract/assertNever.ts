/** Fail to compile where a switch or a chain of conditions forgets a case of `value`. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${String(value)}`);
}
