// What the documents say of the code has to exist.
import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const pages = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

test.each(pages)('every link of %s to a file leads somewhere', (page) => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)];
  const broken = links.map(([, link = '']) => join(dirname(page), link)).filter((file) => !existsSync(file));
  expect(broken).toEqual([]);
});

test('the tour of the architecture follows a tool call and a consent through the files', () => {
  const text = readFileSync('docs/architecture.md', 'utf8');
  expect(text.match(/\]\(\.\.\/(shared|functions)\//g)?.length).toBeGreaterThan(30);
});

test('every folder of shared/ and every file beside them is in the layout', () => {
  const [, layout = ''] = /```\n(.*?)```/s.exec(readFileSync('docs/architecture.md', 'utf8')) ?? [];
  const missing = readdirSync('shared', { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => !new RegExp(`(^|\\s)${name.replace('.', '\\.')}(\\s|$)`, 'm').test(layout));
  expect(missing).toEqual([]);
});

test('decisions are numbered, and have a context, a decision and consequences', () => {
  const names = readdirSync('docs/decisions');
  expect(new Set(names.map((name) => name.slice(0, 3))).size).toBe(names.length);
  for (const name of names) {
    const text = readFileSync(join('docs/decisions', name), 'utf8');
    expect(text).toMatch(new RegExp(`^# ${name.slice(0, 3)}\\. `));
    for (const part of ['Context', 'Decision', 'Consequences']) expect(text).toContain(`**${part}.**`);
  }
});
