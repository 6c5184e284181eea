/** The renderer of many rows, in whose notebook a row can be asked again, and its run inserted as cells. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { KernelMessage } from '@jupyterlab/services';
import { readRows, readRowsStats, ROWS_MIME, type Row, type Rows } from '../contract/rows';
import type { Translations } from '../text/i18n';
import type { Hooks, Options } from '../view/context';
import { RowsView } from '../view/rows';
import type { RowsHooks } from '../view/rowsContext';
import { CellLocator } from './cellLocator';
import { cellHooks, commonHooks, joined, mayHave } from './commonHooks';
import { saysIdle } from './kernelMessages';
import { askKernel, GONE, type Answerer } from './kernelQuestion';
import { OutputRenderer } from './outputRenderer';
import { typesetterOf } from './prose';
import { replaceRows, type Shown } from './rowsOutputs';
import { letHeaderStay } from './sticky';

const ASKS: Answerer = {
  target: 'gemini_magic.rows',
  listen: "__import__('gemini_magic.notebook.rows.page', fromlist=['listen']).listen()",
  lacking: 'this kernel has no gemini_magic that can ask: pip install gemini-magic'
};

class RowsRenderer extends OutputRenderer<RowsView> {
  #isRunning = false;
  /** Whether the kernel is known to have ended what it asked. */
  #isOver = false;
  #wasHeard = false;
  #isLost = false;
  #session: ISessionContext | null = null;
  readonly #locator: CellLocator;
  readonly #hooks: RowsHooks;

  constructor(locator: CellLocator, hooks: (node: HTMLElement) => RowsHooks) {
    super();
    this.#locator = locator;
    this.#hooks = hooks(this.node);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const rows = readRows(model.data[ROWS_MIME]);
    if (!rows) {
      this.refuse(this.#hooks.trans.__('These rows cannot be shown: a newer version may.'));
      return;
    }
    const isFirst = this.view === null;
    const view = this.mount(host => new RowsView(host, this.#hooks));
    this.#isRunning = rows.state === 'running';
    // What comes later, comes from a kernel that is at it.
    this.#isOver = this.#isLost = false;
    this.#wasHeard = !isFirst;
    view.update(rows, readRowsStats(model.metadata[ROWS_MIME]), this.#isRunning);
    if (isFirst) {
      // By then JupyterLab has put it in its place.
      queueMicrotask(() => this.follow());
    }
  }

  dispose(): void {
    this.#leave();
    super.dispose();
  }

  protected onAfterAttach(): void {
    this.follow();
  }

  /** Know when the kernel is no longer at it: a notebook may be saved while it is, or it may die. */
  follow(): void {
    if (this.isDisposed || !this.node.isConnected) {
      return;
    }
    letHeaderStay(this.node);
    const session = this.#locator.session(this.node);
    if (session !== this.#session) {
      this.#leave();
      this.#session = session;
      session?.iopubMessage.connect(this.#hear, this);
      session?.statusChanged.connect(this.#look, this);
      session?.kernelChanged.connect(this.#look, this);
    }
    this.#look();
  }

  #leave(): void {
    this.#session?.iopubMessage.disconnect(this.#hear, this);
    this.#session?.statusChanged.disconnect(this.#look, this);
    this.#session?.kernelChanged.disconnect(this.#look, this);
    this.#session = null;
  }

  #hear(_: unknown, message: KernelMessage.IMessage): void {
    if (saysIdle(message)) {
      this.#isLost = true;
      this.#look();
    }
  }

  #look(): void {
    const status = this.#session?.session?.kernel?.status;
    // What it asked is lost with it, whatever the one that takes its place does.
    this.#isLost ||= status !== undefined && GONE.includes(status);
    // Of one that was heard at it, "idle" may be a subshell's: the end of the cell says it. One of which a page
    // knows nothing yet may be busy: it answers no sooner than it is done.
    const isIdle = status === 'idle' && !this.#wasHeard;
    const isOver = this.#isLost || !status || isIdle || status === 'starting';
    if (isOver !== this.#isOver) {
      this.#isOver = isOver;
      this.#redraw();
    }
  }

  #redraw(): void {
    this.view?.redraw(this.#isRunning && !this.#isOver);
  }
}

/** Return the factory of these renderers; they draw any data safely. */
export function rowsFactory(
  shell: JupyterFrontEnd.IShell,
  tracker: INotebookTracker | null,
  views: { options: Options },
  rendermime: IRenderMimeRegistry,
  trans: Translations
): IRenderMime.IRendererFactory {
  const locator = new CellLocator(shell, tracker);
  const typeset = typesetterOf(rendermime);
  const all = new Set<RowsRenderer>();
  // The outputs of a notebook that is opened are drawn before anybody knows of it.
  tracker?.widgetAdded.connect((_, panel) => {
    void panel.revealed.then(() => all.forEach(renderer => renderer.follow()));
  });
  return {
    safe: true,
    mimeTypes: [ROWS_MIME],
    createRenderer: () => {
      const made = new RowsRenderer(locator, node => hooksOf(node, locator, views, typeset, trans));
      all.add(made);
      made.disposed.connect(() => all.delete(made));
      return made;
    }
  };
}

function hooksOf(
  node: HTMLElement,
  locator: CellLocator,
  views: { options: Options },
  typeset: Hooks['typeset'],
  trans: Translations
): RowsHooks {
  const ask = (rows: Rows, row: Row) => askRow(locator, node, rows, row, trans);
  const shared = commonHooks({ trans, typeset, options: () => views.options });
  const cell = cellHooks(locator, () => node);
  return {
    trans,
    get stop() {
      return cell.stop;
    },
    get ask() {
      return mayHave(node, found => locator.hasCell(found)) ? ask : undefined;
    },
    run: joined(shared, cell)
  };
}

/** Let the kernel ask a row again, and show what it answers wherever these rows are shown in the notebook. */
async function askRow(
  locator: CellLocator,
  node: HTMLElement,
  { key }: Rows,
  { number, text }: Row,
  trans: Translations
): Promise<string> {
  const panel = locator.cell(node)?.panel;
  const kernel = panel?.sessionContext.session?.kernel;
  if (!panel || !kernel) {
    throw new Error(
      trans.__('No kernel is running: run the cell again, what is recorded is not asked.')
    );
  }
  const { data, said } = await askKernel(kernel, ASKS, { key, number, text });
  const shown = panel.isDisposed || replaceRows(panel, key, data as Shown);
  // In an `ipywidgets.Output` they are in no output of the notebook.
  const away = shown ? '' : trans.__('It has a new run: show the rows again.');
  return typeof said === 'string' && said ? said : away;
}
