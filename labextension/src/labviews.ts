/** The views of runs in JupyterLab: what they may do, and where they are. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { colour, type Colour } from './code';
import { OPTIONS, type Choice, type Hooks, type Options } from './context';
import { holdOf } from './hold';
import { insertAndShow } from './insert';
import type { Wish } from './mount';
import { LabProse } from './prose';
import type { Run } from './run';
import { createRunView, type RunView } from './view';
import { Finder } from './where';
import type { Words } from './words';

/** A view, the element that it is in now, and what it shows. */
interface Shown {
  host: HTMLElement;
  view: RunView;
  run: Run | null;
  /** The name of the display that the run is shown in, '' for none. */
  display: string;
  /** True until the saved run comes. */
  live: boolean;
  /** The output area that a live view is in. */
  area: Element | null;
  /** The boxes in it that were ever scrolled. */
  scrolled: Set<Element>;
  /** Gives back to the reader what the move of a view took. */
  giveBack: (() => void) | null;
}

export class LabViews {
  /** What is drawn from now on follows these. */
  options: Options = OPTIONS;
  colour: Colour = colour;
  readonly #all = new Set<Shown>();
  readonly #prose: LabProse;
  readonly #finder: Finder;
  readonly #words: Words;

  constructor(
    shell: JupyterFrontEnd.IShell,
    rendermime: IRenderMimeRegistry,
    tracker: INotebookTracker | null,
    words: Words
  ) {
    this.#finder = new Finder(shell, tracker);
    this.#words = words;
    this.#prose = new LabProse(rendermime);
  }

  /** Mount a view in `host`. */
  create({ host, began, display = '' }: Pick<Wish, 'host'> & Partial<Wish>): RunView {
    let shown = this.#mount(host, display, began);
    return {
      update: (run, facts, live = false, progress = null) => {
        if (live && shown.host !== host) {
          return;
        }
        if (!live && facts?.display) {
          shown = this.#goOn(shown, facts.display);
        }
        Object.assign(shown, { run, live });
        this.#place(shown);
        shown.view.update(run, facts, live, progress);
        if (!live) {
          // By then JupyterLab has put the host into its place.
          queueMicrotask(() => {
            shown.giveBack?.();
            shown.giveBack = null;
            if (host.isConnected && !this.#finder.hasCell(host)) {
              shown.view.update(run, facts, live, progress);
            }
          });
        }
      },
      expand: open => shown.view.expand(open),
      moveTo: to => this.#move(shown, to),
      dispose: () => {
        // By then the view may be in the saved output.
        if (shown.host === host) {
          this.#remove(shown);
        }
      }
    };
  }

  #mount(host: HTMLElement, display: string, began?: number): Shown {
    const shown: Shown = {
      host,
      view: createRunView(
        host,
        this.#hooks(() => shown.host),
        began
      ),
      run: null,
      display,
      live: false,
      area: null,
      scrolled: new Set(),
      giveBack: null
    };
    rootOf(host).addEventListener('scroll', ({ target }) => shown.scrolled.add(target as Element), {
      capture: true,
      passive: true
    });
    this.#all.add(shown);
    return shown;
  }

  #move(shown: Shown, host: HTMLElement): void {
    shown.host = host;
    shown.view.moveTo(host);
  }

  #remove(shown: Shown): void {
    this.#all.delete(shown);
    shown.view.dispose();
  }

  #place(shown: Shown): void {
    shown.area = shown.live ? shown.host.closest('.jp-OutputArea') : null;
  }

  /**
   * Return where a saved run is drawn. At its end a live run is replaced by the saved one: the view
   * goes on there as it is, so that nothing moves on the screen. Of several views of one run it is
   * the one that has just been taken out of its output area.
   */
  #goOn(shown: Shown, display: string): Shown {
    const before = this.#live(display).find(({ area, host }) => area && !area.contains(host));
    if (!before) {
      return shown;
    }
    this.#remove(shown);
    this.#move(before, shown.host);
    return before;
  }

  #live(display: string): Shown[] {
    return [...this.#all].filter(shown => shown.live && shown.display === display);
  }

  /** Note what the reader has hold of in the live views of `display`, which are about to end. */
  hold(display: string): void {
    for (const shown of this.#live(display)) {
      this.#place(shown);
      shown.giveBack = holdOf(rootOf(shown.host), shown.scrolled);
    }
  }

  /** Return as much as has come of the live run in `display`, or null where nothing shows it. */
  latest(display: string): Run | null {
    return this.#live(display)[0]?.run ?? null;
  }

  /** Return whether there is a view within `node`. */
  within(node: HTMLElement): boolean {
    return [...this.#all].some(({ host }) => node.contains(host));
  }

  /** Open or close everything in the views within `node`. */
  expand(node: HTMLElement, open: boolean): void {
    this.#all.forEach(({ host, view }) => node.contains(host) && view.expand(open));
  }

  /** Return the hooks of a view. What cannot be done where it is has no button. */
  #hooks(host: () => HTMLElement): Hooks {
    const options = () => this.options;
    const finder = this.#finder;
    // An output that is not in its place yet most often will be in a notebook.
    const has = (found: (node: HTMLElement) => unknown) =>
      !host().isConnected || Boolean(found(host()));
    const insert = (run: Run, choice: Choice) => this.#insert(host(), run, choice);
    const stop = () => void finder.session(host())?.session?.kernel?.interrupt();
    return {
      words: this.#words,
      // As they are when something is drawn: they may change while a view is shown.
      get options() {
        return options();
      },
      colour: (code, language) => this.colour(code, language),
      copy: text => {
        Clipboard.copyToSystem(text);
        return true;
      },
      prose: (node, markdown, growing) => this.#prose.draw(node, markdown, growing),
      get insert() {
        return has(node => finder.hasCell(node)) ? insert : undefined;
      },
      get stop() {
        return has(node => finder.session(node)) ? stop : undefined;
      }
    };
  }

  #insert(host: HTMLElement, run: Run, choice: Choice): number {
    const place = this.#finder.cell(host);
    return place ? insertAndShow(place.panel, place.index, run, choice) : 0;
  }
}

function rootOf(host: HTMLElement): HTMLElement {
  return host.querySelector<HTMLElement>(':scope > .gm-run')!;
}
