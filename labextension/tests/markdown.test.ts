import { expect, test } from 'vitest';
import { markdownDrawer } from '../src/markdown';

// What scrolls can have the focus, and then keeps bare keys from the notebook.
const REACHED = 'data-lm-suppress-shortcuts="true" tabindex="0"';

const draw = markdownDrawer(window);

function drawn(markdown: string): HTMLElement {
  const box = document.createElement('div');
  draw(box, markdown);
  return box;
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
  ['```py\na < b\n```', `<pre ${REACHED}><code>a &lt; b\n</code></pre>`],
  [
    '| a | b |\n| --- | ---: |\n| 1 | *2* |',
    `<div class="gm-scroll" ${REACHED}>` +
      '<table><thead><tr><th>a</th><th align="right">b</th></tr></thead>' +
      '<tbody><tr><td>1</td><td align="right"><em>2</em></td></tr></tbody></table></div>'
  ]
])('Markdown becomes elements: %s', (markdown, html) => {
  expect(drawn(markdown).innerHTML.replaceAll(/(?<=>)\n|\n(?=<(?!\/code))/g, '')).toBe(html);
});

test('a link leads to the web, into a window of its own', () => {
  const link = drawn('[a](https://a.example "t")').querySelector('a')!;
  expect([link.href, link.title, link.target]).toEqual(['https://a.example/', 't', '_blank']);
  expect(drawn('[a](javascript:alert(1)) [b][r]\n\n[r]: data:,x').innerHTML.trim()).toBe(
    '<p>a b</p>'
  );
});

test.each([
  ['a &amp; b &#x3c;i&gt; &mdash; &nosuch; \\&lt;', 'a & b <i> — &nosuch; &lt;'],
  ['&lt;script&gt;alert(1)&lt;/script&gt;', '<script>alert(1)</script>'],
  ['<b onclick="x()">y</b>', '<b onclick="x()">y</b>'],
  ['<div title="&lt;">\n&amp;</div>', '<div title="&lt;">\n&amp;</div>'],
  ['![what it shows](https://a.example/x.png)', 'what it shows']
])('what is no element is text: %s', (markdown, text) => {
  const box = drawn(markdown);
  expect(box.textContent?.trim()).toBe(text);
  expect(box.querySelectorAll(':not(p)')).toHaveLength(0);
});

test('a table that grows stays the same box, for who reads on in it', () => {
  const box = drawn('| a |\n| --- |\n| 1 |');
  const table = box.querySelector('.gm-scroll')!;
  draw(box, '| a |\n| --- |\n| 1 |\n| 2 |');
  expect(box.querySelector('.gm-scroll')).toBe(table);
  expect(table.querySelectorAll('tr')).toHaveLength(3);
});
