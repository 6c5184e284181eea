import { expect, test } from 'vitest';
import { settled } from '../src/growing';

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
  ['a\n<div>\nb', ''],
  ['one\r\n\r\ntwo', ''],
  ['o\ue025ne\n\ntwo', '']
])('of %j no later text can change %j', (markdown, done) => {
  expect(settled(markdown)).toBe(done);
});
