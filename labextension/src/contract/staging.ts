/** The code that makes a run's files exist for its cells, told from any other code. */

const TEXT = String.raw`(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")`;
const ITEM = String.raw`'[\p{L}\p{N}_]+': [\p{L}_][\p{L}\p{N}_]*`;
const ARGUMENTS =
  String.raw`(?:data=\{${ITEM}(?:, ${ITEM})*\})?` +
  String.raw`(?:(?:, )?files=\[${TEXT}(?:, ${TEXT})*\])?(?:(?:, )?first=\d+)?`;
const LINE = new RegExp(
  String.raw`^(?:|#.*|import gemini_magic|gemini_magic\.stage\(${ARGUMENTS}\))$`,
  'u'
);
const UNPRINTABLE = /[^\P{C}]|[\p{Zl}\p{Zp}]/u;

/**
 * Return whether `code` can be by `source_of` of `gemini_magic/request/staging.py`, which has the same
 * rule: that of a saved run may be by anybody.
 */
export function isStaging(code: string): boolean {
  return code.split('\n').every(line => !UNPRINTABLE.test(line) && LINE.test(line));
}
