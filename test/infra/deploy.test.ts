// What `npm run deploy` refuses to publish, in a copy of the project with made-up functions, and a `func` that notes how it was called.
// pages.test.ts publishes.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { EXPECTED_FUNCTIONS } from '../../scripts/expected-functions.ts';

// A build ends by itself; how long it takes is the machine's affair.
jest.setTimeout(10 * 60_000);

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'deploy-'));
  for (const name of [
    'build.ts',
    'scripts',
    'shared',
    'sandbox/functions-core.ts',
    'shared',
    'host.json',
    'package.json',
    '.funcignore',
  ])
    cpSync(name, join(project, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(project, 'node_modules'));
  mkdirSync(join(project, 'functions'));
  mkdirSync(join(project, 'bin'));
  writeFileSync(
    join(project, 'bin/func'),
    '#!/bin/sh\necho "$@" > func-was-called-with\nexit ${FUNC_EXIT:-0}\n',
    { mode: 0o755 },
  );
  register(EXPECTED_FUNCTIONS);
});

afterEach(() => {
  rmSync(project, { recursive: true });
});

/** Writes functions that register what the lines say (list-functions.ts), in the library's own words. */
function register(lines: readonly string[]): void {
  const calls = lines.map((line, index) => {
    const [level = '', method = '', route = ''] = line.split(' ');
    return level === 'timer'
      ? `app.timer('${method}', { schedule: '0 0 3 * * *', handler: () => undefined });`
      : `app.http('f${index}', { methods: ['${method}'], authLevel: '${level}', route: '${route.slice(1).replaceAll('{}', '{id}')}', handler: () => ({}) });`;
  });
  writeFileSync(
    join(project, 'functions/all.ts'),
    ["import { app } from '@azure/functions';", ...calls].join('\n'),
  );
}

function deploy(
  args: readonly string[],
  env: Record<string, string> = {},
): { status: number | null; output: string } {
  const path = [join(project, 'bin'), process.env['PATH']].join(delimiter);
  const run = spawnSync(process.execPath, ['scripts/deploy.ts', ...args], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, ...env, PATH: path },
  });
  return { status: run.status, output: run.stdout + run.stderr };
}

function published(): string | null {
  const file = join(project, 'func-was-called-with');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

describe('npm run deploy', () => {
  test('publishes nothing if a function is missing, and says which', () => {
    register(EXPECTED_FUNCTIONS.filter((line) => line !== 'timer sweep'));
    expect(deploy(['func-peterental-abc'])).toEqual({
      status: 1,
      output: expect.stringContaining('missing: timer sweep'),
    });
    expect(published()).toBeNull();
  });

  test('publishes nothing if the bundle throws while it loads', () => {
    writeFileSync(join(project, 'functions/zzz.ts'), "throw new Error('no such luck');\n");
    const { status, output } = deploy(['func-peterental-abc']);
    expect(status).not.toBe(0);
    expect(output).toContain('no such luck');
    expect(published()).toBeNull();
  });

  test('publishes nothing if another file would be included', () => {
    writeFileSync(join(project, 'host.json.bak'), '');
    expect(deploy(['func-peterental-abc'])).toMatchObject({
      status: 1,
      output: expect.stringContaining('host.json.bak'),
    });
    expect(published()).toBeNull();
  });

  test('publishes nothing, and lists nothing, with a host.json that would break every request', () => {
    const file = join(project, 'host.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('365.00:00:00', '31536000'));
    const refused = { status: 1, output: expect.stringContaining('extensions.http.hsts.maxAge') };
    expect(deploy(['--list'])).toEqual(refused);
    expect(deploy(['func-peterental-abc'])).toEqual(refused);
    expect(published()).toBeNull();
  });

  test.each([[[]], [['; rm -rf /']], [['-x']]])(
    'refuses the arguments %j, which are not the name of a function app',
    (args) => {
      expect(deploy(args).status).not.toBe(0);
      expect(published()).toBeNull();
    },
  );

  test('lists the files and publishes nothing with --list', () => {
    expect(deploy(['--list'])).toMatchObject({
      status: 0,
      output: expect.stringMatching(/dist\/app\.mjs\n[^]*dist\/main\.cjs\.map\n[^]*dist\/routes\.mjs\n/),
    });
    expect(published()).toBeNull();
  });

  test('publishes nothing if a built file would be left out', () => {
    writeFileSync(
      join(project, '.funcignore'),
      '**\n!host.json\n!package.json\n!dist/main.cjs\n!dist/app.mjs\n',
    );
    expect(deploy(['func-peterental-abc'])).toMatchObject({
      status: 1,
      output: expect.stringContaining('dist/routes.mjs'),
    });
    expect(published()).toBeNull();
  });
});
