/** What came of running an attempt again: its chip, and what it printed then if that differs. */

import type { Verdict, Verification } from '../contract/verification';
import { element } from '../dom/element';
import { scrollable } from '../dom/scrollBoxes';
import { difference } from '../text/diff';
import type { Translations } from '../text/i18n';
import { trimLines } from '../text/lines';
import { overstrike } from '../text/overstrike';
import { sanitize } from '../text/sanitize';
import { drawLine } from './changes';
import type { Context } from './context';

/** The words of `gemini_magic/runs/verify/verdicts.py`, by kind. */
function wordsOfKind(trans: Translations, kind: string): string {
  const words: Record<string, string> = {
    same: trans.__('same'),
    digits: trans.__('same but for the last digits'),
    order: trans.__('same but for order'),
    different: trans.__('different'),
    random: trans.__('random by nature'),
    shown: trans.__('same, by showing its last expression'),
    nothing: trans.__('nothing to compare'),
    module: trans.__('cannot run here'),
    time: trans.__('cannot run here'),
    size: trans.__('cannot run here'),
    system: trans.__('cannot run here'),
    file: trans.__('needs a file that is not at hand'),
    function: trans.__('needs a function that is not at hand'),
    value: trans.__('needs a value that is not at hand'),
    earlier: trans.__('needs an attempt that could not run here'),
    shell: trans.__('shell commands, not run here'),
    language: trans.__('not Python, not run here')
  };
  // A newer kernel may know more kinds.
  return Object.hasOwn(words, kind) ? words[kind]! : sanitize(kind).slice(0, 40);
}

/** Return a verdict as a user reads it. */
export function verdictWords(trans: Translations, { kind, why }: Verdict): string {
  const words = wordsOfKind(trans, kind);
  return why ? `${words}: ${sanitize(why)}` : words;
}

/** Return the word by which `verdict.css` colours a chip. */
export function verdictClass({ kind }: Verdict): string {
  return { same: 'ok', different: 'late' }[kind] ?? 'none';
}

/** Return how many attempts have which verdict, the commonest first, in one line. */
export function verificationWords(trans: Translations, { verdicts }: Verification): string {
  const counts = new Map<string, number>();
  for (const { kind } of verdicts) {
    const words = wordsOfKind(trans, kind);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([words, count]) => `${count} ${words}`).join(' · ');
}

/** Return what an attempt printed here against what was reported: `reported` and `here`, line by line. */
export function drawDifference(context: Context, reported: string, here: string): HTMLElement {
  const { doc, hooks } = context;
  const box = element(doc, 'div', 'gm-out gm-again');
  const { lines } = difference(printable(reported), printable(here));
  const table = scrollable(element(doc, 'div', 'gm-diff'));
  table.append(...lines.map(line => drawLine(context, line, [{ text: line.text, token: '' }])));
  const label = element(
    doc,
    'div',
    'gm-label',
    hooks.trans.__('− as reported, + when it ran again here')
  );
  box.append(label, table);
  return box;
}

function printable(text: string): string {
  return trimLines(sanitize(overstrike(text)));
}
