import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { withSettings } from '../scripts/settings-markdown.ts';

function words(text: string): string {
  return text.replaceAll(/[\s|-]+/g, ' ');
}
const readme = readFileSync('README.md', 'utf8');

test('the README names the settings that the app reads', () => {
  expect(words(withSettings(readme))).toBe(words(readme));
  expect(readme).toContain('`TOKEN_ENCRYPTION_KEYS` (required)');
});

test.each(['README.md', 'docs/architecture.md', 'docs/deploy.md', 'docs/operate.md', 'docs/consent.md'])(
  'every file that %s links to is there',
  (page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(
      ([, link = '']) => join(dirname(page), link),
    );
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  },
);

test('every command that the README and the docs name is there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const pages = ['README.md', 'docs/deploy.md', 'docs/operate.md', 'docs/consent.md'];
  const named = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
  );
  expect(named).toContain('call');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
