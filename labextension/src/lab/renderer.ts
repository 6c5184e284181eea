/** The renderer of saved runs, for trusted and untrusted notebooks alike. */

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { readEarlier } from '../contract/earlier';
import { MIME, readRun } from '../contract/run';
import { readText } from '../contract/fields';
import type { SavedRun } from '../contract/saved';
import { readStats } from '../contract/stats';
import type { RunView } from '../view/runView';
import { OutputRenderer } from './outputRenderer';
import type { ViewRegistry } from './viewRegistry';

class RunRenderer extends OutputRenderer<RunView> {
  #saved: SavedRun | null = null;
  readonly #views: ViewRegistry;

  constructor(views: ViewRegistry) {
    super();
    this.#views = views;
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const run = readRun(model.data[MIME]);
    if (!run) {
      this.refuse('This output is no run that this gemini-magic can show: a newer version may.');
      return;
    }
    const view = this.mount(host => this.#views.create({ host, saved: () => this.#saved }));
    const { [MIME]: metadata } = model.metadata;
    const html = readText(model.data['text/html']);
    this.#saved = { html, document: model.data[MIME], metadata };
    view.update(run, readStats(metadata), false, { earlier: readEarlier(metadata) });
  }
}

/** Return the factory of our renderers; they draw any data safely. */
export function rendererFactory(views: ViewRegistry): IRenderMime.IRendererFactory {
  return { safe: true, mimeTypes: [MIME], createRenderer: () => new RunRenderer(views) };
}

/** Before `text/html` (50), after a widget (−10). */
export const RANK = 10;
export const BEFORE_WIDGETS = -20;
