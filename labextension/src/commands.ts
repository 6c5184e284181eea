/** The commands of the palette and of the notebook's context menu. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { insertCells } from './insert';
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
    const enabled = () => {
      const place = here(tracker);
      return place !== null && possible(place);
    };
    app.commands.addCommand(id, {
      label,
      isEnabled: enabled,
      // A context menu offers what can be done, and nothing grey.
      isVisible: enabled,
      execute: () => {
        const place = here(tracker);
        if (place && possible(place)) {
          act(place);
        }
      }
    });
    palette?.addItem({ command: id, category: 'Gemini' });
  };

  add(
    'gemini-magic:insert',
    words.__('Gemini: insert code as cells'),
    place => runOf(place) !== null,
    place => insertCells(place.panel, place.index, runOf(place)!, 'last')
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
    place => write(place, askAbout(place.source))
  );
  add(
    'gemini-magic:fix',
    words.__('Gemini: fix this error'),
    place => failureOf(place) !== null,
    place => write(place, askToFix(place.source, failureOf(place)!, printable))
  );
}

/** Return the active cell of the current notebook. */
function here(tracker: INotebookTracker): Place | null {
  const panel = tracker.currentWidget;
  const model = panel?.content.activeCell?.model;
  if (!panel || !model) {
    return null;
  }
  const outputs = model.type === 'code' ? (model as ICodeCellModel).outputs.toJSON() : [];
  return {
    panel,
    index: panel.content.activeCellIndex,
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

/** Put a cell with `source` below, and the cursor into its second line. */
function write({ panel, index }: Place, source: string): void {
  const notebook = panel.content;
  notebook.model?.sharedModel.insertCell(index + 1, { cell_type: 'code', source });
  notebook.activeCellIndex = index + 1;
  notebook.mode = 'edit';
  notebook.activeCell?.editor?.setCursorPosition({ line: 1, column: 0 });
}
