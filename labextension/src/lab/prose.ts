/** Formulas in the model's prose, typeset by JupyterLab. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { Hooks } from '../view/context';

/** Return what typesets a formula, or undefined if JupyterLab has no typesetter. */
export function typesetterOf({ latexTypesetter }: IRenderMimeRegistry): Hooks['typeset'] {
  return latexTypesetter ? node => void latexTypesetter.typeset(node) : undefined;
}
