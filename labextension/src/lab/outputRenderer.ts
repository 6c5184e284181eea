/** A renderer that shows one view in its output, or in a line why it cannot. */

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';

export abstract class OutputRenderer<View extends { dispose(): void }>
  extends Widget
  implements IRenderMime.IRenderer
{
  protected view: View | null = null;

  constructor() {
    super();
    this.addClass('jp-RenderedGeminiRun');
  }

  abstract renderModel(model: IRenderMime.IMimeModel): Promise<void>;

  /** Return the view; `make` one if there is none. */
  protected mount(make: (host: HTMLElement) => View): View {
    if (!this.view) {
      this.node.textContent = '';
      this.view = make(this.node);
    }
    return this.view;
  }

  /** Show a line in place of the view. */
  protected refuse(why: string): void {
    this.view?.dispose();
    this.view = null;
    this.node.textContent = why;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.view?.dispose();
      super.dispose();
    }
  }
}
