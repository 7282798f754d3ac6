// .ci/run on machines that lack something. What it runs are stand-ins.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The only folder of programs that the machine has, and its home. */
let machine: string;

function addProgram(name: string, script = 'exit 0'): void {
  writeFileSync(join(machine, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
}

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'machine-'));
  symlinkSync('/usr/bin/dirname', join(machine, 'dirname'));
  addProgram('id', 'echo 0');
  addProgram('apt-get', `echo "$@" >> ${machine}/apt-get-was-called-with`);
  addProgram('npm', 'echo "npm $@ with CI=$CI"');
});

afterEach(() => {
  rmSync(machine, { recursive: true });
});

function run(chromium: string, home: Readonly<Record<string, string>> = { HOME: machine }) {
  const { status, stdout, stderr } = spawnSync('/bin/bash', ['.ci/run'], {
    encoding: 'utf8',
    env: { PATH: machine, CHROMIUM: chromium, ...home },
  });
  const installed = existsSync(join(machine, 'apt-get-was-called-with'));
  return { status, stdout, stderr, installed };
}

test.each([
  ['', (): Record<string, string> => ({ HOME: machine })],
  [' and no home', (): Record<string, string> => ({})],
])('.ci/run warns, and runs the tests, on a machine that has no Bicep compiler%s', (_name, home) => {
  expect(run('/bin/bash', home())).toEqual({
    status: 0,
    stdout: 'npm test with CI=true\n',
    stderr: expect.stringMatching(/^The Bicep tests need dotnet or bicep.*\n$/),
    installed: false,
  });
});

test.each(['dotnet', 'bicep'])('.ci/run runs the tests on a machine that has %s and a browser', (program) => {
  addProgram(program);
  expect(run('/bin/bash')).toEqual({
    status: 0,
    stdout: 'npm test with CI=true\n',
    stderr: '',
    installed: false,
  });
});

test('.ci/run installs a browser where the tests look for one, whatever else is called chromium', () => {
  addProgram('dotnet');
  addProgram('chromium');
  expect(run('/no/chromium')).toMatchObject({ status: 0, installed: true });
});
