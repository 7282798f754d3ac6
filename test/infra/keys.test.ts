import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBicep, testWithBicep } from './bicep.ts';

/** Lets the compiler evaluate keys.bicep for many seeds at once. */
async function makeKeys(seeds: readonly string[]): Promise<{ hex: string; base64: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  const file = join(folder, 'keys.bicepparam');
  cpSync('infra/keys.bicep', join(folder, 'keys.bicep'));
  const keys = seeds.map((seed) => `{ hex: randomHex('${seed}'), base64: randomBase64('${seed}') }`);
  writeFileSync(
    file,
    `using none\nimport { randomBase64, randomHex } from 'keys.bicep'\nparam keys = [\n${keys.join('\n')}\n]\n`,
  );
  const { stdout, stderr } = await runBicep('build-params', file, '--stdout');
  rmSync(folder, { recursive: true });
  if (stderr !== '') throw new Error(stderr);
  const { parametersJson } = JSON.parse(stdout) as { parametersJson: string };
  return (
    JSON.parse(parametersJson) as { parameters: { keys: { value: { hex: string; base64: string }[] } } }
  ).parameters.keys.value;
}

/** The digits of version 4 GUIDs that are random: neither the version nor the variant. */
function freeDigits(guids: readonly string[]): string {
  return guids
    .map((guid) => guid.replaceAll('-', ''))
    .map((digits) => digits.slice(0, 12) + digits.slice(13, 16) + digits.slice(17))
    .join('');
}

describe('a random key', () => {
  testWithBicep('is the first 256 random bits of three GUIDs, each where it stood', async () => {
    const threeGuids = fc.tuple(fc.uuid({ version: 4 }), fc.uuid({ version: 4 }), fc.uuid({ version: 4 }));
    const samples = fc.sample(threeGuids, { numRuns: 50, seed: 1 });
    const keys = await makeKeys(samples.map((guids) => guids.join('')));
    expect(keys).toHaveLength(50);
    keys.forEach(({ hex, base64 }, index) => {
      const bytes = Buffer.from(freeDigits(samples[index] ?? []).slice(0, 64), 'hex');
      expect(bytes).toHaveLength(32);
      expect({ hex, base64 }).toEqual({ hex: bytes.toString('hex'), base64: bytes.toString('base64') });
    });
  });
});
