import { expect, test } from 'vitest';
import maths from '../../tests/data/maths.json';
import { completeBlocks, drawGrowingMarkdown, drawMarkdown } from '../src/text/markdown';

// What scrolls can have the focus, and then keeps bare keys from the notebook.
const TAB_STOP = 'data-lm-suppress-shortcuts="true" tabindex="0"';

function drawn(markdown: string): HTMLElement {
  const box = document.createElement('div');
  drawMarkdown(box, markdown);
  return box;
}

/** Draw `markdown` as it streams, in pieces of `size` characters. */
function grown(markdown: string, size: number): HTMLElement {
  const box = document.createElement('div');
  for (let end = size; end < markdown.length; end += size) {
    drawGrowingMarkdown(box, markdown.slice(0, end));
  }
  drawGrowingMarkdown(box, markdown);
  return box;
}

function structure(box: HTMLElement): string {
  return box.innerHTML
    .replaceAll(/ dir="(?:auto|ltr)"/g, '')
    .replaceAll(/(?<=>)\n|\n(?=<(?!\/code))/g, '');
}

test.each([
  ['# A *b*', '<h1>A <em>b</em></h1>'],
  [
    'a  \nb **c** ~~d~~ `e &amp; f`',
    '<p>a<br>b <strong>c</strong> <del>d</del> <code>e &amp;amp; f</code></p>'
  ],
  ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
  ['3. a\n4. b', '<ol start="3"><li>a</li><li>b</li></ol>'],
  ['- [x] a\n- [ ] b', '<ul><li>☑ a</li><li>☐ b</li></ul>'],
  ['> a\n\n---', '<blockquote><p>a</p></blockquote><hr>'],
  ['```\na < b\n```', `<pre ${TAB_STOP}><code>a &lt; b\n</code></pre>`],
  [
    '```py\nx = 1\n```',
    `<pre ${TAB_STOP}><code>x <span class="gm-operator">=</span> <span class="gm-number">1</span></code></pre>`
  ],
  [
    '| a | b |\n| --- | ---: |\n| 1 | *2* |',
    `<div class="gm-scroll" ${TAB_STOP}>` +
      '<table><thead><tr><th>a</th><th align="right">b</th></tr></thead>' +
      '<tbody><tr><td>1</td><td align="right"><em>2</em></td></tr></tbody></table></div>'
  ]
])('Markdown becomes elements: %s', (markdown, html) => {
  expect(structure(drawn(markdown))).toBe(html);
});

test('a block is read in the direction of its first word, with all in it, code from left to right', () => {
  const box = drawn(
    'שלום `x = 1`\n\n- שלום\n  - hello\n\n  ```\n  x\n  ```\n\n> hello\n\n| a |\n| - |\n| 1 |'
  );
  const directed = [...box.querySelectorAll<HTMLElement>('[dir]')];
  expect(directed.map(({ localName, dir }) => `${localName} ${dir}`)).toEqual([
    'p auto',
    'code ltr',
    'ul auto',
    'pre ltr',
    'code ltr',
    'blockquote auto',
    'table auto'
  ]);
});

test('a link leads to the web, into a window of its own', () => {
  const link = drawn('[a](https://a.example "t")').querySelector('a')!;
  expect([link.href, link.title, link.target]).toEqual(['https://a.example/', 't', '_blank']);
  const unsafe = drawn('[a](javascript:alert(1)) [b][r]\n\n[r]: data:,x');
  expect(unsafe.textContent!.trim()).toBe('a b');
  expect(unsafe.querySelector('a')).toBeNull();
});

test.each(['<https://a.example/x>', '<mailto:a@b.example>', '<a@b.example>'])(
  'an address between angle brackets is a link: %s',
  markdown => expect(drawn(markdown).querySelectorAll('a')).toHaveLength(1)
);

test('a bare address ends where markup begins', () => {
  const box = drawn('https://a.example<br>');
  expect(box.querySelector('a')!.getAttribute('href')).toBe('https://a.example');
  expect(box.textContent!.trim()).toBe('https://a.example<br>');
});

test.each([
  ['a &amp; b &#x3c;i&gt; &mdash; &nosuch; \\&lt;', 'a & b <i> — &nosuch; &lt;'],
  ['&lt;script&gt;alert(1)&lt;/script&gt;', '<script>alert(1)</script>'],
  ['<b onclick="x()">y</b>', '<b onclick="x()">y</b>'],
  ['<div title="&lt;">\n&amp;</div>', '<div title="&lt;">\n&amp;</div>'],
  ['<div class="jp-Dialog"><b>Key?</b></div>', '<div class="jp-Dialog"><b>Key?</b></div>'],
  ['Use vector<int>.', 'Use vector<int>.'],
  ['a < b <c> and </d> <!-- e --> <?f?>', 'a < b <c> and </d> <!-- e --> <?f?>'],
  ['x <br/> y\n\n<script>alert(1)</script>', 'x <br/> y\n<script>alert(1)</script>'],
  ['<a href="/x">x</a>', '<a href="/x">x</a>'],
  ['\\<div>', '<div>'],
  ['![what it shows](https://a.example/x.png)', 'what it shows']
])('what is no Markdown is text as typed: %s', (markdown, text) => {
  const box = drawn(markdown);
  expect(box.textContent?.trim()).toBe(text);
  expect(box.querySelectorAll(':not(p)')).toHaveLength(0);
});

test.each(['> <div>', '- <div>\n  <p>\n- <b>'])('markup in blocks is text: %s', markdown => {
  const box = drawn(markdown);
  expect(box.querySelectorAll('div, b')).toHaveLength(0);
  expect(box.textContent).toContain('<div>');
});

test.each(['`<b>x</b>`', '`\\<b>`', '```cpp\n<b>\n```', '    <b>', '- a\n  ```x\n  <b>\n  ```'])(
  'code with markup is what it was: %s',
  markdown => {
    const code = drawn(markdown).querySelector('code')!.textContent!.trim();
    expect(code).toBe(/\\?<b>(?:x<\/b>)?/.exec(markdown)![0]);
  }
);

test.each(maths as [string, string[]][])('maths is told from money: %s', (markdown, formulas) => {
  const box = drawn(markdown);
  const found = [...box.querySelectorAll('.gm-maths')].map(node => node.textContent);
  expect(found).toEqual(formulas);
  const dollars = (text: string) => text.split('$').length;
  expect(dollars(box.textContent!)).toBe(dollars(markdown));
});

test.each([
  '# One\n\ntwo **three** $x$\n\n- four\n- five\n\n\\[\nx\n\\]\n\n| a |\n| - |\n| $5 |\n',
  'Then\n$$\na\n- b\n$$\nso\n\n```py\nx = 1\n\ny = 2\n```\n\n1. a\n2. b\n\n> c\n> d\n\nend',
  ...(maths as [string, string[]][]).map(([markdown]) => markdown)
])('prose that grew is what it is when it is drawn at once: %j', markdown => {
  for (const size of [1, 9]) {
    const box = grown(markdown, size);
    drawMarkdown(box, markdown);
    expect(box.innerHTML).toBe(drawn(markdown).innerHTML);
  }
});

test.each([
  ['', ''],
  ['one', ''],
  ['one\n\n', ''],
  ['one\n\ntwo', 'one\n\n'],
  ['- one\n\n', ''],
  ['- one\n\n  more', ''],
  ['- one\n\ntwo', '- one\n\n'],
  ['```\na\n\nb', ''],
  ['```\na\n```\nb', '```\na\n```\n'],
  ['a\n<div>\n\nb', 'a\n<div>\n\n'],
  ['a\n$$\nb\n$$\nc', 'a\n$$\nb\n$$\n'],
  ['one\r\n\r\ntwo', '']
])('of %j no later text can change %j', (markdown, done) => {
  expect(completeBlocks(markdown)).toBe(done);
});

test('a table that grows stays the same box, for who reads on in it', () => {
  const box = drawn('| a |\n| --- |\n| 1 |');
  const table = box.querySelector('.gm-scroll')!;
  drawMarkdown(box, '| a |\n| --- |\n| 1 |\n| 2 |');
  expect(box.querySelector('.gm-scroll')).toBe(table);
  expect(table.querySelectorAll('tr')).toHaveLength(3);
});

test.each(['*a ', '>', '> ', '+ ', '1. ', '[', '![', '[a](', '**a', '***a ', '_a ', '~~a '])(
  'prose of 100 kB that is slow or deep is shown as typed: %j',
  piece => {
    const markdown = piece.repeat(100_000 / piece.length);
    expect(drawn(markdown).textContent).toBe(markdown);
  }
);

test('prose that is too slow is given up once while it grows', () => {
  const markdown = '*a '.repeat(33_000);
  expect(grown(markdown, 30_000).textContent).toBe(markdown);
});

test('a table of few characters and many cells is shown as typed', () => {
  const markdown = `${'|a'.repeat(5_000)}|\n${'|-'.repeat(5_000)}|\n${'|x\n'.repeat(5_000)}`;
  expect(drawn(markdown).textContent).toBe(markdown);
});

test.each([
  ['*a* ', 'em'],
  ['`a` ', 'code'],
  ['$a$ ', '.gm-maths'],
  ['a **b** c\n\n', 'strong'],
  ['- a\n', 'li'],
  ['[a](https://a.example) ', 'a']
])('a long answer of lawful prose is drawn: %j', (piece, selector) => {
  const count = 300;
  expect(drawn(piece.repeat(count)).querySelectorAll(selector)).toHaveLength(count);
});
