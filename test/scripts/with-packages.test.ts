// `npm start` and `npm test` on a fresh clone, in a small project with an npm that is a stand-in.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

jest.setTimeout(10 * 60_000);

let project: string;

/** Package lists as npm writes them. */
const WANTED = {
  '': { name: 'small' },
  'node_modules/node': { version: '24.0.0' },
  'node_modules/left': { version: '1.0.0' },
  'node_modules/for-another-system': { version: '1.0.0', optional: true },
};

/** A Node that says that it is the project's. */
const NODE = `#!/bin/sh\n[ "$1" = --version ] || echo "the project's Node runs $*"\nexec "${process.execPath}" "$@"\n`;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'clone-'));
  mkdirSync(join(project, 'scripts'));
  cpSync('scripts/with-packages.mjs', join(project, 'scripts/with-packages.mjs'));
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify({ packages: WANTED }));
  writeFileSync(join(project, 'tool.mjs'), 'process.exitCode = Number(process.argv[2] ?? 0);');
  const installed = Object.entries(WANTED).filter(([name]) => !name.endsWith('for-another-system'));
  writeFileSync(
    join(project, 'npm.cjs'),
    `const { existsSync, mkdirSync, writeFileSync } = require('node:fs');
    console.log('npm ' + process.argv.slice(2).join(' '));
    while (process.env.WAIT_FOR && !existsSync(process.env.WAIT_FOR)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    if (process.env.OFFLINE) { console.error('npm error ENOTFOUND'); process.exit(7); }
    mkdirSync('node_modules/node/bin', { recursive: true });
    writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(JSON.stringify({ packages: Object.fromEntries(installed) }))});
    if (process.env.NO_SCRIPTS) process.exit(0);
    writeFileSync('node_modules/node/bin/node', ${JSON.stringify(NODE)}, { mode: 0o755 });`,
  );
});

afterEach(() => {
  rmSync(project, { recursive: true });
});

function start(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  script = 'scripts/with-packages.mjs',
): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'tool.mjs', ...args], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, npm_execpath: join(project, 'npm.cjs'), ...env },
  });
  return { status, output: stdout + stderr };
}

describe('a command on a fresh clone', () => {
  test('says that it installs, installs, and continues under the project’s own Node', () => {
    const { status, output } = start();
    expect(status).toBe(0);
    expect(output).toMatch(
      /^Installing the packages .*\nnpm ci --prefer-offline --no-audit --no-fund --loglevel=error --engine-strict=false\nInstalled in \d+ s\.\nthe project's Node runs tool\.mjs/,
    );
  });

  test('installs once', () => {
    start();
    expect(start().output).toBe("the project's Node runs tool.mjs\n");
  });

  test('installs again when the list of packages has changed', () => {
    start();
    const list = join(project, 'package-lock.json');
    writeFileSync(list, readFileSync(list, 'utf8').replace('"node_modules/left"', '"node_modules/right"'));
    expect(start().output).toContain('npm ci');
  });

  test('installs again when a version has changed', () => {
    start();
    const written = join(project, 'node_modules/.package-lock.json');
    writeFileSync(written, readFileSync(written, 'utf8').replace('24.0.0', '22.0.0'));
    expect(start().output).toContain('npm ci');
  });

  test('waits for another command that installs, and does not install again', async () => {
    const ready = join(project, 'ready');
    const env = { ...process.env, npm_execpath: join(project, 'npm.cjs'), WAIT_FOR: ready };
    const begin = () => {
      const child = spawn(process.execPath, ['scripts/with-packages.mjs', 'tool.mjs'], { cwd: project, env });
      let output = '';
      child.stdout.on('data', (part: Buffer) => (output += part.toString()));
      const says = async (words: string): Promise<void> => {
        while (!output.includes(words)) await once(child.stdout, 'data');
      };
      return { says, ended: once(child, 'close'), output: () => output };
    };
    const first = begin();
    await first.says('npm ci');
    const second = begin();
    await second.says('Another command installs the packages.');
    writeFileSync(ready, '');
    expect(await Promise.all([first.ended, second.ended])).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(second.output()).not.toContain('npm ci');
    expect(second.output()).toContain("the project's Node runs");
    expect(existsSync(join(project, '.installing'))).toBe(false);
  });

  test('does not wait for a command that was killed while it installed', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(join(project, '.installing'), String(pid));
    expect(start()).toMatchObject({ status: 0, output: expect.stringContaining('npm ci') });
  });

  test('does not wait for itself if a command that was killed had its process id', () => {
    writeFileSync(
      join(project, 'same-id.mjs'),
      `import { writeFileSync } from 'node:fs';
      writeFileSync('.installing', String(process.pid));
      await import('./scripts/with-packages.mjs');`,
    );
    expect(start([], {}, 'same-id.mjs')).toMatchObject({
      status: 0,
      output: expect.stringContaining('npm ci'),
    });
  });

  test.each([
    ['is empty', ''],
    ['has the process id of another program', String(process.pid)],
  ])('does not wait for an old lock that %s', (_name, owner) => {
    const lock = join(project, '.installing');
    writeFileSync(lock, owner);
    utimesSync(lock, 0, 0);
    expect(start()).toMatchObject({ status: 0, output: expect.stringContaining('npm ci') });
  });

  test('passes arguments on, and the exit code back', () => {
    start();
    const { status, output } = start(['3', '--fresh']);
    expect(output).toContain('tool.mjs 3 --fresh');
    expect(status).toBe(3);
  });

  test('says what to do when nothing can be installed', () => {
    const { status, output } = start([], { OFFLINE: '1' });
    expect(status).toBe(1);
    expect(output).toContain('npm error ENOTFOUND');
    expect(output).toContain('is this machine online');
    expect(output).not.toContain("the project's Node");
    expect(existsSync(join(project, 'node_modules'))).toBe(false);
  });

  test('says that the network is not to blame if npm runs no install scripts', () => {
    const { status, output } = start([], { NO_SCRIPTS: '1' });
    expect(status).toBe(1);
    expect(output).toContain('npm ran no install scripts');
    expect(output).toContain('npm rebuild node --ignore-scripts=false');
    expect(output).not.toContain('is this machine online');
  });

  test('says what to do with packages that were installed for another system', () => {
    start();
    writeFileSync(join(project, 'node_modules/node/bin/node'), '\x7fELF of another system', { mode: 0o755 });
    const { status, output } = start();
    expect(status).toBe(1);
    expect(output).toContain('Delete the folder node_modules');
    expect(output).toContain('without glibc');
    expect(output).not.toContain('    at ');
  });
});

test('npm start and npm test first install the packages that are missing', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  expect(scripts['start']).toBe('node scripts/with-packages.mjs sandbox/main.ts');
  expect(scripts['test']).toBe('node scripts/with-packages.mjs test/run.ts');
});
