// eslint.config.js holds which folder may import which; this holds that no folder is left out.
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

test('every folder of shared/ has a rule for what it may import', () => {
  const [, rules = ''] = /const knows = \{(.*?)\n\};/s.exec(readFileSync('eslint.config.js', 'utf8')) ?? [];
  const ruled = [...rules.matchAll(/^ {2}(\w+): \[/gm)].map(([, name]) => name);
  const folders = readdirSync('shared', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.filter((name) => !ruled.includes(name))).toEqual([]);
  expect(ruled.length).toBeGreaterThan(10);
});
