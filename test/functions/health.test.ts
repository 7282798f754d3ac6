import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createTestApp, MINUTE, START } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import { createApp } from '../../shared/app.ts';
import { configProblems, useApp } from '../../shared/serve.ts';
import { createHealthCounts } from '../../shared/core/health-counts.ts';
import { readConfig } from '../../shared/config.ts';

let world: TestApp;

beforeAll(async () => {
  world = await createTestApp();
});
afterAll(() => world.close());

test('health counts connections by status, and names nobody', async () => {
  expect(await world.json('/health')).toEqual({
    status: 200,
    body: {
      status: 'ok',
      build: 'unbuilt',
      tables: 'ok',
      settings: 'ok',
      key_references: 'ok',
      mail: 'configured',
      microsoft: 'unused',
      microsoft_used_at: null,
      connections: { connected: 0, reconnect_required: 0, disconnected: 0 },
      oldest_refresh_at: null,
      counts: { assumed_time_zones: 0, notifications_off: 0, failing_feeds: 0 },
    },
  });
  await world.connect(await world.startLink('+15555551234'), 'pete@lakeviewrentals.example');
  world.clock.now += MINUTE;
  const { body } = await world.json('/health');
  expect(body).toMatchObject({
    connections: { connected: 1, reconnect_required: 0, disconnected: 0 },
    oldest_refresh_at: new Date(START).toISOString(),
  });
  expect(JSON.stringify(body)).not.toMatch(/pete|5555/);
});

test('health is read from the tables once a minute, whoever asks how often', async () => {
  await world.connect(await world.startLink('second'), 'berta@spreewohnen.example');
  expect((await world.json('/health')).body).toMatchObject({ connections: { connected: 1 } });
  world.clock.now += MINUTE;
  expect((await world.json('/health')).body).toMatchObject({ connections: { connected: 2 } });
});

test('health says 503 where the tables are out of reach, and so does every other route', async () => {
  const result = readConfig({
    MICROSOFT_CLIENT_ID: 'x',
    MICROSOFT_REDIRECT_URI: 'https://x.example/calendar/auth/callback',
    TOKEN_ENCRYPTION_KEYS: `a:${Buffer.alloc(32).toString('base64')}`,
    ALLOW_UNAUTHENTICATED_WEBHOOK: 'true',
    AzureWebJobsStorage:
      'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;',
  });
  if (!result.ok) throw new Error('bad settings');
  useApp(createApp(result.config, { now: () => START, log: world.services.log }));
  expect(await world.json('/health')).toEqual({
    status: 503,
    body: {
      status: 'failing',
      build: 'unbuilt',
      tables: 'unreachable',
      settings: 'ok',
      key_references: 'ok',
      mail: 'not_configured',
      microsoft: 'unused',
      microsoft_used_at: null,
    },
  });
  expect(await world.json('/calendar/auth/status?user_id=x')).toMatchObject({
    status: 503,
    body: { error: { code: 'storage_unavailable' } },
  });
  useApp(world.services);
});

test('health tells how Microsoft answered last', async () => {
  const answers = [200, 503, 200];
  const send = world.services.microsoftUse.watch(() =>
    Promise.resolve(new Response(null, { status: answers.shift() ?? 200 })),
  );
  await send('https://graph.example/');
  expect((await world.json('/health')).body).toMatchObject({ status: 'ok', microsoft: 'ok' });
  await send('https://graph.example/');
  expect(await world.json('/health')).toMatchObject({
    status: 200,
    body: {
      status: 'degraded',
      microsoft: 'failing',
      microsoft_used_at: new Date(world.clock.now).toISOString(),
    },
  });
  await send('https://graph.example/');
  expect((await world.json('/health')).body).toMatchObject({ status: 'ok', microsoft: 'ok' });
});

test('health is degraded, and still 200, while a count is above zero or unknown', async () => {
  const { healthCounts } = world.services;
  let failing = 2;
  healthCounts.add('failing_feeds', () => failing);
  expect(await world.json('/health')).toMatchObject({
    status: 200,
    body: { status: 'degraded', counts: { failing_feeds: 2 } },
  });
  failing = 0;
  world.clock.now += MINUTE;
  expect((await world.json('/health')).body).toMatchObject({ status: 'ok', counts: { failing_feeds: 0 } });
  healthCounts.add('failing_feeds', () => Promise.reject(new Error('no such luck')));
  expect(await world.json('/health')).toMatchObject({
    status: 200,
    body: { status: 'degraded', counts: { failing_feeds: null } },
  });
  healthCounts.add('failing_feeds', () => 0);
});

test('health does not wait for tables that do not answer', async () => {
  const never = new Promise<never>(() => undefined);
  useApp({ ...world.services, healthMs: 1, pingTables: () => never });
  expect(await world.json('/health')).toMatchObject({
    status: 503,
    body: { status: 'failing', tables: 'unreachable' },
  });
  useApp(world.services);
});

test('health does not wait for a count', async () => {
  const counts = createHealthCounts(() => START, world.services.log);
  counts.add('assumed_zones', () => new Promise<never>(() => undefined));
  const slow = { ...world.services, healthMs: 1, healthCounts: counts };
  useApp({ ...slow, pingTables: () => Promise.resolve(), connections: world.services.connections });
  expect(await world.json('/health')).toMatchObject({
    status: 200,
    body: { status: 'degraded', tables: 'ok', counts: { assumed_zones: null } },
  });
  useApp(world.services);
});

test('health names the Key Vault references that are not resolved, and every other bad setting', async () => {
  const kept = { ...process.env };
  process.env = {
    TOKEN_ENCRYPTION_KEYS:
      '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/token-encryption-keys/)',
    MICROSOFT_CLIENT_ID: 'x',
    ALLOW_UNAUTHENTICATED_WEBHOOK: 'true',
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  };
  const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  useApp(undefined);
  try {
    const { status, body } = await world.json('/health');
    expect(status).toBe(503);
    expect(body).toMatchObject({
      status: 'misconfigured',
      build: 'unbuilt',
      key_references: ['TOKEN_ENCRYPTION_KEYS'],
    });
    expect((body['settings'] as { setting: string }[]).map(({ setting }) => setting)).toEqual([
      'TOKEN_ENCRYPTION_KEYS',
      'MICROSOFT_REDIRECT_URI',
    ]);
    expect(JSON.stringify(body)).not.toContain('kv.vault');
  } finally {
    error.mockRestore();
    process.env = kept;
    useApp(world.services);
  }
});

describe('an app with bad settings', () => {
  const secret = 'not-a-key-but-a-secret';

  test('answers all the same: health names them, the rest is misconfigured, the log says it once', async () => {
    const kept = { ...process.env };
    const lines: string[] = [];
    const error = jest.spyOn(console, 'error').mockImplementation((line: unknown) => {
      lines.push(String(line));
    });
    process.env = { TOKEN_ENCRYPTION_KEYS: secret, AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
    useApp(undefined);
    try {
      const health = await world.json('/health');
      expect(health.status).toBe(503);
      expect((health.body['settings'] as { setting: string }[]).map(({ setting }) => setting)).toEqual([
        'MICROSOFT_CLIENT_ID',
        'MICROSOFT_REDIRECT_URI',
        'TOKEN_ENCRYPTION_KEYS',
      ]);
      expect(JSON.stringify(health.body)).not.toContain(secret);
      for (const path of [
        '/managers',
        '/managers/x',
        '/calendar/auth/status?user_id=x',
        '/calendar/auth/start?user_id=x',
      ]) {
        expect(await world.json(path)).toMatchObject({
          status: 503,
          body: { error: { code: 'misconfigured' } },
        });
      }
      const page = await world.request('/calendar/connect/x', { headers: { accept: 'text/html' } });
      expect(page.status).toBe(503);
      expect(await page.text()).toContain('wrong on our side');
      expect(configProblems()).toHaveLength(3);
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', event: 'config_invalid' });
      expect(lines[0]).not.toContain(secret);
    } finally {
      error.mockRestore();
      process.env = kept;
      useApp(world.services);
    }
  });
});
