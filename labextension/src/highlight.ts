/** `%%gemini_exec` cells in the editor: their prompt as Markdown, their first line as a magic. */

import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { Compartment, Prec, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const MAGIC = /^%%gemini_exec\b/;
/** JupyterLab's Markdown with maths, as in its Markdown cells. */
const MARKDOWN = 'text/x-ipythongfm';

/** Return whether the text of a cell begins with our magic. */
export function isPrompt(source: string): boolean {
  return MAGIC.test(source);
}

/** Return the extension of an editor that may hold a prompt. */
export function promptHighlight(languages: IEditorLanguageRegistry): Extension {
  const language = new Compartment();
  const switcher = ViewPlugin.define(view => new Switch(view, language, languages));
  const magic = EditorView.decorations.compute(['doc'], magicLine);
  // The first language of the facet wins, and the notebook's own has no precedence.
  return [Prec.highest(language.of([])), magic, switcher];
}

function magicLine(state: EditorState) {
  const mark = Decoration.line({ class: 'gm-magic-line' });
  return isPrompt(state.doc.line(1).text) ? Decoration.set(mark.range(0)) : Decoration.none;
}

/** Follows the first line of one editor, and sets its language when that line says so. */
class Switch {
  #on = false;
  #gone = false;
  readonly #view: EditorView;
  readonly #language: Compartment;
  readonly #languages: IEditorLanguageRegistry;

  constructor(view: EditorView, language: Compartment, languages: IEditorLanguageRegistry) {
    this.#view = view;
    this.#language = language;
    this.#languages = languages;
    this.#follow();
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) {
      this.#follow();
    }
  }

  destroy(): void {
    this.#gone = true;
  }

  #follow(): void {
    const on = isPrompt(this.#view.state.doc.line(1).text);
    if (on !== this.#on) {
      this.#on = on;
      void this.#apply();
    }
  }

  async #apply(): Promise<void> {
    // An editor cannot be changed while it updates: this goes on after it.
    const found = await this.#languages.getLanguage(MARKDOWN);
    if (!this.#gone) {
      const support = this.#on ? (found?.support ?? []) : [];
      this.#view.dispatch({ effects: this.#language.reconfigure(support) });
    }
  }
}
