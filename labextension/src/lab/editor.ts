/** `%%gemini_exec` and `%%gemini` cells in the editor: Markdown below a line that is the magic. */

import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { Compartment, Prec, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { isPrompt } from '../cells/prompts';

/** JupyterLab's Markdown with maths, as in its Markdown cells. */
const MARKDOWN = 'text/x-ipythongfm';

/** Return the extension of an editor that may hold a prompt. */
export function promptHighlight(languages: IEditorLanguageRegistry): Extension {
  const language = new Compartment();
  const switcher = ViewPlugin.define(view => new LanguageSwitch(view, language, languages));
  const magic = EditorView.decorations.compute(['doc'], magicLine);
  // The first language of the facet wins; the notebook's own has the default precedence.
  return [Prec.highest(language.of([])), magic, switcher];
}

function magicLine(state: EditorState) {
  const mark = Decoration.line({ class: 'gm-magic-line' });
  return isPrompt(state.doc.line(1).text) ? Decoration.set(mark.range(0)) : Decoration.none;
}

/** Sets the language of one editor by its first line. */
class LanguageSwitch {
  #on = false;
  #gone = false;
  readonly #view: EditorView;
  readonly #language: Compartment;
  readonly #languages: IEditorLanguageRegistry;

  constructor(view: EditorView, language: Compartment, languages: IEditorLanguageRegistry) {
    this.#view = view;
    this.#language = language;
    this.#languages = languages;
    this.#update();
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) {
      this.#update();
    }
  }

  destroy(): void {
    this.#gone = true;
  }

  #update(): void {
    const on = isPrompt(this.#view.state.doc.line(1).text);
    if (on !== this.#on) {
      this.#on = on;
      void this.#apply();
    }
  }

  async #apply(): Promise<void> {
    // An editor cannot be changed during its update: this continues after it.
    const found = await this.#languages.getLanguage(MARKDOWN);
    if (!this.#gone) {
      const support = this.#on ? (found?.support ?? []) : [];
      this.#view.dispatch({ effects: this.#language.reconfigure(support) });
    }
  }
}
