/** A run as a notebook of its own: https://nbformat.readthedocs.io/en/latest/format_description.html */

import type { Run } from '../contract/run';
import { output, steps, type Step } from '../contract/steps';
import { overstrike } from '../text/overstrike';
import { sanitize } from '../text/sanitize';
import { piecesOf } from './pieces';
import { cellsOf, KEY } from './plan';

/** Return the text of a notebook with the prompt, the prose, and each attempt with what it gave. */
export function notebookOf(run: Run): string {
  const whole = new Set(
    piecesOf(run, 'prose').flatMap(([part, ...cut]) => (cut.length ? [] : part))
  );
  const ran = new Map(steps(run).map(step => [step.index, step]));
  const cells = cellsOf(run, 'prose', '').map(({ cell_type, source, metadata }) => {
    const { part } = metadata[KEY];
    // Of an attempt that is cut or commented out, what it printed would be a lie.
    const step = whole.has(part) ? ran.get(part) : undefined;
    return cell_type === 'markdown'
      ? markdown(source)
      : {
          cell_type,
          source,
          metadata: {},
          execution_count: null,
          outputs: step ? outputsOf(step) : []
        };
  });
  const prompt = markdown(sanitize(run.prompt).replace(/^/gm, '> '));
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' },
      language_info: { name: 'python' }
    },
    cells: [prompt, ...cells].map((cell, at) => ({ id: `gemini-${at}`, ...cell }))
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function markdown(source: string) {
  return { cell_type: 'markdown', source, metadata: {} };
}

function outputsOf(step: Step) {
  const text = sanitize(overstrike(output(step)));
  return [
    ...(text ? [{ output_type: 'stream', name: 'stdout', text }] : []),
    ...step.images
      .filter(({ mime_type }) => /^image\/(?:png|jpeg|gif|webp)$/.test(mime_type))
      .map(({ mime_type, data }) => ({
        output_type: 'display_data',
        data: { [mime_type]: data },
        metadata: {}
      }))
  ];
}
