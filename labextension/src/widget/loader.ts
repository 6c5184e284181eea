/**
 * The script that travels with every run: it finds the code that draws the run.
 *
 * That is the labextension's, else that of the model which the kernel made once for all its runs
 * (`gemini_magic/views/script.py`).
 */

import type { AnyModel, InitializeProps, RenderProps } from '@anywidget/types';
import type { LiveWidget, Traits } from './liveWidget';
import { requestWidget } from './widgetRequest';

interface LoaderTraits extends Traits {
  /** The id of the model whose trait `text` is the script. */
  script: string;
}

type Module = { default: () => LiveWidget };

const RETRY = 500;

/** The modules that this page has imported, by their text. */
const modules: Map<string, Promise<Module>> = ((globalThis as Record<symbol, unknown>)[
  Symbol.for('gemini-magic')
] ??= new Map()) as Map<string, Promise<Module>>;

function load(text: string): Promise<Module> {
  let module = modules.get(text);
  if (!module) {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    modules.set(text, (module = import(url)));
  }
  return module;
}

async function find(model: AnyModel<LoaderTraits>): Promise<LiveWidget | null> {
  const found = requestWidget(document);
  if (found) {
    return found;
  }
  try {
    const code = await model.widget_manager.get_model<{ text: string }>(model.get('script'));
    return (await load(code.get('text'))).default();
  } catch {
    return null;
  }
}

export default () => {
  let over = false;
  let widget: Promise<LiveWidget>;
  return {
    initialize({ model }: InitializeProps<LoaderTraits>) {
      widget = (async () => {
        for (;;) {
          const found = await find(model);
          if (found) {
            found.initialize({ model });
            return found;
          }
          // A page that was loaded while the kernel works gets the kernel's other models later.
          await new Promise(retry => setTimeout(retry, RETRY));
          if (over) {
            return { initialize: () => {}, render: () => () => {} };
          }
        }
      })();
      return () => {
        over = true;
      };
    },
    async render(props: RenderProps<LoaderTraits>) {
      return (await widget).render(props);
    }
  };
};
