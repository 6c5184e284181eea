/** Wiring only: the plugins of the JupyterLab and Notebook extension. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { ICodeCellModel } from '@jupyterlab/cells';
import {
  EditorExtensionRegistry,
  IEditorExtensionRegistry,
  IEditorLanguageRegistry
} from '@jupyterlab/codemirror';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { labColours } from './colours';
import { addCommands, runsIn } from './commands';
import { greetKernels } from './greet';
import { promptHighlight } from './highlight';
import { insertCells } from './insert';
import { LabViews } from './labviews';
import { mendRuns } from './mend';
import { answerRequests } from './mount';
import { RANK, rendererFactory } from './renderer';
import { followSettings, type Settings, SETTINGS } from './settings';
import { letCombinationsThrough } from './shortcuts';

const runs: JupyterFrontEndPlugin<void> = {
  id: 'gemini-magic:runs',
  description: 'Shows runs of %%gemini_exec, and takes their code home as cells.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [
    INotebookTracker,
    ITranslator,
    ISettingRegistry,
    ICommandPalette,
    IEditorLanguageRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    tracker: INotebookTracker | null,
    translator: ITranslator | null,
    registry: ISettingRegistry | null,
    palette: ICommandPalette | null,
    languages: IEditorLanguageRegistry | null
  ) => {
    const words = (translator ?? nullTranslator).load('gemini_magic');
    const views = new LabViews(app.shell, rendermime, tracker, words);
    let settings = SETTINGS;
    rendermime.addFactory(rendererFactory(views), RANK);
    answerRequests(document, wish => views.create(wish));
    letCombinationsThrough(document);
    if (registry) {
      followSettings(registry, runs.id, found => {
        settings = found;
        views.options = found;
      });
    }
    if (languages) {
      void labColours(languages).then(colour => (views.colour = colour));
    }
    if (tracker) {
      addCommands(app, tracker, views, palette, words);
      greetKernels(tracker);
      mendRuns(tracker, views, words);
      insertWhenExecuted(tracker, () => settings.insert);
    }
  }
};

/** Insert what `--insert` or the settings ask for: once an execution, never when a run is drawn. */
function insertWhenExecuted(tracker: INotebookTracker, standard: () => Settings['insert']): void {
  NotebookActions.executed.connect((_, { notebook, cell }) => {
    const panel = tracker.find(found => found.content === notebook);
    if (!panel || cell.model.type !== 'code') {
      return;
    }
    const run = runsIn((cell.model as ICodeCellModel).outputs.toJSON()).at(-1);
    const choice = run && (run.insert || standard());
    if (run?.state === 'done' && choice && choice !== 'none') {
      insertCells(panel, notebook.widgets.indexOf(cell), run, choice);
    }
  });
}

const highlight: JupyterFrontEndPlugin<void> = {
  id: 'gemini-magic:highlight',
  description: 'Highlights %%gemini_exec cells as Markdown.',
  autoStart: true,
  requires: [IEditorExtensionRegistry, IEditorLanguageRegistry],
  activate: (
    _: JupyterFrontEnd,
    extensions: IEditorExtensionRegistry,
    languages: IEditorLanguageRegistry
  ) => {
    extensions.addExtension({
      name: highlight.id,
      factory: () => EditorExtensionRegistry.createImmutableExtension(promptHighlight(languages))
    });
  }
};

export default [runs, highlight];
