/** A run as Markdown, to be copied or saved. */

import { assertNever } from '../contract/assertNever';
import type { File, Part, Source } from '../contract/parts';
import type { Run } from '../contract/run';
import { blocks, isFailed, output, type Step } from '../contract/steps';
import { neutral, neutralLine } from '../text/neutral';
import { overstrike } from '../text/overstrike';
import { sanitize } from '../text/sanitize';
import { tableLines } from '../text/tableLines';
import { fenced } from './fenced';
import { trimmed } from './pieces';

/** Return the run as Markdown: the prompt, then all of it in its order; with `pictures`, they are in it. */
export function markdownOf(run: Run, pictures: boolean): string {
  const pieces = blocks(run).flatMap(block =>
    block.kind === 'step' ? stepLines(block, pictures) : partLines(block.part, pictures)
  );
  const sent = (run.sent ?? []).map(each =>
    picture(each, neutralLine(sanitize(each.name)), pictures)
  );
  const error = run.error ? [`> ${neutralLine(sanitize(run.error))}`] : [];
  return (
    [quoted(sanitize(run.prompt)), ...sent, ...pieces, ...error].filter(Boolean).join('\n\n') + '\n'
  );
}

function stepLines(step: Step, pictures: boolean): string[] {
  const { attempt, part, images } = step;
  const printed = trimmed(sanitize(overstrike(output(step))));
  return [
    `**Attempt ${attempt}${isFailed(step) ? ', failed' : ''}**`,
    fenced(trimmed(sanitize(part.code)), part.language.toLowerCase().replace(/\W/g, '')),
    ...(printed.trim() ? [fenced(printed, 'text')] : []),
    ...images.map((image, at) => picture(image, `Figure ${at + 1} of attempt ${attempt}`, pictures))
  ];
}

function partLines(part: Part, pictures: boolean): string[] {
  switch (part.kind) {
    case 'text':
      return [trimmed(neutral(sanitize(part.text)))];
    case 'data':
      return [fenced(part.text, 'json')];
    case 'thought':
      return [];
    case 'note':
      return [`> ${neutralLine(sanitize(part.text))}`];
    case 'image':
      return [picture(part, 'Figure', pictures)];
    case 'result':
      return [fenced(trimmed(sanitize(overstrike(part.output))), 'text')];
    case 'file':
      return fileLines(part);
    case 'call':
      return [`> called ${neutralLine(sanitize(`${part.name}(${JSON.stringify(part.args)})`))}`];
    case 'query':
      return [`> searched: ${neutralLine(sanitize(part.text))}`];
    case 'source':
      return [`> source: ${neutralLine(sanitize(sourceName(part)))}${address(part.uri)}`];
    case 'code':
      // A step of its own.
      return [];
    default:
      return assertNever(part);
  }
}

function fileLines(file: File): string[] {
  const { name, mime_type, size } = file;
  const about = `${name}: ${mime_type.slice(0, 100)}, ${Math.max(0, size)} bytes`;
  const lines = trimmed(sanitize(tableLines(file)));
  return [`> file ${neutralLine(sanitize(about))}`, ...(lines ? [fenced(lines, 'text')] : [])];
}

function picture(
  { mime_type, data }: { mime_type: string; data: string },
  name: string,
  held: boolean
): string {
  const shows = held && /^image\/[a-z.+-]+$/.test(mime_type) && /^[A-Za-z0-9+/=]+$/.test(data);
  return shows ? `![${name}](data:${mime_type};base64,${data})` : `> [${name}]`;
}

function sourceName({ title, uri, licence }: Source): string {
  return (title || uri) + (licence ? ` (licence: ${licence})` : '');
}

function address(uri: string): string {
  const shown = sanitize(uri).replace(/[<>\s\\]/g, encodeURIComponent);
  return /^https?:/i.test(shown) ? ` <${shown}>` : '';
}

function quoted(text: string): string {
  return trimmed(neutral(text))
    .split('\n')
    .map(line => `> ${line}`.trimEnd())
    .join('\n');
}
