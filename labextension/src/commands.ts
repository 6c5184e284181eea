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
import { insertAndShow, isLastChange } from './insert';
import type { LabViews } from './labviews';
import { askAbout, askToFix, type Failure } from './prompts';
import { MIME, readRun, type Run } from './run';
import { printable } from './text';
import type { Words } from './words';

interface Place {
  panel: NotebookPanel;
  index: number;
  source: string;
  outputs: readonly Record<string, unknown>[];
}

/** The arguments of a command: those in a context menu are `clicked` (`schema/runs.json`). */
interface Asked {
  clicked?: unknown;
}

/** Add the commands to `app`, and to `palette` where there is one. */
export function addCommands(
  app: JupyterFrontEnd,
  tracker: INotebookTracker,
  views: LabViews,
  palette: ICommandPalette | null,
  words: Words
): void {
  const add = (
    id: string,
    label: string,
    possible: (place: Place) => boolean,
    act: (place: Place) => void
  ) => {
    const find = (args: Asked) => (args.clicked ? clicked(app, tracker) : here(tracker));
    const enabled = (args: Asked) => {
      const place = find(args);
      return place !== null && possible(place);
    };
    app.commands.addCommand(id, {
      label,
      isEnabled: enabled,
      // A context menu offers what can be done, and nothing grey.
      isVisible: enabled,
      execute: args => {
        const place = find(args);
        if (place && possible(place)) {
          act(place);
        }
      }
    });
    palette?.addItem({ command: id, category: words.__('Gemini') });
  };

  add(
    'gemini-magic:insert',
    words.__('Gemini: insert code as cells'),
    place => runOf(place) !== null,
    place => insertAndShow(place.panel, place.index, runOf(place)!, 'last')
  );
  add(
    'gemini-magic:expand-all',
    words.__('Gemini: expand all'),
    place => views.within(place.panel.content.node),
    place => views.expand(place.panel.content.node, true)
  );
  add(
    'gemini-magic:ask',
    words.__('Gemini: ask about this cell'),
    place => place.source.trim() !== '',
    place => void write(place, askAbout(place.source))
  );
  add(
    'gemini-magic:fix',
    words.__('Gemini: fix this error'),
    place => failureOf(place) !== null,
    place => void write(place, askToFix(place.source, failureOf(place)!, printable))
  );
  app.commands.addCommand('gemini-magic:undo', {
    label: words.__('Undo, inserted cells too'),
    execute: () => {
      const notebook = tracker.currentWidget?.content;
      return notebook && isNext(notebook)
        ? NotebookActions.undo(notebook)
        : app.commands.execute('notebook:undo');
    }
  });
}

/**
 * Return whether an insertion is what a reader would undo next. In command mode Ctrl+Z undoes what was
 * typed into the active cell, and Z what was done with cells: after a button was pressed, there is
 * but one thing that either can mean. Typing in an inserted cell comes before the insertion.
 */
function isNext(notebook: Notebook): boolean {
  const { activeCell } = notebook;
  const typed =
    activeCell?.node === document.activeElement && activeCell?.model.sharedModel.canUndo();
  return !typed && isLastChange(notebook);
}

/** Return the active cell of the current notebook. */
function here(tracker: INotebookTracker): Place | null {
  const panel = tracker.currentWidget;
  return panel && placeOf(panel, panel.content.activeCellIndex);
}

/** Return the cell whose context menu was opened last: not every click makes a cell the active one. */
function clicked(app: JupyterFrontEnd, tracker: INotebookTracker): Place | null {
  const node = app.contextMenuHitTest(found => found.classList.contains('jp-Cell'));
  const panel = tracker.find(({ content }) => content.node.contains(node ?? null));
  return panel
    ? placeOf(
        panel,
        panel.content.widgets.findIndex(cell => cell.node === node)
      )
    : null;
}

function placeOf(panel: NotebookPanel, index: number): Place | null {
  const model = panel.content.widgets[index]?.model;
  if (!model) {
    return null;
  }
  const outputs = model.type === 'code' ? (model as ICodeCellModel).outputs.toJSON() : [];
  return {
    panel,
    index,
    source: model.sharedModel.getSource(),
    outputs: outputs as Place['outputs']
  };
}

function runOf(place: Place): Run | null {
  return runsIn(place.outputs).at(-1) ?? null;
}

/** Return the runs among a cell's outputs. */
export function runsIn(outputs: readonly Record<string, unknown>[]): Run[] {
  return outputs
    .map(output => readRun((output.data as Record<string, unknown> | undefined)?.[MIME]))
    .filter(run => run !== null);
}

function failureOf(place: Place): Failure | null {
  const error = place.outputs.find(output => output.output_type === 'error');
  return (error as Failure | undefined) ?? null;
}

/** Put a cell with `source` below, and the caret at the end of its second line, the question. */
async function write({ panel, index }: Place, source: string): Promise<void> {
  const notebook = panel.content;
  notebook.model?.sharedModel.insertCell(index + 1, { cell_type: 'code', source });
  notebook.activeCellIndex = index + 1;
  const cell = notebook.activeCell;
  await notebook.scrollToItem(index + 1).catch(() => undefined);
  // A new cell has its editor only once it is drawn.
  await cell?.ready;
  if (cell && cell === notebook.activeCell) {
    notebook.mode = 'edit';
    cell.editor?.focus();
    cell.editor?.setCursorPosition({ line: 1, column: cell.editor.getLine(1)?.length ?? 0 });
  }
}
