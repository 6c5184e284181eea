/** New prompts: a cell in the notebook, or a notebook, from the toolbar, the palette and the launcher. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette, ISessionContext } from '@jupyterlab/apputils';
import { CodeCell, type Cell } from '@jupyterlab/cells';
import type { ILauncher } from '@jupyterlab/launcher';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { LabIcon } from '@jupyterlab/ui-components';
import { LOAD, needsLoading, newNotebook, NEW_PROMPT } from '../cells/prompts';
import type { Translations } from '../text/i18n';
import { writeCell } from './commands';

const icon = new LabIcon({
  name: 'gemini-magic:prompt',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">' +
    '<path class="jp-icon3" fill="#616161" d="M11 3c.8 4.6 3.4 7.2 8 8-4.6.8-7.2 3.4-8 8-.8-4.6-3.4-7.2-8-8 ' +
    '4.6-.8 7.2-3.4 8-8zM19 15c.4 2 1.5 3.1 3.5 3.5-2 .4-3.1 1.5-3.5 3.5-.4-2-1.5-3.1-3.5-3.5 2-.4 3.1-1.5 ' +
    '3.5-3.5z"/></svg>'
});

/** Add the commands to `app`, and to `palette` and `launcher` where they are. */
export function addNewPrompts(
  app: JupyterFrontEnd,
  tracker: INotebookTracker,
  palette: ICommandPalette | null,
  launcher: ILauncher | null,
  trans: Translations
): void {
  const category = trans.__('Gemini');
  const inNotebook = 'gemini-magic:new-prompt';
  app.commands.addCommand(inNotebook, {
    label: args => (args.toolbar ? '' : trans.__('Gemini: new prompt')),
    caption: trans.__('New Gemini prompt'),
    icon,
    isEnabled: () => Boolean(tracker.currentWidget),
    execute: () => tracker.currentWidget && writePrompt(tracker.currentWidget)
  });
  palette?.addItem({ command: inNotebook, category });
  const asNotebook = 'gemini-magic:new-notebook';
  app.commands.addCommand(asNotebook, {
    label: args =>
      args.palette ? trans.__('Gemini: new notebook') : trans.__('New Gemini prompt'),
    caption: trans.__('A notebook that begins with a prompt for Gemini'),
    icon,
    execute: args => openNotebook(app, folderOf(args.cwd, tracker))
  });
  palette?.addItem({ command: asNotebook, category, args: { palette: true } });
  launcher?.add({ command: asNotebook, category: trans.__('Notebook'), rank: 10 });
}

/** Write an empty prompt below the active cell, and what loads the magic where the notebook does not. */
async function writePrompt(panel: NotebookPanel): Promise<void> {
  const { content: notebook, sessionContext } = panel;
  const shared = notebook.model?.sharedModel;
  if (!shared) {
    return;
  }
  let below = notebook.activeCellIndex;
  if (needsLoading(shared.cells.map(cell => cell.getSource()))) {
    below += 1;
    shared.insertCell(below, { cell_type: 'code', source: LOAD });
    // Only this line runs by itself: the prompt's cell is an error without it.
    void load(notebook.widgets[below], sessionContext);
  }
  await writeCell({ panel, index: below }, NEW_PROMPT);
}

/** Make a notebook in `folder` with a prompt to be typed, and open it. */
async function openNotebook(
  app: JupyterFrontEnd,
  folder: string
): Promise<NotebookPanel | undefined> {
  const { contents, kernelspecs } = app.serviceManager;
  await kernelspecs.ready;
  const specs = kernelspecs.specs;
  const isPython = (name: string) => specs?.kernelspecs[name]?.language === 'python';
  const names = [specs?.default ?? '', ...Object.keys(specs?.kernelspecs ?? {})];
  const kernel = names.find(isPython) ?? '';
  const made = await contents.newUntitled({ path: folder, type: 'notebook' });
  await contents.save(made.path, {
    type: 'notebook',
    format: 'json',
    content: newNotebook(kernel, specs?.kernelspecs[kernel]?.display_name ?? '')
  });
  const panel: NotebookPanel | undefined = await app.commands.execute('docmanager:open', {
    path: made.path
  });
  // In Notebook 7 this opened another page.
  if (panel) {
    void begin(panel);
  }
  // The launcher gives its place to what it gets.
  return panel;
}

/** Let the user type the prompt, and load the magic meanwhile. */
async function begin(panel: NotebookPanel): Promise<void> {
  const { content: notebook, context, revealed, sessionContext } = panel;
  await context.ready;
  await revealed;
  notebook.activeCellIndex = 1;
  await notebook.activeCell?.ready;
  notebook.mode = 'edit';
  notebook.activeCell?.editor?.focus();
  notebook.activeCell?.editor?.setCursorPosition({ line: 1, column: 0 });
  await load(notebook.widgets[0], sessionContext);
}

/** Run the cell that loads the magic, and leave the keyboard where it is: the user types by now. */
async function load(cell: Cell | undefined, session: ISessionContext): Promise<void> {
  await session.ready;
  if (cell instanceof CodeCell && cell.model.sharedModel.getSource() === LOAD) {
    await CodeCell.execute(cell, session);
  }
}

function folderOf(cwd: unknown, tracker: INotebookTracker): string {
  if (typeof cwd === 'string') {
    return cwd;
  }
  return (tracker.currentWidget?.context.path ?? '').split('/').slice(0, -1).join('/');
}
