/** The plugins of the JupyterLab and Notebook extension; wiring only. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { ICodeCellModel } from '@jupyterlab/cells';
import {
  EditorExtensionRegistry,
  IEditorExtensionRegistry,
  IEditorLanguageRegistry
} from '@jupyterlab/codemirror';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { letCombinationsThrough } from './dom/shortcuts';
import { addCommands, runsIn } from './lab/commands';
import { promptHighlight } from './lab/editor';
import { keepAnswers } from './lab/answers';
import { excerptFactory } from './lab/excerptRenderer';
import { nameFoldedRuns } from './lab/foldedOutput';
import { answerHandshakes } from './lab/handshake';
import { insertCells } from './lab/insertion';
import { lessonsFactory } from './lab/lessonRenderer';
import { addNewPrompts } from './lab/newPrompt';
import { recoverRuns } from './lab/recovery';
import { RANK, rendererFactory } from './lab/renderer';
import { followRows } from './lab/rowsOutputs';
import { rowsFactory } from './lab/rowsRenderer';
import { followSettings, SETTINGS, type Settings } from './lab/settings';
import { ViewRegistry } from './lab/viewRegistry';
import { liveWidget } from './widget/liveWidget';
import { answerRequests } from './widget/widgetRequest';

const runs: JupyterFrontEndPlugin<void> = {
  id: 'gemini-magic:runs',
  description: 'Shows runs of %%gemini_exec and inserts their code as cells.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker, ITranslator, ISettingRegistry, ICommandPalette, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    tracker: INotebookTracker | null,
    translator: ITranslator | null,
    registry: ISettingRegistry | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null
  ) => {
    const trans = (translator ?? nullTranslator).load('gemini_magic');
    const views = new ViewRegistry(app.shell, rendermime, tracker, trans);
    let settings = SETTINGS;
    rendermime.addFactory(rendererFactory(views), RANK);
    rendermime.addFactory(excerptFactory(views, rendermime, trans), RANK);
    rendermime.addFactory(lessonsFactory(app.shell, tracker, trans), RANK);
    rendermime.addFactory(rowsFactory(app.shell, tracker, views, rendermime, trans), RANK);
    answerRequests(document, () => liveWidget(request => views.create(request)));
    letCombinationsThrough(document);
    if (registry) {
      followSettings(registry, runs.id, found => {
        settings = found;
        views.options = found;
      });
    }
    if (tracker) {
      addCommands(app, tracker, views, palette, trans);
      addNewPrompts(app, tracker, palette, launcher, trans);
      answerHandshakes(tracker);
      recoverRuns(tracker, views, trans);
      followRows(tracker);
      nameFoldedRuns(trans);
      followKernels(tracker, views);
      keepAnswers(() => settings.keepAnswers);
      insertWhenExecuted(tracker, () => settings.insert);
    }
  }
};

/** Draw runs again when their kernel starts or goes: what asks a kernel has no button without one. */
function followKernels(tracker: INotebookTracker, views: ViewRegistry): void {
  tracker.widgetAdded.connect((_, { sessionContext, content }) => {
    sessionContext.kernelChanged.connect(() => views.redraw(content.node));
  });
}

/** Insert what `--insert` or the settings ask for, once for each execution, never when a run is drawn. */
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
