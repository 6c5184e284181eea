/** The views of runs in JupyterLab: where they are, and what they may do there. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { KernelMessage } from '@jupyterlab/services';
import { MIME, type Choice, type Run } from '../contract/run';
import type { SavedRun } from '../contract/saved';
import type { Decision, Waiting } from '../contract/waiting';
import { captureInteraction } from '../dom/interaction';
import type { Translations } from '../text/i18n';
import { OPTIONS, type Hooks, type Options } from '../view/context';
import { createRunView, type RunView } from '../view/runView';
import type { ViewRequest } from '../widget/liveWidget';
import { CellLocator, type CellPosition } from './cellLocator';
import { insertAndShow } from './insertion';
import { askAgain, editPrompt } from './prompt';
import { typesetterOf } from './prose';
import { savedOutput } from './savedOutput';
import { letHeaderStay } from './sticky';
import { verifyOutput } from './verification';

/** A view, the element that it is in now, and what it shows. */
interface RegisteredView {
  host: HTMLElement;
  view: RunView;
  run: Run | null;
  /** The name of the display that the run is shown in, '' for none. */
  display: string;
  /** True until the saved run comes. */
  live: boolean;
  /** True if it is known that nothing more will come of a run that is unfinished. */
  ended: boolean;
  /** The output area that a live view is in. */
  area: Element | null;
  /** The boxes in it that were scrolled at any time. */
  scrolled: Set<Element>;
  /** Returns what the notebook saves of the run, null where it is in none. */
  saved: () => SavedRun | null;
  /** Restores the user's interaction, which moving the view interrupts. */
  restore: (() => void) | null;
  /** Draws it again, as it was drawn last. */
  redraw: () => void;
}

/** What a view is mounted with. */
type Mounting = Pick<ViewRequest, 'host'> & Partial<ViewRequest & Pick<RegisteredView, 'saved'>>;

export class ViewRegistry {
  /** They hold for everything that is drawn from now on. */
  options: Options = OPTIONS;
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
        const hadKernel = this.#hasKernel(host);
        if (!live) {
          // By then JupyterLab has put the host in its place.
          queueMicrotask(() => {
            shown.restore?.();
            shown.restore = null;
            letHeaderStay(host);
            if (stats?.step) {
              this.#presentOnce(host);
            }
            const isOther = !this.#locator.hasCell(host) || this.#hasKernel(host) !== hadKernel;
            if (host.isConnected && isOther) {
              shown.redraw();
            }
          });
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
        this.#hooks(() => shown),
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

  /** Return the hooks of a view. An action that is not possible where it is has no button. */
  #hooks(shown: () => RegisteredView): Hooks {
    const host = () => shown().host;
    const isElsewhere = () => isUnfinished(shown()) && this.#followed.has(shown().display);
    const options = () => this.options;
    const locator = this.#locator;
    // An output that is not in its place yet will most often be in a notebook.
    const has = (found: (node: HTMLElement) => unknown) =>
      !host().isConnected || Boolean(found(host()));
    const hasKernel = () => this.#hasKernel(host());
    const insert = (run: Run, choice: Choice) => this.#insert(host(), run, choice);
    const insertAndRun = (run: Run, choice: Choice) => this.#insert(host(), run, choice, true);
    const verify = (progress: (line: string) => void) => this.#verify(host(), progress);
    const atCell = (act: (cell: CellPosition) => unknown) => () => {
      const cell = locator.cell(host());
      if (cell) {
        act(cell);
      }
    };
    const answer = ({ key }: Waiting, word: Decision) =>
      // It is no cell's, so that none keeps a line of it.
      locator
        .session(host())
        ?.session?.kernel?.sendInputReply(
          { status: 'ok', value: `${key}:${word}` },
          {} as KernelMessage.IHeader<'input_request'>
        );
    const stop = () => void locator.session(host())?.session?.kernel?.interrupt();
    return {
      trans: this.#trans,
      // Read whenever something is drawn: they may change while a view is shown.
      get options() {
        return options();
      },
      copy: text => {
        Clipboard.copyToSystem(text);
        return true;
      },
      ...(this.#typeset && { typeset: this.#typeset }),
      get insert() {
        return has(node => locator.hasCell(node)) ? insert : undefined;
      },
      get insertAndRun() {
        return hasKernel() ? insertAndRun : undefined;
      },
      get verify() {
        return hasKernel() ? verify : undefined;
      },
      // Without a kernel JupyterLab starts one, or asks which.
      get again() {
        return has(node => locator.hasCell(node)) ? atCell(askAgain) : undefined;
      },
      get edit() {
        return has(node => locator.hasCell(node)) ? atCell(editPrompt) : undefined;
      },
      saved: run => (run === shown().run ? shown().saved() : null),
      get elsewhere() {
        return isElsewhere();
      },
      get answer() {
        return has(node => locator.session(node)) ? answer : undefined;
      },
      get stop() {
        return has(node => locator.session(node)) ? stop : undefined;
      }
    };
  }

  #hasKernel(host: HTMLElement): boolean {
    const locator = this.#locator;
    return locator.hasCell(host) && Boolean(locator.session(host)?.session?.kernel);
  }

  async #verify(host: HTMLElement, progress: (line: string) => void): Promise<void> {
    const place = this.#locator.cell(host);
    if (place) {
      await verifyOutput(place, host, progress);
    }
  }

  #insert(host: HTMLElement, run: Run, choice: Choice, runs = false): number {
    const place = this.#locator.cell(host);
    return place ? insertAndShow(place.panel, place.index, run, choice, runs) : 0;
  }
}

/** Return whether this is what a notebook holds of a run of which more may come. */
function isUnfinished({ run, live, ended }: RegisteredView): boolean {
  return run?.state === 'running' && !live && !ended;
}

function rootOf(host: HTMLElement): HTMLElement {
  return host.querySelector<HTMLElement>(':scope > .gm-run')!;
}
