import { marked } from 'marked';
import { expect, test } from 'vitest';
import { asTyped, unmarkAll } from '../src/markup';

const parser = asTyped({ render: async markdown => marked.parse(markdown, { gfm: true }) });

async function drawn(markdown: string): Promise<HTMLElement> {
  const box = document.createElement('div');
  box.innerHTML = await parser.render(markdown);
  unmarkAll(box);
  return box;
}

test.each([
  '<div class="jp-Dialog"><b>Key?</b></div>',
  'Use vector<int>.',
  'a < b <c> and </d> <!-- e --> <?f?> <![CDATA[g]]>',
  '> <div>',
  '- <div>\n  <p>\n- <b>',
  'x <br/> y\n\n<script>alert(1)</script>',
  '<a href="/x">x</a>',
  '\\<div>',
  '&lt;div>',
  '<\ue025div>'
])('markup is read as typed: %s', async markdown => {
  const box = await drawn(markdown);
  expect(box.querySelectorAll('div, b, c, d, br, script, int, a')).toHaveLength(0);
  const typed = markdown
    .replace(/^(?:>|-) /gm, '')
    .replace(/\\(?=<)|\ue025/g, '')
    .replace('&lt;', '<');
  expect(box.textContent!.replace(/\s+/g, ' ').trim()).toBe(typed.replace(/\s+/g, ' ').trim());
});

test.each(['`<b>x</b>`', '`\\<b>`', '```cpp\n<b>\n```', '    <b>', '- a\n  ```x\n  <b>\n  ```'])(
  'code with markup is what it was: %s',
  async markdown => {
    const box = await drawn(markdown);
    const code = box.querySelector('code')!.textContent!.trim();
    expect(code).toBe(/\\?<b>(?:x<\/b>)?/.exec(markdown)![0]);
  }
);

test('what colours a code block gets it without marks', async () => {
  let given = '';
  const reader = asTyped({ render: async markdown => (given = markdown) });
  const code = '```cpp\n#include <stdio.h>\n```\n\n';
  await reader.render(`${code}\`\`\`a"><b>\n<i>\n\`\`\`\n\n<p>`);
  expect(given).toBe(`${code}\`\`\`a"><\ue025b>\n<i>\n\`\`\`\n\n<\ue025p>`);
});

test.each(['<https://a.example/x>', '<mailto:a@b.example>', '<a@b.example>'])(
  'an address between angle brackets is a link: %s',
  async markdown => {
    expect((await drawn(markdown)).querySelectorAll('a')).toHaveLength(1);
  }
);

test('a bare address ends where markup begins', async () => {
  const box = await drawn('https://a.example<br>');
  expect(box.querySelector('a')!.getAttribute('href')).toBe('https://a.example');
  expect(box.textContent!.trim()).toBe('https://a.example<br>');
});
