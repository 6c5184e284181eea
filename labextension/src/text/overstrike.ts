/** What stays of output that was written over, as progress bars do. */

// Colours, and what else a terminal takes no column for (ECMA-48, 5.4).
// eslint-disable-next-line no-control-regex
const UNSEEN = /\x1b\[[0-?]*[ -/]*[@-~]/g;

/**
 * Return `text` with carriage returns and backspaces carried out, as Jupyter shows an output: a backspace
 * removes the character before it, what follows a carriage return is written over the line, and a longer
 * line keeps its end. Colours are left out where lines are written over: cut in the middle, one would be shown as
 * letters. The same rules as `gemini_magic/answer/overstrike.py`.
 */
export function overstrike(text: string): string {
  if (!/[\r\b]/.test(text)) {
    return text;
  }
  return text
    .replace(UNSEEN, '')
    .split('\n')
    .map(line => overwritten(erased(line)))
    .join('\n');
}

function erased(line: string): string {
  if (!line.includes('\b')) {
    return line;
  }
  const kept: string[] = [];
  for (const character of line) {
    if (character === '\b') {
      kept.pop();
    } else {
      kept.push(character);
    }
  }
  return kept.join('');
}

function overwritten(line: string): string {
  let shown = '';
  for (const piece of line.split('\r').reverse()) {
    shown += piece.slice(shown.length);
  }
  return shown;
}
