// The built app as it is deployed, in a process of its own: every part that loads when it is first needed does its work from there.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTables } from '../../sandbox/azurite.ts';
import type { Tables } from '../../sandbox/azurite.ts';
import { connectManager } from '../../sandbox/connect-manager.ts';
import { ensureBundle } from '../../sandbox/load-app.ts';
import { createMailbox } from '../../sandbox/mailbox.ts';
import type { Mailbox } from '../../sandbox/mailbox.ts';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';
import { samplePeople } from '../../sandbox/microsoft/people.ts';
import { findPort } from '../../sandbox/ports.ts';
import { appSettings } from '../../sandbox/settings.ts';

// Every step waits for what it starts. This only ends a run that hangs.
jest.setTimeout(600_000);

const USER = '+15555551234';
let folder: string;
let tables: Tables;
let mailbox: Mailbox;
let microsoft: Microsoft;
let child: ChildProcess;
let appUrl: string;
let output = '';

beforeAll(async () => {
  ensureBundle();
  folder = mkdtempSync(join(tmpdir(), 'built-'));
  cpSync('dist', join(folder, 'dist'), { recursive: true });
  away('export');
  tables = await createTables();
  mailbox = await createMailbox();
  const port = await findPort(0);
  appUrl = `http://localhost:${port}`;
  microsoft = await createMicrosoft({
    withSampleWeek: true,
    redirectUris: [`${appUrl}/calendar/auth/callback`],
  });
  const settings = appSettings({
    appUrl,
    connectionString: tables.connectionString,
    smtpUrl: mailbox.smtpUrl,
    secrets: { encryptionKeys: `test:${randomBytes(32).toString('base64')}`, functionKey: '' },
    standIn: microsoft,
    real: null,
  });
  child = spawn(process.execPath, ['test/support/azure/run-app.ts', folder], {
    env: {
      PATH: process.env['PATH'],
      ...settings,
      HOST_PORT: String(port),
      // Nobody listens there: telemetry starts, and what it sends is lost.
      APPLICATIONINSIGHTS_CONNECTION_STRING:
        'InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://127.0.0.1:9/',
      APPLICATION_INSIGHTS_NO_STATSBEAT: 'true',
    },
  });
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += String(chunk);
      if (output.includes(appUrl)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => {
      reject(new Error(`The app ended before it ran:\n${output}`));
    });
  });
});
afterAll(async () => {
  child.kill('SIGKILL');
  await Promise.all([mailbox.close(), microsoft.close(), tables.close()]);
  rmSync(folder, { recursive: true });
});

/** Where a built file is; its name begins with this word. */
function find(word: string): string {
  const [name] = readdirSync(join(folder, 'dist')).filter((file) =>
    new RegExp(`^${word}-\\w+\\.mjs`).test(file),
  );
  if (name === undefined) throw new Error(`There is no file ${word}`);
  return join(folder, 'dist', name.replace(/\.away$/, ''));
}
function away(word: string): void {
  renameSync(find(word), `${find(word)}.away`);
}
function back(word: string): void {
  renameSync(`${find(word)}.away`, find(word));
}
function countLines(event: string): number {
  return output.split(`"event":"${event}"`).length - 1;
}

async function send(path: string, method = 'GET', body?: string, type = 'application/json') {
  const answer = await fetch(appUrl + path, { method, body, headers: { 'content-type': type } });
  return { status: answer.status, text: await answer.text() };
}

test('telemetry that cannot be loaded stops nothing, and is loaded by a later request', async () => {
  expect((await send('/health')).status).toBe(200);
  const failures = countLines('telemetry_not_started');
  expect(failures).toBeGreaterThan(0);
  back('export');
  expect((await send('/health')).status).toBe(200);
  expect((await send('/health')).status).toBe(200);
  expect(countLines('telemetry_not_started')).toBe(failures);
});

test('a part that cannot be read fails what needs it with `internal`, and is read again by the next request', async () => {
  away('viewer-page');
  const refused = await send('/docs');
  expect(refused.status).toBe(500);
  expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'internal' } });
  expect(output).toContain('"event":"request_failed","code":"internal"');
  expect((await send('/health')).status).toBe(200);
  back('viewer-page');
  expect((await send('/docs')).status).toBe(200);
});

test('the API is documented', async () => {
  const { status, text } = await send('/openapi.json');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toHaveProperty(['paths', '/vapi/webhook', 'post']);
});

test('a manager connects, and callers hear times from their calendar', async () => {
  expect(await connectManager(appUrl, USER, samplePeople.pete.id)).toBe(200);
  const status = await send(`/calendar/auth/status?user_id=${encodeURIComponent(USER)}`);
  // The mailbox tells its zone by its Windows name.
  expect(JSON.parse(status.text)).toMatchObject({ status: 'connected', time_zone: 'America/Chicago' });
  const call = { functionCall: { name: 'get_availability', parameters: { user_id: USER } } };
  const answer = await send('/vapi/webhook', 'POST', JSON.stringify(call));
  expect(JSON.parse(answer.text)).toMatchObject({ result: { action: 'present_slots' } });
});

test('an invite is mailed', async () => {
  const invite = { user_id: 'ann', calendar_email: 'ann@lakeviewrentals.example' };
  expect((await send('/calendar/auth/invite', 'POST', JSON.stringify(invite))).status).toBe(202);
  expect(mailbox.messages()).toMatchObject([{ recipients: ['ann@lakeviewrentals.example'] }]);
});

test.each([
  ['own.csv', 'text/csv'],
  ['own.json', 'application/json'],
  ['mits-4.xml', 'application/xml'],
  ['buildium.xml', 'application/xml'],
  ['hotpads.xml', 'application/xml'],
])('the listing file %s is read', async (file, type) => {
  const path = `/managers/${encodeURIComponent(USER)}/properties/import?source=feed&dry_run=true`;
  const text = readFileSync(join('test/properties/listings', file), 'utf8');
  const answer = await send(path, 'POST', text, type);
  expect(answer.status).toBe(200);
  expect((JSON.parse(answer.text) as { added: number }).added).toBeGreaterThan(0);
});
