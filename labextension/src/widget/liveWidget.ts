/** A live run as an anywidget: a view of the run while the kernel still adds to it. */

import type { InitializeProps, RenderProps } from '@anywidget/types';
import { readProgress } from '../contract/progress';
import { readStats } from '../contract/stats';
import { readWaiting } from '../contract/waiting';
import type { RunView } from '../view/runView';
import { Clock } from './clock';
import { applyDelta, readSnapshot, type SyncedRun } from './sync';

/** `run` and `tail` as `sync.ts` reads them, the others as `contract/` does. */
export interface Traits {
  run: unknown;
  tail: unknown;
  progress: unknown;
  stats: unknown;
  waiting: unknown;
}

/** What a view of a live run is made with. */
export interface ViewRequest {
  host: HTMLElement;
  /** When the page first knew of the run, on its clock in milliseconds. */
  began: number;
  /** The name of the display that the run is shown in, '' without one. */
  display: string;
}

export interface LiveWidget {
  initialize(props: Pick<InitializeProps<Traits>, 'model'>): void;
  render(props: Pick<RenderProps<Traits>, 'model' | 'el'>): () => void;
}

/**
 * Return the widget of one model; `createView` mounts a view of it. The run is put together here for all
 * its views: a view that is made later could not do that from the traits.
 */
export function liveWidget(createView: (request: ViewRequest) => RunView): LiveWidget {
  const clock = new Clock();
  const draws = new Set<() => void>();
  let synced: SyncedRun | null = null;
  const drawAll = () => draws.forEach(draw => draw());
  return {
    initialize({ model }) {
      const take = (next: SyncedRun | null) => {
        if (next) {
          clock.note(synced?.run ?? null, next.run);
        }
        synced = next;
      };
      const add = () => {
        take(synced && applyDelta(synced, model.get('tail')));
        drawAll();
      };
      const begin = () => {
        take(readSnapshot(model.get('run'), synced));
        add();
      };
      begin();
      model.on('change:run', begin);
      model.on('change:tail', add);
      model.on('change:progress', drawAll);
      model.on('change:waiting', drawAll);
    },
    render({ model, el }) {
      const view = createView({ host: el, began: clock.began, display: synced?.display ?? '' });
      const draw = () => {
        if (synced) {
          // At its end a run that has a display goes on in the saved output; one in a layout stays here.
          const live = synced.run.state === 'running' || synced.display !== '';
          const stats = live ? clock.stats : readStats(model.get('stats'));
          const progress = readProgress(model.get('progress'));
          const waiting = readWaiting(model.get('waiting'));
          view.update(synced.run, stats, live, { progress, waiting });
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
