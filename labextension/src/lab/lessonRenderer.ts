/** The renderer of lists of lessons, in whose notebook a click writes a cell. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import { LESSONS_MIME, readLessons } from '../contract/lessons';
import type { Translations } from '../text/i18n';
import { drawLessons } from '../view/lessonList';
import { CellLocator } from './cellLocator';
import { writeCell } from './commands';

class LessonRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #locator: CellLocator;
  readonly #trans: Translations;

  constructor(locator: CellLocator, trans: Translations) {
    super();
    this.#locator = locator;
    this.#trans = trans;
    this.addClass('jp-RenderedGeminiLessons');
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const list = readLessons(model.data[LESSONS_MIME]);
    if (!list) {
      this.node.textContent = this.#trans.__('This list of lessons cannot be read.');
      return;
    }
    drawLessons(this.node, list, this.#trans, source => {
      const place = this.#locator.cell(this.node);
      if (place) {
        void writeCell(place, source);
      }
    });
  }
}

/** Return the factory of these renderers; they draw any data safely. */
export function lessonsFactory(
  shell: JupyterFrontEnd.IShell,
  tracker: INotebookTracker | null,
  trans: Translations
): IRenderMime.IRendererFactory {
  const locator = new CellLocator(shell, tracker);
  return {
    safe: true,
    mimeTypes: [LESSONS_MIME],
    createRenderer: () => new LessonRenderer(locator, trans)
  };
}
