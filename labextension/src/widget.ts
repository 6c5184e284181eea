/** The live view as an anywidget: the run while the kernel still adds to it. */

import type { InitializeProps, RenderProps } from '@anywidget/types';
import css from '../lib/run.css';
import { colour } from './code';
import { OPTIONS } from './context';
import { adopt, extend, type Live } from './live';
import { markdownDrawer } from './markdown';
import { requestView, type Wish } from './mount';
import { readProgress } from './progress';
import { createRunView, type RunView } from './view';
import { english } from './words';

/** `run` and `tail` as `live.ts` reads them, `progress` as `progress.ts`. */
interface Traits {
  run: unknown;
  tail: unknown;
  progress: unknown;
}

/**
 * Return the widget of one model. What has come is kept here for all of its views: one that is made
 * half-way could not put it together from the traits.
 */
function widget() {
  const began = performance.now();
  const draws = new Set<() => void>();
  let live: Live | null = null;
  const drawAll = () => draws.forEach(draw => draw());
  return {
    initialize({ model }: InitializeProps<Traits>) {
      const lengthen = () => {
        live = live && extend(live, model.get('tail'));
        drawAll();
      };
      const begin = () => {
        live = adopt(model.get('run'), live);
        lengthen();
      };
      begin();
      model.on('change:run', begin);
      model.on('change:tail', lengthen);
      model.on('change:progress', drawAll);
    },
    render({ model, el }: RenderProps<Traits>) {
      const wish = { host: el, began, display: live?.display ?? '' };
      const view = requestView(wish) ?? ownView(wish);
      const draw = () => {
        if (live) {
          view.update(live.run, null, true, readProgress(model.get('progress')));
        }
      };
      draw();
      draws.add(draw);
      return () => {
        draws.delete(draw);
        view.dispose();
      };
    }
  };
}

/** Draw with what travels with the widget: small, without maths, and no Stop, which hosts have. */
function ownView({ host, began }: Wish): RunView {
  const style = host.ownerDocument.createElement('style');
  style.className = 'gm-sheet';
  style.textContent = css;
  host.append(style);
  const hooks = {
    words: english,
    options: OPTIONS,
    colour,
    prose: markdownDrawer(window)
  };
  return createRunView(host, hooks, began);
}

export default widget;
