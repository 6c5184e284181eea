/** The renderer of attempts, pictures and files of a run that a cell shows by themselves. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import { EXCERPT_MIME, readExcerpt } from '../contract/excerpt';
import type { Translations } from '../text/i18n';
import type { Hooks, Options } from '../view/context';
import { createRunView, type RunView } from '../view/runView';
import { commonHooks } from './commonHooks';
import { typesetterOf } from './prose';

class ExcerptRenderer extends Widget implements IRenderMime.IRenderer {
  #view: RunView | null = null;
  readonly #hooks: Hooks;

  constructor(hooks: Hooks) {
    super();
    this.#hooks = hooks;
    this.addClass('jp-RenderedGeminiRun');
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const excerpt = readExcerpt(model.data[EXCERPT_MIME]);
    this.#view?.dispose();
    this.node.textContent = excerpt
      ? ''
      : this.#hooks.trans.__('This part of a run cannot be shown: a newer version may.');
    this.#view = excerpt && createRunView(this.node, this.#hooks);
    this.#view?.update(excerpt!, null);
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.#view?.dispose();
      super.dispose();
    }
  }
}

/**
 * Return the factory of these renderers; they draw any data safely. What an attempt needs is not there, so that nothing
 * can be inserted or run again.
 */
export function excerptFactory(
  views: { options: Options },
  rendermime: IRenderMimeRegistry,
  trans: Translations
): IRenderMime.IRendererFactory {
  const typeset = typesetterOf(rendermime);
  const hooks = commonHooks({ trans, typeset, options: () => views.options });
  return {
    safe: true,
    mimeTypes: [EXCERPT_MIME],
    createRenderer: () => new ExcerptRenderer(hooks)
  };
}
