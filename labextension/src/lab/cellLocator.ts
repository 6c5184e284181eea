/** The cell, the notebook and the kernel that an element of the page belongs to. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Widget } from '@lumino/widgets';

export interface CellPosition {
  panel: NotebookPanel;
  index: number;
}

export class CellLocator {
  readonly #shell: JupyterFrontEnd.IShell;
  readonly #tracker: INotebookTracker | null;

  constructor(shell: JupyterFrontEnd.IShell, tracker: INotebookTracker | null) {
    this.#shell = shell;
    this.#tracker = tracker;
  }

  /**
   * Return the cell that `node` is an output of, or null.
   *
   * A view of an output in a tab of its own has the model of its cell's outputs.
   */
  cell(node: HTMLElement): CellPosition | null {
    const panel = this.#tracker?.find(found => found.content.node.contains(node));
    if (panel) {
      return positionOf(
        panel,
        panel.content.widgets.findIndex(cell => cell.node.contains(node))
      );
    }
    const outputs = outputsAround(this.#tab(node), node);
    if (!outputs) {
      return null;
    }
    const own = (found: NotebookPanel) =>
      found.content.widgets.findIndex(
        ({ model }) => (model as Partial<ICodeCellModel>).outputs === outputs
      );
    const origin = this.#tracker?.find(found => own(found) >= 0);
    return origin ? positionOf(origin, own(origin)) : null;
  }

  /** Return whether there is such a cell. */
  hasCell(node: HTMLElement): boolean {
    const inside = this.#tracker?.find(found => found.content.node.contains(node));
    return Boolean(inside) || this.cell(node) !== null;
  }

  /** Return whether there is such a cell, and a kernel that could run it. */
  hasKernel(node: HTMLElement): boolean {
    return this.hasCell(node) && Boolean(this.session(node)?.session?.kernel);
  }

  /** Return the session whose kernel made the output that `node` is in, or null. */
  session(node: HTMLElement): ISessionContext | null {
    const { sessionContext } = (this.#tab(node) ?? {}) as { sessionContext?: ISessionContext };
    return sessionContext ?? this.cell(node)?.panel.sessionContext ?? null;
  }

  #tab(node: HTMLElement): Widget | null {
    for (const widget of this.#shell.widgets('main')) {
      if (widget.node.contains(node)) {
        return widget;
      }
    }
    return null;
  }
}

function positionOf(panel: NotebookPanel, index: number): CellPosition | null {
  return index < 0 ? null : { panel, index };
}

/** Return the model of the outputs in `widget` that `node` is one of. */
function outputsAround(widget: Widget | null, node: HTMLElement): unknown {
  if (!widget?.node.contains(node)) {
    return null;
  }
  if (widget.hasClass('jp-OutputArea')) {
    return (widget as { model?: unknown }).model;
  }
  for (const child of widget.children()) {
    const found = outputsAround(child, node);
    if (found) {
      return found;
    }
  }
  return null;
}
