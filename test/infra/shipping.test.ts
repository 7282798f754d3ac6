import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compareFunctions, EXPECTED_FUNCTIONS } from '../../scripts/expected-functions.ts';
import { createFilter, listShippedFiles } from '../../scripts/shipped-files.ts';

let root: string;

function lay(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ship-'));
  cpSync('.funcignore', join(root, '.funcignore'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('a deployment', () => {
  test('has the built files, host.json and package.json, whatever other files exist', () => {
    const shipped = [
      'dist/app.mjs',
      'dist/app.mjs.map',
      'dist/chunk-4KNIMKER.mjs',
      'dist/chunk-4KNIMKER.mjs.map',
      'dist/main.cjs',
      'dist/main.cjs.map',
      'host.json',
      'package.json',
    ];
    lay(...shipped);
    lay('package-lock.json', 'local.settings.json', 'local.settings.json.example', 'dist/package/host.json');
    lay('dist/package/app.mjs', 'dist/notes.txt', 'scripts/with-packages.mjs', 'jest.config.mjs');
    lay(
      '.git/config',
      '.github/workflows/ci.yml',
      '.sandbox/tables.json',
      '.env',
      'README.md',
      'tsconfig.json',
    );
    lay(
      'node_modules/zod/package.json',
      'infra/main.bicep',
      'functions/health.ts',
      'test/host.json',
      'key.pem',
    );
    expect(listShippedFiles(root)).toEqual(shipped);
  });

  test('includes files whose names only begin like one of these, as func does', () => {
    lay('package.json.bak', 'host.jsonc', 'dist/main.cjs');
    expect(listShippedFiles(root)).toEqual(['dist/main.cjs', 'package.json.bak']);
  });
});

describe('.funcignore', () => {
  test('is read as func reads it: anchored at the root, to a word boundary, "!" in any order', () => {
    const isShipped = createFilter('!keep/me.txt\n# a comment\n*.log\nkeep\n/build/**\n');
    expect(isShipped('a.log')).toBe(false);
    expect(isShipped('deep/a.log')).toBe(true);
    expect(isShipped('keep/other.txt')).toBe(false);
    expect(isShipped('keep/me.txt')).toBe(true);
    expect(isShipped('keep-not')).toBe(false);
    expect(isShipped('keeper')).toBe(true);
    expect(isShipped('build/a/b.js')).toBe(false);
    expect(isShipped('src/build/a.js')).toBe(true);
  });
});

describe('the check of the list of functions', () => {
  test('accepts the list with HEAD or without', () => {
    expect(compareFunctions(EXPECTED_FUNCTIONS)).toEqual([]);
    expect(compareFunctions([...EXPECTED_FUNCTIONS, 'anonymous HEAD /health'])).toEqual([]);
  });

  test('refuses the list if a function is missing, added, or open to everyone', () => {
    expect(compareFunctions([])).toHaveLength(EXPECTED_FUNCTIONS.length);
    const open = EXPECTED_FUNCTIONS.map((line) =>
      line.replace('function GET /managers', 'anonymous GET /managers'),
    );
    expect(compareFunctions(open)).toContain('unexpected: anonymous GET /managers');
    expect(compareFunctions(open)).toContain('missing: function GET /managers');
  });
});

describe('the deploy workflow', () => {
  test('runs in the environment that Azure trusts', () => {
    const [, environment] =
      /^ {4}environment: (\S+)$/m.exec(readFileSync('.github/workflows/deploy.yml', 'utf8')) ?? [];
    const [, trusted] =
      /^var environmentName = '(\S+)'$/m.exec(readFileSync('infra/modules/deployer.bicep', 'utf8')) ?? [];
    expect(environment).toBe('production');
    expect(trusted).toBe(environment);
    expect(readFileSync('docs/deploy.md', 'utf8')).toContain(`--env ${String(environment)} `);
  });
});

describe('the workflow', () => {
  const workflows = readdirSync('.github/workflows').map((name): [string, string] => [
    name,
    readFileSync(join('.github/workflows', name), 'utf8'),
  ]);

  test.each(workflows)('%s pins every action to a commit', (_name, text) => {
    const uses = [...text.matchAll(/uses: (\S+)(.*)/g)];
    expect(uses.length).toBeGreaterThan(0);
    for (const [, action, comment] of uses) {
      expect(action).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  });

  test.each(workflows)('%s holds no secret, and runs no value that somebody else wrote', (_name, text) => {
    expect(text).not.toMatch(/\$\{\{\s*secrets\./);
    const scripts = [...text.matchAll(/run: ((?:\|\n(?: {10}.*\n)+)|.*)/g)].map(([, script]) => script);
    for (const script of scripts) expect(script).not.toContain('${{');
  });
});
