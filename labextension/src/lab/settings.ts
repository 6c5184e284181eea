/** The settings of `schema/runs.json`. */

import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { MOST_EARLIER } from '../contract/earlier';
import { INSERTS, type Insert } from '../contract/run';
import { CODES, OPTIONS, type Options } from '../view/context';

export interface Settings extends Options {
  /** What to insert at the end of a run whose cell does not say. */
  insert: Insert;
  /** How many earlier answers of a cell to keep. */
  keepAnswers: number;
}

export const SETTINGS: Settings = { ...OPTIONS, insert: 'none', keepAnswers: MOST_EARLIER };

/** Call `use` with the settings of `plugin`, now and whenever they change. */
export function followSettings(
  registry: ISettingRegistry,
  plugin: string,
  use: (settings: Settings) => void
): void {
  void registry.load(plugin).then(
    loaded => {
      const read = () => use(readSettings(loaded.composite));
      loaded.changed.connect(read);
      read();
    },
    // Without its schema, as in a bare development server, the defaults stay.
    reason => console.warn(`${plugin}: no settings`, reason)
  );
}

function readSettings(found: Record<string, unknown>): Settings {
  const { foldFailed, showThoughts, clipLines, keepAnswers } = found;
  return {
    insert: INSERTS.find(word => word === found.insert) ?? SETTINGS.insert,
    code: CODES.find(word => word === found.code) ?? SETTINGS.code,
    foldFailed: typeof foldFailed === 'boolean' ? foldFailed : SETTINGS.foldFailed,
    showThoughts: typeof showThoughts === 'boolean' ? showThoughts : SETTINGS.showThoughts,
    keepAnswers: typeof keepAnswers === 'number' ? keepAnswers : SETTINGS.keepAnswers,
    clipLines: typeof clipLines === 'number' ? clipLines : SETTINGS.clipLines
  };
}
