/** The live view as an anywidget: the run while the kernel still adds to it. */

import type { AnyModel, RenderProps } from '@anywidget/types';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import css from '../lib/run.css';
import { colour } from './code';
import { OPTIONS, type Hooks } from './context';
import { adopt, extend, type Live } from './live';
import { markdownDrawer } from './markdown';
import { requestView } from './mount';
import { readProgress } from './progress';
import { LabProse } from './prose';
import { createRunView, type RunView } from './view';
import { english } from './words';

/** `run` and `tail` as `live.ts` reads them, `progress` as `progress.ts`. */
interface Traits {
  run: unknown;
  tail: unknown;
  progress: unknown;
}

function render({ model, el }: RenderProps<Traits>): () => void {
  const view = requestView(el) ?? ownView(el, proseOf(model));
  const stop = follow(model, view);
  return () => {
    stop();
    view.dispose();
  };
}

/**
 * Draw prose with JupyterLab's renderer, which has maths, where its manager of widgets gives it; else
 * with what travels with the widget, which shows maths as typed.
 */
function proseOf(model: AnyModel<Traits>): Hooks['prose'] {
  const manager = model.widget_manager as { rendermime?: IRenderMimeRegistry } | undefined;
  const lab = manager?.rendermime && new LabProse(manager.rendermime);
  return lab ? lab.draw.bind(lab) : markdownDrawer(window);
}

/** Draw with what travels with the widget: small, and no Stop, which hosts have. */
function ownView(el: HTMLElement, prose: Hooks['prose']): RunView {
  const style = el.ownerDocument.createElement('style');
  style.className = 'gm-sheet';
  style.textContent = css;
  el.append(style);
  return createRunView(el, {
    words: english,
    options: OPTIONS,
    colour,
    prose
  });
}

/** Draw the run of `model`, and again whenever it changes; return what ends that. */
function follow(model: AnyModel<Traits>, view: RunView): () => void {
  let live: Live | null = null;
  const draw = () => {
    if (live) {
      view.update(live.run, null, true, readProgress(model.get('progress')));
    }
  };
  const lengthen = () => {
    live = live && extend(live, model.get('tail'));
    draw();
  };
  const begin = () => {
    live = adopt(model.get('run'), live);
    lengthen();
  };
  begin();
  model.on('change:run', begin);
  model.on('change:tail', lengthen);
  model.on('change:progress', draw);
  return () => {
    model.off('change:run', begin);
    model.off('change:tail', lengthen);
    model.off('change:progress', draw);
  };
}

export default { render };
