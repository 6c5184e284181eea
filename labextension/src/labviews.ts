/** The views of runs in JupyterLab: what they may do, and where they are. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { colour, type Colour } from './code';
import { OPTIONS, type Choice, type Hooks, type Options } from './context';
import { insertCells } from './insert';
import { LabProse } from './prose';
import type { Run } from './run';
import { createRunView, type RunView } from './view';
import type { Words } from './words';

export class LabViews {
  /** Views made from now on follow these. */
  options: Options = OPTIONS;
  colour: Colour = colour;
  private readonly views = new Map<HTMLElement, RunView>();
  /** The live views by their prompts, until the saved run comes. */
  private readonly running = new Map<string, RunView>();
  private readonly prose: LabProse;

  constructor(
    private readonly shell: JupyterFrontEnd.IShell,
    rendermime: IRenderMimeRegistry,
    private readonly tracker: INotebookTracker | null,
    private readonly words: Words
  ) {
    this.prose = new LabProse(rendermime);
  }

  /** Mount a view in `host`. */
  create(host: HTMLElement): RunView {
    const view = createRunView(host, this.hooks(host));
    this.views.set(host, view);
    return {
      ...bound(view),
      update: (run, facts, live, progress) => {
        view.update(run, facts, live, progress);
        this.handOver(view, run, live ?? false);
      },
      dispose: () => {
        this.views.delete(host);
        view.dispose();
      }
    };
  }

  /** At its end a live run is replaced by the saved one: that shows what the reader had open. */
  private handOver(view: RunView, run: Run, live: boolean): void {
    const before = this.running.get(run.prompt);
    if (live) {
      this.running.set(run.prompt, view);
    } else if (before) {
      this.running.delete(run.prompt);
      view.follow(before);
    }
  }

  /** Return whether there is a view within `node`. */
  within(node: HTMLElement): boolean {
    return [...this.views.keys()].some(host => node.contains(host));
  }

  /** Open or close everything in the views within `node`. */
  expand(node: HTMLElement, open: boolean): void {
    this.views.forEach((view, host) => node.contains(host) && view.expand(open));
  }

  private hooks(host: HTMLElement): Hooks {
    return {
      words: this.words,
      options: this.options,
      colour: (code, language) => this.colour(code, language),
      prose: (node, markdown, growing) => this.prose.draw(node, markdown, growing),
      insert: this.tracker ? (run, choice) => this.insert(host, run, choice) : undefined,
      stop: () => this.stop(host)
    };
  }

  private insert(host: HTMLElement, run: Run, choice: Choice): number {
    const panel = this.tracker?.find(found => found.content.node.contains(host));
    const index = panel ? cellAt(panel, host) : -1;
    return panel && index >= 0 ? insertCells(panel, index, run, choice) : 0;
  }

  private stop(host: HTMLElement): void {
    for (const widget of this.shell.widgets('main')) {
      const { sessionContext } = widget as { sessionContext?: ISessionContext };
      if (sessionContext && widget.node.contains(host)) {
        void sessionContext.session?.kernel?.interrupt();
      }
    }
  }
}

function bound(view: RunView): RunView {
  return {
    update: view.update.bind(view),
    expand: view.expand.bind(view),
    follow: view.follow.bind(view),
    sights: view.sights.bind(view),
    dispose: view.dispose.bind(view)
  };
}

function cellAt(panel: NotebookPanel, host: HTMLElement): number {
  return panel.content.widgets.findIndex(cell => cell.node.contains(host));
}
