/** The views of runs in JupyterLab: what they may do, and where they are. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { colour, type Colour } from './code';
import { OPTIONS, type Choice, type Hooks, type Options } from './context';
import { insertAndShow } from './insert';
import { LabProse } from './prose';
import type { Run } from './run';
import { createRunView, type RunView } from './view';
import type { Words } from './words';

/** A view, the element that it is in now, and what it shows. */
interface Place {
  host: HTMLElement;
  view: RunView;
  run: Run | null;
}

export class LabViews {
  /** What is drawn from now on follows these. */
  options: Options = OPTIONS;
  colour: Colour = colour;
  readonly #places = new Set<Place>();
  /** The live views by their prompts, until the saved run comes. */
  readonly #running = new Map<string, Place>();
  readonly #prose: LabProse;
  readonly #shell: JupyterFrontEnd.IShell;
  readonly #tracker: INotebookTracker | null;
  readonly #words: Words;

  constructor(
    shell: JupyterFrontEnd.IShell,
    rendermime: IRenderMimeRegistry,
    tracker: INotebookTracker | null,
    words: Words
  ) {
    this.#shell = shell;
    this.#tracker = tracker;
    this.#words = words;
    this.#prose = new LabProse(rendermime);
  }

  /** Mount a view in `host`. */
  create(host: HTMLElement): RunView {
    let place = this.#mount(host);
    return {
      update: (run, facts, live = false, progress = null) => {
        place = live ? place : this.#goOn(place, run);
        place.run = run;
        place.view.update(run, facts, live, progress);
        if (live) {
          this.#running.set(run.prompt, place);
        }
      },
      expand: open => place.view.expand(open),
      moveTo: to => this.#move(place, to),
      dispose: () => {
        // By then the view may be in the saved output.
        if (place.host === host) {
          this.#remove(place);
        }
      }
    };
  }

  #mount(host: HTMLElement): Place {
    const place: Place = {
      host,
      view: createRunView(
        host,
        this.#hooks(() => place.host)
      ),
      run: null
    };
    this.#places.add(place);
    return place;
  }

  #move(place: Place, host: HTMLElement): void {
    place.host = host;
    place.view.moveTo(host);
    this.#places.add(place);
  }

  #remove(place: Place): void {
    this.#places.delete(place);
    place.view.dispose();
  }

  /**
   * Return where a saved run is drawn. At its end a live run is replaced by the saved one: the view
   * goes on there as it is, so that nothing moves on the screen.
   */
  #goOn(place: Place, run: Run): Place {
    const before = this.#running.get(run.prompt);
    if (!before?.run || before.host.isConnected || !continues(run, before.run)) {
      return place;
    }
    this.#running.delete(run.prompt);
    this.#remove(place);
    this.#move(before, place.host);
    return before;
  }

  /** Return whether there is a view within `node`. */
  within(node: HTMLElement): boolean {
    return [...this.#places].some(({ host }) => node.contains(host));
  }

  /** Open or close everything in the views within `node`. */
  expand(node: HTMLElement, open: boolean): void {
    this.#places.forEach(({ host, view }) => node.contains(host) && view.expand(open));
  }

  #hooks(host: () => HTMLElement): Hooks {
    const options = () => this.options;
    return {
      words: this.#words,
      // As they are when something is drawn: they may change while a view is shown.
      get options() {
        return options();
      },
      colour: (code, language) => this.colour(code, language),
      prose: (node, markdown, growing) => this.#prose.draw(node, markdown, growing),
      insert: this.#tracker ? (run, choice) => this.#insert(host(), run, choice) : undefined,
      stop: () => this.#stop(host())
    };
  }

  #insert(host: HTMLElement, run: Run, choice: Choice): number {
    const panel = this.#tracker?.find(found => found.content.node.contains(host));
    const index = panel ? cellAt(panel, host) : -1;
    return panel && index >= 0 ? insertAndShow(panel, index, run, choice) : 0;
  }

  #stop(host: HTMLElement): void {
    for (const widget of this.#shell.widgets('main')) {
      const { sessionContext } = widget as { sessionContext?: ISessionContext };
      if (sessionContext && widget.node.contains(host)) {
        void sessionContext.session?.kernel?.interrupt();
      }
    }
  }
}

/** Return whether `run` is `before` at a later time. */
function continues(run: Run, before: Run): boolean {
  const codes = ({ parts }: Run) => parts.filter(part => part.kind === 'code').map(p => p.code);
  const later = codes(run);
  return run.model === before.model && codes(before).every((code, at) => code === later[at]);
}

function cellAt(panel: NotebookPanel, host: HTMLElement): number {
  return panel.content.widgets.findIndex(cell => cell.node.contains(host));
}
