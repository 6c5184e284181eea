/** Lessons that can be taken into cells, as `gemini_magic/notebook/lesson_cells.py` writes them. */

import { isFields, readText } from './fields';

export const LESSONS_MIME = 'application/vnd.gemini-magic.lessons+json';

export interface Lesson {
  title: string;
  /** What the user must have before the cell can run, '' for nothing. */
  needs: string;
  cell: string;
}

export interface LessonList {
  head: string;
  /** Markdown, as `after`. */
  before: string;
  groups: { heading: string; lessons: Lesson[] }[];
  after: string;
}

/** No list of ours comes near to it. */
const MOST = 500;
const LONGEST = 20_000;
/** A prompt and nothing else: a click must not write other code, whoever made the output. */
const PROMPT = /^%%gemini(?:_exec)?\s/;

/** Read a list from anywhere; return null for what is none. Of its lessons those stay that are prompts. */
export function readLessons(value: unknown): LessonList | null {
  if (!isFields(value) || value.version !== 1 || !Array.isArray(value.groups)) {
    return null;
  }
  return {
    head: text(value.head),
    before: text(value.before),
    groups: value.groups.slice(0, MOST).filter(isFields).map(readGroup),
    after: text(value.after)
  };
}

function readGroup({ heading, lessons }: Record<string, unknown>): LessonList['groups'][number] {
  const listed = Array.isArray(lessons) ? lessons.slice(0, MOST).filter(isFields) : [];
  return {
    heading: text(heading),
    lessons: listed
      .map(each => ({ title: text(each.title), needs: text(each.needs), cell: text(each.cell) }))
      .filter(({ cell }) => PROMPT.test(cell))
  };
}

function text(value: unknown): string {
  return readText(value).slice(0, LONGEST);
}
