/** The commands of the palette and of the notebook's context menu. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { ICodeCellModel } from '@jupyterlab/cells';
import {
  NotebookActions,
  type INotebookTracker,
  type Notebook,
  type NotebookPanel
} from '@jupyterlab/notebook';
import { askAbout, askToFix, type Failure } from '../cells/prompts';
import { MIME, readRun, type Run } from '../contract/run';
import type { Translations } from '../text/i18n';
import { sanitize } from '../text/sanitize';
import type { CellPosition } from './cellLocator';
import { insertAndShow, isLastChange } from './insertion';
import type { ViewRegistry } from './viewRegistry';

interface CellState {
  panel: NotebookPanel;
  index: number;
  source: string;
  outputs: readonly Record<string, unknown>[];
}

/** The arguments of a command; a context menu sets `clicked` (`schema/runs.json`). */
interface Args {
  clicked?: unknown;
}

/** Add the commands to `app`, and to `palette` where there is one. */
export function addCommands(
  app: JupyterFrontEnd,
  tracker: INotebookTracker,
  views: ViewRegistry,
  palette: ICommandPalette | null,
  trans: Translations
): void {
  const add = (
    id: string,
    label: string,
    possible: (place: CellState) => boolean,
    act: (place: CellState) => void
  ) => {
    const find = (args: Args) => (args.clicked ? clicked(app, tracker) : activeCell(tracker));
    const enabled = (args: Args) => {
      const place = find(args);
      return place !== null && possible(place);
    };
    app.commands.addCommand(id, {
      label,
      isEnabled: enabled,
      // A context menu shows only what is possible.
      isVisible: enabled,
      execute: args => {
        const place = find(args);
        if (place && possible(place)) {
          act(place);
        }
      }
    });
    palette?.addItem({ command: id, category: trans.__('Gemini') });
  };

  add(
    'gemini-magic:insert',
    trans.__('Gemini: insert code as cells'),
    place => runOf(place) !== null,
    place => insertAndShow(place.panel, place.index, runOf(place)!, 'needed')
  );
  add(
    'gemini-magic:expand-all',
    trans.__('Gemini: expand all'),
    place => views.hasViewIn(place.panel.content.node),
    place => views.expand(place.panel.content.node, true)
  );
  add(
    'gemini-magic:ask',
    trans.__('Gemini: ask about this cell'),
    place => place.source.trim() !== '',
    place => void writeCell(place, askAbout(place.source))
  );
  add(
    'gemini-magic:fix',
    trans.__('Gemini: fix this error'),
    place => failureOf(place) !== null,
    place => void writeCell(place, askToFix(place.source, failureOf(place)!, sanitize))
  );
  app.commands.addCommand('gemini-magic:undo', {
    label: trans.__('Undo, inserted cells too'),
    execute: () => {
      const notebook = tracker.currentWidget?.content;
      return notebook && undoesInsertion(notebook)
        ? NotebookActions.undo(notebook)
        : app.commands.execute('notebook:undo');
    }
  });
}

/**
 * Return whether undo should take back an insertion. In command mode, Ctrl+Z undoes typing in the active
 * cell and Z undoes changes of cells; after a button was pressed, both can only mean the insertion.
 * Typing in an inserted cell is undone before the insertion.
 */
function undoesInsertion(notebook: Notebook): boolean {
  const { activeCell } = notebook;
  const typed =
    activeCell?.node === document.activeElement && activeCell?.model.sharedModel.canUndo();
  return !typed && isLastChange(notebook);
}

/** Return the active cell of the current notebook. */
function activeCell(tracker: INotebookTracker): CellState | null {
  const panel = tracker.currentWidget;
  return panel && placeOf(panel, panel.content.activeCellIndex);
}

/** Return the cell whose context menu was opened last: a click need not activate a cell. */
function clicked(app: JupyterFrontEnd, tracker: INotebookTracker): CellState | null {
  const node = app.contextMenuHitTest(found => found.classList.contains('jp-Cell'));
  const panel = tracker.find(({ content }) => content.node.contains(node ?? null));
  return panel
    ? placeOf(
        panel,
        panel.content.widgets.findIndex(cell => cell.node === node)
      )
    : null;
}

function placeOf(panel: NotebookPanel, index: number): CellState | null {
  const model = panel.content.widgets[index]?.model;
  if (!model) {
    return null;
  }
  const outputs = model.type === 'code' ? (model as ICodeCellModel).outputs.toJSON() : [];
  return {
    panel,
    index,
    source: model.sharedModel.getSource(),
    outputs: outputs as CellState['outputs']
  };
}

function runOf(place: CellState): Run | null {
  return runsIn(place.outputs).at(-1) ?? null;
}

/** Return the runs among a cell's outputs. */
export function runsIn(outputs: readonly Record<string, unknown>[]): Run[] {
  return outputs
    .map(output => readRun((output.data as Record<string, unknown> | undefined)?.[MIME]))
    .filter(run => run !== null);
}

function failureOf(place: CellState): Failure | null {
  const error = place.outputs.find(output => output.output_type === 'error');
  return (error as Failure | undefined) ?? null;
}

/** Insert a cell with `source` below, with the caret at the end of its second line, the question. */
export async function writeCell({ panel, index }: CellPosition, source: string): Promise<void> {
  const notebook = panel.content;
  notebook.model?.sharedModel.insertCell(index + 1, { cell_type: 'code', source });
  notebook.activeCellIndex = index + 1;
  const cell = notebook.activeCell;
  await notebook.scrollToItem(index + 1).catch(() => undefined);
  // A new cell has its editor once it is drawn.
  await cell?.ready;
  if (cell && cell === notebook.activeCell) {
    notebook.mode = 'edit';
    cell.editor?.focus();
    cell.editor?.setCursorPosition({ line: 1, column: cell.editor.getLine(1)?.length ?? 0 });
  }
}
