/** The menu "⋯" of a run: taking the answer along, asking anew, opening and closing. */

import { answerOf } from '../cells/answer';
import { markdownOf } from '../cells/markdownFile';
import { notebookOf } from '../cells/notebookFile';
import { scriptOf } from '../cells/scriptFile';
import type { Run } from '../contract/run';
import { announce } from '../dom/button';
import { menuButton, type Item } from '../dom/menu';
import { saveText } from '../dom/save';
import { pageOf } from '../text/page';
import { sanitize } from '../text/sanitize';
import { copyAndAnnounce } from './codeActions';
import type { Context } from './context';
import type { VerifyButton } from './verifyButton';

const NAME_CHARS = 40;

export class MoreMenu {
  readonly node: HTMLButtonElement;
  readonly menu: HTMLElement;
  #context: Context;
  readonly #expand: (open: boolean) => void;
  readonly #verify: VerifyButton;

  constructor(context: Context, expand: (open: boolean) => void, verify: VerifyButton) {
    this.#context = context;
    this.#expand = expand;
    this.#verify = verify;
    const { doc, hooks } = context;
    const { opener, menu } = menuButton(doc, 'gm-bare gm-more', '⋯', () => this.#items());
    opener.ariaLabel = hooks.trans.__('More');
    this.node = opener;
    this.menu = menu;
  }

  update(context: Context): void {
    this.#context = context;
  }

  #items(): Item[] {
    const { hooks } = this.#context;
    const { trans } = hooks;
    return [
      ...this.#copies(),
      ...this.#downloads(),
      ...(hooks.edit
        ? [{ label: trans.__('Edit and ask again'), apart: true, act: hooks.edit }]
        : []),
      ...(this.#verify.isFolded
        ? [{ label: trans.__('Verify'), apart: true, act: () => void this.#verify.ask() }]
        : []),
      { label: trans.__('Expand all'), apart: true, act: () => this.#expand(true) },
      { label: trans.__('Collapse all'), act: () => this.#expand(false) }
    ];
  }

  #copies(): Item[] {
    const { hooks, run } = this.#context;
    const { trans } = hooks;
    const copied = (label: string, text: string): Item => ({
      label,
      act: () => copyAndAnnounce(this.#context, this.node, text)
    });
    const answer = sanitize(answerOf(run));
    const code = run.parts.findLast(part => part.kind === 'code')?.code;
    return [
      ...(answer ? [copied(trans.__('Copy answer'), answer)] : []),
      ...(code ? [copied(trans.__('Copy the last code'), code)] : []),
      copied(trans.__('Copy as Markdown'), markdownOf(run, false))
    ];
  }

  #downloads(): Item[] {
    const { doc, hooks, live, run } = this.#context;
    const { trans } = hooks;
    if (live) {
      return [];
    }
    const saved = hooks.saved?.(run);
    const files: [suffix: string, type: string, text: (() => string) | null][] = [
      ['.md', 'text/markdown', () => markdownOf(run, true)],
      ['.ipynb', 'application/x-ipynb+json', () => notebookOf(run)],
      [
        '.py',
        'text/x-python',
        run.parts.some(({ kind }) => kind === 'code') ? () => scriptOf(run) : null
      ],
      ['.html', 'text/html', saved?.html ? () => pageOf(saved, run.prompt) : null]
    ];
    return files.flatMap(([suffix, type, text], at) =>
      text
        ? {
            label: trans.__('Download %1', suffix),
            apart: at === 0,
            act: () => {
              saveText(doc, fileName(run) + suffix, text(), `${type};charset=utf-8`);
              announce(this.node, trans.__('Saved'));
            }
          }
        : []
    );
  }
}

/** Return a name for files of a run, from its prompt: `which-station-earns-most`. */
export function fileName({ prompt }: Run): string {
  const words = sanitize(prompt)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, NAME_CHARS);
  return words.replace(/^-+|-+$/g, '') || 'gemini-run';
}
