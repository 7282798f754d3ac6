import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBicep, SNAPSHOT_SCOPE, testWithBicep } from './bicep.ts';

/** A copy of infra/ that a test may change. */
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'infra-'));
  cpSync('infra', copy, { recursive: true });
});

afterEach(() => {
  rmSync(copy, { recursive: true });
});

const sources = readdirSync('infra', { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.bicep(param)?$/.test(name),
);
function read(folder: string): Record<string, string> {
  return Object.fromEntries(sources.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function snapshot(mode: 'validate' | 'overwrite', file: string): ReturnType<typeof runBicep> {
  return runBicep('snapshot', file, '--mode', mode, ...SNAPSHOT_SCOPE);
}

const clean = { code: 0, stdout: '', stderr: '' };

describe('the templates', () => {
  testWithBicep('compile and lint without a warning', async () => {
    // Needs types from the internet: entra.test.ts compiles it.
    rmSync(join(copy, 'entra.bicep'));
    expect(await runBicep('lint', '--pattern', join(copy, '**/*.bicep'))).toEqual(clean);
  });

  testWithBicep('are formatted', async () => {
    expect(await runBicep('format', '--pattern', join(copy, '**/*.bicep'))).toEqual(clean);
    expect(await runBicep('format', '--pattern', join(copy, '*.bicepparam'))).toEqual(clean);
    expect(read('infra')).toEqual(read(copy));
  });

  testWithBicep('fail to lint if a rule is broken', async () => {
    const broken = join(copy, 'modules/identity.bicep');
    writeFileSync(broken, `${readFileSync(broken, 'utf8')}\nvar nobodyReadsThis = 1\n`);
    const { code, stderr } = await runBicep('lint', broken);
    expect(code).not.toBe(0);
    expect(stderr).toContain('no-unused-vars');
  });
});

describe('the committed snapshot of a deployment', () => {
  testWithBicep.each(['main', 'private', 'watch'])('is what %s.bicepparam would deploy', async (name) => {
    const file = `infra/${name}.bicepparam`;
    // After a change that is meant: UPDATE_SNAPSHOTS=1 npx jest test/infra/compile
    // (not without one: the compiler writes the outputs in another order each time).
    if (process.env['UPDATE_SNAPSHOTS'] && (await snapshot('validate', file)).code !== 0)
      await snapshot('overwrite', file);
    expect(await snapshot('validate', file)).toEqual(clean);
  });

  testWithBicep('is refused if the templates have changed since', async () => {
    const storage = join(copy, 'modules/storage.bicep');
    const text = readFileSync(storage, 'utf8');
    writeFileSync(storage, text.replace('allowSharedKeyAccess: false', 'allowSharedKeyAccess: true'));
    expect((await snapshot('validate', join(copy, 'main.bicepparam'))).code).not.toBe(0);
  });
});
