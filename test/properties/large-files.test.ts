import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MAX_LISTING_BYTES } from '../../shared/properties/import/read-listings.ts';

const run = promisify(execFile);

test('The largest file of homes is read in 192 MB of heap', async () => {
  const { stdout } = await run(process.execPath, [
    '--max-old-space-size=192',
    'test/properties/read-large-file.ts',
  ]);
  const { bytes, given, read } = JSON.parse(stdout) as { bytes: number; given: number; read: number };
  expect(bytes).toBeGreaterThan(0.99 * MAX_LISTING_BYTES);
  expect(read).toBe(given);
  expect(given).toBeGreaterThan(2_000);
});
