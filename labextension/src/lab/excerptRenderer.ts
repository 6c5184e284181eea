/** The renderer of attempts, pictures and files of a run that a cell shows by themselves. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { EXCERPT_MIME, readExcerpt } from '../contract/excerpt';
import type { Run } from '../contract/run';
import type { Translations } from '../text/i18n';
import type { Hooks } from '../view/context';
import { createRunView, type RunView } from '../view/runView';
import { commonHooks } from './commonHooks';
import { OutputRenderer } from './outputRenderer';
import { typesetterOf } from './prose';
import type { ViewRegistry } from './viewRegistry';

type Views = Pick<ViewRegistry, 'options' | 'whenOptionsChange'>;

class ExcerptRenderer extends OutputRenderer<RunView> {
  #excerpt: Run | null = null;
  readonly #hooks: Hooks;
  readonly #leave: () => void;

  constructor(hooks: Hooks, views: Views) {
    super();
    this.#hooks = hooks;
    this.#leave = views.whenOptionsChange(() => this.#draw());
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.#excerpt = readExcerpt(model.data[EXCERPT_MIME]);
    if (!this.#excerpt) {
      const { trans } = this.#hooks;
      this.refuse(trans.__('This part of a run cannot be shown: a newer version may.'));
      return;
    }
    this.mount(host => createRunView(host, this.#hooks));
    this.#draw();
  }

  #draw(): void {
    this.view?.update(this.#excerpt!, null);
  }

  dispose(): void {
    this.#leave();
    super.dispose();
  }
}

/**
 * Return the factory of these renderers; they draw any data safely. What an attempt needs is not there, so that nothing
 * can be inserted or run again.
 */
export function excerptFactory(
  views: Views,
  rendermime: IRenderMimeRegistry,
  trans: Translations
): IRenderMime.IRendererFactory {
  const typeset = typesetterOf(rendermime);
  const hooks = commonHooks({ trans, typeset, options: () => views.options });
  return {
    safe: true,
    mimeTypes: [EXCERPT_MIME],
    createRenderer: () => new ExcerptRenderer(hooks, views)
  };
}
