// eslint.config.js holds which folder may import which; this holds that no folder is left out, and that no two know each other.
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const [, text = ''] = /const knows = \{(.*?)\n\};/s.exec(readFileSync('eslint.config.js', 'utf8')) ?? [];
const rules = new Map(
  [...text.matchAll(/^ {2}(\w+): \[(.*?)\]/gms)].map(([, name = '', others = '']) => [
    name,
    [...others.matchAll(/'(\w+)'/g)].map(([, other = '']) => other),
  ]),
);

test('every folder of shared/ has a rule for what it may import', () => {
  const folders = readdirSync('shared', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.filter((name) => !rules.has(name))).toEqual([]);
  expect(rules.size).toBeGreaterThan(10);
});

test('the folders can be put in an order in which each imports only those before it', () => {
  const placed = new Set<string>();
  for (let size = -1; size < placed.size;) {
    size = placed.size;
    for (const [name, others] of rules) if (others.every((other) => placed.has(other))) placed.add(name);
  }
  expect([...rules.keys()].filter((name) => !placed.has(name))).toEqual([]);
});
