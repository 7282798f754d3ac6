// eslint.config.js holds which folder may import which; this holds that no folder is left out, and that no two know each other.
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What each folder may import, as one of the tables in eslint.config.js says it. */
function rulesOf(table: string): Map<string, string[]> {
  const pattern = new RegExp(`const ${table} = \\{(.*?)\\n\\};`, 's');
  const [, text = ''] = pattern.exec(readFileSync('eslint.config.js', 'utf8')) ?? [];
  return new Map(
    [...text.matchAll(/^ {2}(\w+): \[(.*?)\]/gms)].map(([, name = '', others = '']) => [
      name,
      [...others.matchAll(/'(\w+)'/g)].map(([, other = '']) => other),
    ]),
  );
}

const rules = rulesOf('knows');

test.each([
  ['shared', 'knows', 11],
  ['shared/voice/understanding', 'understands', 4],
])('every folder of %s has a rule for what it may import', (folder, table, least) => {
  const known = rulesOf(table);
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.filter((name) => !known.has(name))).toEqual([]);
  expect(known.size).toBeGreaterThanOrEqual(least);
});

test('the folders can be put in an order in which each imports only those before it', () => {
  const placed = new Set<string>();
  for (let size = -1; size < placed.size;) {
    size = placed.size;
    for (const [name, others] of rules) if (others.every((other) => placed.has(other))) placed.add(name);
  }
  expect([...rules.keys()].filter((name) => !placed.has(name))).toEqual([]);
});

/** The arrows of the picture in docs/architecture.md: by each name, the names that it leads to. */
function readPicture(): Map<string, string[]> {
  const [, picture = ''] =
    /```mermaid\nflowchart TD\n(.*?)```/s.exec(readFileSync('docs/architecture.md', 'utf8')) ?? [];
  return new Map(
    [...picture.matchAll(/^ {2}(\S+) --> (.*)$/gm)].map(([, from = '', to = '']) => [from, to.split(' & ')]),
  );
}

/** What is named in the picture: a folder of shared/, a file beside them, or functions/. */
function placeOf(file: string): string {
  const [top = '', name = ''] = file.split('/');
  return top === 'functions' ? top : name;
}

/** What the code imports, from one place of the picture to another. */
function readImports(places: ReadonlySet<string>): string[] {
  const files = ['shared', 'functions'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const arrows = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from |import\()'(\.[^']+)'/g)].map(([, path = '']) => [
      placeOf(file),
      placeOf(join(dirname(file), path)),
    ]),
  );
  return [
    ...new Set(
      arrows
        .filter(([from = '', to = '']) => from !== to && places.has(from) && places.has(to))
        .map((arrow) => arrow.join(' --> ')),
    ),
  ];
}

test('the picture of the architecture has an arrow, or a path of arrows, for every import', () => {
  const picture = readPicture();
  const places = new Set([...picture.keys(), ...[...picture.values()].flat()]);
  const imports = readImports(places);

  function leadsTo(from: string, to: string): boolean {
    return (picture.get(from) ?? []).some((next) => next === to || leadsTo(next, to));
  }
  expect(imports.filter((arrow) => !leadsTo(...(arrow.split(' --> ') as [string, string])))).toEqual([]);
  const drawn = [...picture].flatMap(([from, others]) => others.map((to) => `${from} --> ${to}`));
  expect(drawn.filter((arrow) => !imports.includes(arrow))).toEqual([]);
  expect([...rules.keys()].filter((folder) => !places.has(folder))).toEqual([]);
});
