/** A list of lessons: a button each, which writes the cell that asks for it. */

import type { Lesson, LessonList } from '../contract/lessons';
import { button } from '../dom/button';
import { element } from '../dom/element';
import type { Translations } from '../text/i18n';
import { drawMarkdown } from '../text/markdown';
import { sanitize } from '../text/sanitize';

/** Writes a cell; undefined where there is no notebook to write into. */
export type Write = ((source: string) => void) | undefined;

/** Draw `list` into `host`, in place of what is in it. */
export function drawLessons(
  host: HTMLElement,
  list: LessonList,
  trans: Translations,
  write: Write
): void {
  const doc = host.ownerDocument;
  const root = element(doc, 'section', 'gm-run gm-lessons');
  root.setAttribute('aria-label', sanitize(list.head));
  root.append(element(doc, 'strong', 'gm-lessons-head', sanitize(list.head)));
  root.append(prose(doc, list.before));
  for (const { heading, lessons } of list.groups) {
    const box = element(doc, 'ul', 'gm-lessons-group');
    box.setAttribute('aria-label', sanitize(heading));
    box.append(...lessons.map(lesson => row(doc, lesson, trans, write)));
    root.append(element(doc, 'div', 'gm-lessons-heading', sanitize(heading)), box);
  }
  root.append(prose(doc, list.after));
  host.replaceChildren(root);
}

function prose(doc: Document, markdown: string): HTMLElement {
  const box = element(doc, 'div', 'gm-prose');
  drawMarkdown(box, sanitize(markdown));
  return box;
}

function row(doc: Document, lesson: Lesson, trans: Translations, write: Write): HTMLElement {
  const title = sanitize(lesson.title);
  const item = element(doc, 'li', 'gm-lesson');
  if (write) {
    const act = button(doc, 'gm-write', title, () => write(lesson.cell));
    act.title = `${trans.__('Write this cell below')}:\n${sanitize(lesson.cell)}`;
    item.append(act);
  } else {
    item.append(element(doc, 'span', '', title));
  }
  if (lesson.needs) {
    const needs = element(doc, 'span', 'gm-meta');
    needs.append(`${trans.__('needs')} `, ...spans(doc, sanitize(lesson.needs)));
    item.append(needs);
  }
  return item;
}

/** Return `text` with what stands between backticks as code. */
function spans(doc: Document, text: string): (Node | string)[] {
  return text
    .split('`')
    .map((piece, place) => (place % 2 ? element(doc, 'code', '', piece) : piece));
}
