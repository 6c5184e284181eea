import { expect, test } from 'vitest';

/** A room imports only from itself and from the rooms before it; the last are the two mounts. */
const ROOMS = ['contract', 'dom', 'text', 'cells', 'view', 'widget', 'lab', 'src'];
const LISTS = ['/src/view/index.css', '/style/index.css'];
/** The text of each file, by its path from `labextension/`. */
const FILES = Object.fromEntries(
  Object.entries(
    import.meta.glob<string>(['../src/**/*.{ts,css}', '../style/*.css'], {
      eager: true,
      import: 'default',
      query: '?raw'
    })
  ).map(([path, text]) => [path.slice(2), text])
);
const SOURCES = Object.keys(FILES).filter(path => path.startsWith('/src/'));
const SHEETS = SOURCES.filter(path => path.endsWith('.css') && !LISTS.includes(path));

function roomOf(path: string): number {
  return ROOMS.indexOf(path.split('/').at(-2)!);
}

function importsOf(path: string): string[] {
  const found = FILES[path]!.matchAll(/(?:from|import) '(\.[^']+)'|url\('([^']+)'\)/g);
  return [...found].map(
    ([, module, sheet]) => new URL((module ?? sheet)!, `file://${path}`).pathname
  );
}

test('src holds the rooms and the two mounts', () => {
  const rooms = new Set(SOURCES.map(path => path.split('/').slice(1, -1).join('/')));
  expect([...rooms].sort()).toEqual(
    ROOMS.map(room => (room === 'src' ? 'src' : `src/${room}`)).sort()
  );
  const mounts = SOURCES.filter(path => path.split('/').length === 3);
  expect(mounts.sort()).toEqual(['/src/index.ts', '/src/widget.ts']);
});

test.each(SOURCES)('%s imports only from its room and the rooms before it', path => {
  const inside = importsOf(path).filter(found => found.startsWith('/src/'));
  expect(inside.filter(found => roomOf(found) > roomOf(path))).toEqual([]);
});

test.each(SHEETS)(
  'the style sheet %s stands beside the file that needs it, and is listed',
  path => {
    expect(SOURCES).toContain(path.replace(/css$/, 'ts'));
    expect(LISTS.flatMap(importsOf)).toContain(path);
  }
);

test('each property of ours that a style sheet reads is set in one, or by code', () => {
  const all = Object.values(FILES).join('\n');
  const namesIn = (pattern: RegExp) => new Set([...all.matchAll(pattern)].map(([, name]) => name));
  const set = namesIn(/(--gm-[\w-]+)(?=:|',)/g);
  expect([...namesIn(/var\((--gm-[\w-]+)/g)].filter(name => !set.has(name))).toEqual([]);
});
