/** The views of runs in JupyterLab, and where they are. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { MIME, type Run } from '../contract/run';
import { captureInteraction } from '../dom/interaction';
import type { Translations } from '../text/i18n';
import { OPTIONS, type Hooks, type Options } from '../view/context';
import { createRunView, type RunView } from '../view/runView';
import type { ViewRequest } from '../widget/liveWidget';
import { CellLocator } from './cellLocator';
import { typesetterOf } from './prose';
import { isUnfinished, rootOf, type RegisteredView } from './registeredView';
import { savedOutput } from './savedOutput';
import { letHeaderStay } from './sticky';
import { hooksOf } from './viewHooks';

/** What a view is mounted with. */
type Mounting = Pick<ViewRequest, 'host'> & Partial<ViewRequest & Pick<RegisteredView, 'saved'>>;

export class ViewRegistry {
  #options: Options = OPTIONS;
  /** What draws again when the options change. */
  readonly #drawn = new Set<() => void>();
  readonly #all = new Set<RegisteredView>();
  /** The runs of other windows, by their displays, as far as they are known. */
  readonly #followed = new Map<string, Run | null>();
  readonly #typeset: Hooks['typeset'];
  readonly #locator: CellLocator;
  readonly #trans: Translations;

  constructor(
    shell: JupyterFrontEnd.IShell,
    rendermime: IRenderMimeRegistry,
    tracker: INotebookTracker | null,
    trans: Translations
  ) {
    this.#locator = new CellLocator(shell, tracker);
    this.#trans = trans;
    this.#typeset = typesetterOf(rendermime);
  }

  get options(): Options {
    return this.#options;
  }

  /** Draw what is saved anew with other options; what comes live is drawn with them from now on. */
  set options(options: Options) {
    this.#options = options;
    this.redraw(document.body);
    this.#drawn.forEach(draw => draw());
  }

  /** Call `draw` when the options change, until what is returned is called. */
  whenOptionsChange(draw: () => void): () => void {
    this.#drawn.add(draw);
    return () => this.#drawn.delete(draw);
  }

  /** Mount a view in `host`; `saved` returns what the notebook has of it. */
  create({ host, began, display = '', saved = () => null }: Mounting): RunView {
    let shown = this.#mount(host, display, began);
    return {
      update: (run, stats, live = false, beside = {}) => {
        if (live && shown.host !== host) {
          return;
        }
        if (!live && stats?.display) {
          shown = this.#continueLiveView(shown, stats.display);
        }
        Object.assign(shown, { run, live, saved, ended: stats?.ended === true });
        shown.display ||= stats?.display ?? '';
        this.#place(shown);
        shown.redraw = () => {
          // What another window has told of it since stands above what was saved.
          const known = isUnfinished(shown) ? this.#followed.get(shown.display) : null;
          const grows = live || Boolean(known);
          shown.view.update(known ?? run, stats, grows, beside);
        };
        shown.redraw();
        if (!live) {
          const hadKernel = this.#locator.hasKernel(host);
          // By then JupyterLab has put the host in its place.
          queueMicrotask(() => this.#settle(shown, host, hadKernel, Boolean(stats?.step)));
        }
      },
      expand: open => shown.view.expand(open),
      moveTo: to => this.#move(shown, to),
      dispose: () => {
        // By then the view may have moved to the saved output.
        if (shown.host === host) {
          this.#remove(shown);
        }
      }
    };
  }

  /** Draw a saved run anew if it may do other things in its place than before. */
  #settle(shown: RegisteredView, host: HTMLElement, hadKernel: boolean, isStepped: boolean): void {
    shown.restore?.();
    shown.restore = null;
    letHeaderStay(host);
    if (isStepped) {
      this.#presentOnce(host);
    }
    const isOther = !this.#locator.hasCell(host) || this.#locator.hasKernel(host) !== hadKernel;
    if (host.isConnected && isOther) {
      shown.redraw();
    }
  }

  /** Save a run that is presented as any other: it is presented once. */
  #presentOnce(host: HTMLElement): void {
    const place = this.#locator.cell(host);
    const saved = place && savedOutput(place, host);
    if (saved) {
      const { outputs, at, output } = saved;
      const metadata = output.metadata as Record<string, Record<string, unknown>>;
      const { step: _, ...stats } = metadata[MIME] ?? {};
      outputs.set(at, { ...output, metadata: { ...metadata, [MIME]: stats } } as typeof output);
    }
  }

  #mount(host: HTMLElement, display: string, began?: number): RegisteredView {
    const shown: RegisteredView = {
      host,
      view: createRunView(
        host,
        hooksOf(() => shown, {
          trans: this.#trans,
          typeset: this.#typeset,
          locator: this.#locator,
          options: () => this.options,
          isElsewhere: view => isUnfinished(view) && this.#followed.has(view.display)
        }),
        began
      ),
      run: null,
      display,
      live: false,
      ended: false,
      area: null,
      scrolled: new Set(),
      saved: () => null,
      restore: null,
      redraw: () => undefined
    };
    rootOf(host).addEventListener('scroll', ({ target }) => shown.scrolled.add(target as Element), {
      capture: true,
      passive: true
    });
    this.#all.add(shown);
    return shown;
  }

  /** Show how far the run in `display` has come, which another window asked for; null if unknown. */
  follow(display: string, run: Run | null): void {
    this.#followed.set(display, run);
    this.#all.forEach(shown => shown.display === display && isUnfinished(shown) && shown.redraw());
  }

  #move(shown: RegisteredView, host: HTMLElement): void {
    shown.host = host;
    shown.view.moveTo(host);
  }

  #remove(shown: RegisteredView): void {
    this.#all.delete(shown);
    shown.view.dispose();
  }

  #place(shown: RegisteredView): void {
    letHeaderStay(shown.host);
    shown.area = shown.live ? shown.host.closest('.jp-OutputArea') : null;
  }

  /**
   * Return the view that draws a saved run. At its end a live run is replaced by the saved one: its view
   * moves there as it is, so that nothing moves on the screen. Of several views of one run, it is the
   * one that was just taken out of its output area.
   */
  #continueLiveView(shown: RegisteredView, display: string): RegisteredView {
    const before = this.#live(display).find(({ area, host }) => area && !area.contains(host));
    if (!before) {
      return shown;
    }
    this.#remove(shown);
    this.#move(before, shown.host);
    return before;
  }

  #live(display: string): RegisteredView[] {
    return [...this.#all].filter(shown => shown.live && shown.display === display);
  }

  /** Record the user's interaction with the live views of `display`, which are about to end. */
  captureInteraction(display: string): void {
    for (const shown of this.#live(display)) {
      this.#place(shown);
      shown.restore = captureInteraction(rootOf(shown.host), shown.scrolled);
    }
  }

  /** Return what has come of the live run in `display`, or null if no view shows it. */
  latest(display: string): Run | null {
    return this.#live(display)[0]?.run ?? this.#followed.get(display) ?? null;
  }

  /** Draw the views of saved runs within `node` again: what is possible there has changed. */
  redraw(node: HTMLElement): void {
    this.#all.forEach(({ host, live, redraw }) => !live && node.contains(host) && redraw());
  }

  /** Return whether there is a view within `node`. */
  hasViewIn(node: HTMLElement): boolean {
    return [...this.#all].some(({ host }) => node.contains(host));
  }

  /** Open or close everything in the views within `node`. */
  expand(node: HTMLElement, open: boolean): void {
    this.#all.forEach(({ host, view }) => node.contains(host) && view.expand(open));
  }
}
