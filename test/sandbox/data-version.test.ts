import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkDataVersion, dataVersion } from '../../sandbox/data-version.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'version-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the data in the sandbox’s folder', () => {
  test('is marked with the version on the first run, and taken on the next', () => {
    checkDataVersion(folder);
    expect(readFileSync(join(folder, 'version'), 'utf8')).toBe(String(dataVersion));
    writeFileSync(join(folder, 'secrets.json'), '{}');
    expect(() => {
      checkDataVersion(folder);
    }).not.toThrow();
  });

  test.each([
    ['without a version', null],
    ['with another version', String(dataVersion - 1)],
  ])('is refused %s, and the message names --fresh', (_, version) => {
    writeFileSync(join(folder, 'secrets.json'), '{}');
    if (version !== null) writeFileSync(join(folder, 'version'), version);
    expect(() => {
      checkDataVersion(folder);
    }).toThrow('npm start -- --fresh');
  });
});
