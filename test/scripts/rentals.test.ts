// The operators' command against a running app, with the sandbox's sample portfolio and its feed on loopback.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createRentals } from '../../sandbox/rentals/rentals.ts';
import type { Rentals } from '../../sandbox/rentals/rentals.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import '../../functions/properties.ts';
import '../../functions/property-import.ts';
import '../../functions/searches.ts';
import '../../functions/source-run.ts';
import '../../functions/source.ts';
import '../../functions/sources.ts';

let app: TestApp;
let rentals: Rentals;

beforeAll(async () => {
  app = await createTestApp();
  rentals = await createRentals({ appUrl: app.url, functionKey: null });
});
afterAll(async () => {
  await rentals.close();
  await app.close();
});

function run(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const command = ['scripts/rentals.ts', ...args, `--app=${app.url}`];
    const env = { ...process.env, NODE_OPTIONS: '' };
    execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, output: `${stdout}${stderr}` });
    });
  });
}

test('npm run rentals imports the sample portfolio, prints it as a table, and shows it on the page', async () => {
  const sample = await run('sample', `--feed=${rentals.feedUrl}`);
  expect(sample.code).toBe(0);
  expect(sample.output.match(/ new$/gm)).toHaveLength(12);
  const page = await (await fetch(rentals.url)).text();
  expect(page.match(/<tr><td>/g)).toHaveLength(12);
  expect(page).toContain('1000 Rambling Oaks Dr, unit 6');
  const again = await run('sample', `--feed=${rentals.feedUrl}`);
  expect(again.output).not.toContain(' new');
  expect((await run('list', '--user-id=+15555551234')).output).toContain('829 Western Ave, Norman');
  expect((await run('source', 'list', '--user-id=+15555555678')).output).toContain(rentals.feedUrl);
  expect((await run('searches', '--user-id=+15555551234')).output).toBe('Nothing.\n');
});

test('npm run rentals writes nothing in a dry run, and says in words what is wrong', async () => {
  const file = 'test/properties/listings/appfolio.csv';
  await app.json('/managers/dry', { method: 'PUT', body: JSON.stringify({ name: 'Dry' }) });
  const dry = await run('import', file, '--user-id=dry', '--source=appfolio', '--dry-run');
  expect(dry.output).toContain('Nothing was written.');
  expect((await run('list', '--user-id=dry')).output).toBe('Nothing.\n');
  for (const [args, words] of [
    [['import', 'homes.txt', '--user-id=dry'], 'must end in'],
    [['import', file], '--user-id is missing'],
    [['list', '--user-id=nobody'], '404'],
    [['fly', '--user-id=dry'], 'import FILE'],
  ] as const) {
    const answer = await run(...args);
    expect([answer.code, answer.output.includes(words)]).toEqual([1, true]);
  }
});
