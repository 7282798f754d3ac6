import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createTestApp, MINUTE, START } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import { createApp } from '../../shared/app.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTES } from '../../shared/http/routes.ts';
import { configProblems, useApp } from '../../shared/running-app.ts';
import { createHealthCounts } from '../../shared/core/health-counts.ts';
import { readConfig } from '../../shared/config.ts';

let app: TestApp;

beforeAll(async () => {
  for (const name of readdirSync('functions')) await import(join(process.cwd(), 'functions', name));
  app = await createTestApp();
});
afterAll(() => app.close());

test('health counts connections by status, and names no manager', async () => {
  expect(await app.json('/health')).toEqual({
    status: 200,
    body: {
      status: 'ok',
      build: 'unbuilt',
      tables: 'ok',
      settings: 'ok',
      settings_age_seconds: expect.any(Number),
      key_references: 'ok',
      mail: 'configured',
      microsoft: 'unused',
      microsoft_used_at: null,
      connections: { connected: 0, reconnect_required: 0, disconnected: 0 },
      oldest_refresh_at: null,
      counts: { assumed_time_zones: 0, notifications_off: 0, failing_feeds: 0 },
    },
  });
  await app.connect(await app.startLink('+15555551234'), 'pete@lakeviewrentals.example');
  app.clock.now += MINUTE;
  const { body } = await app.json('/health');
  expect(body).toMatchObject({
    connections: { connected: 1, reconnect_required: 0, disconnected: 0 },
    oldest_refresh_at: new Date(START).toISOString(),
  });
  expect(JSON.stringify(body)).not.toMatch(/pete|5555/);
});

test('health reads the tables at most once a minute', async () => {
  await app.connect(await app.startLink('second'), 'berta@spreewohnen.example');
  expect((await app.json('/health')).body).toMatchObject({ connections: { connected: 1 } });
  app.clock.now += MINUTE;
  expect((await app.json('/health')).body).toMatchObject({ connections: { connected: 2 } });
});

test('health and every other route give 503 if the tables are unreachable', async () => {
  const result = readConfig({
    MICROSOFT_CLIENT_ID: 'x',
    MICROSOFT_REDIRECT_URI: 'https://x.example/calendar/auth/callback',
    TOKEN_ENCRYPTION_KEYS: `a:${Buffer.alloc(32).toString('base64')}`,
    ALLOW_UNAUTHENTICATED_WEBHOOK: 'true',
    AzureWebJobsStorage:
      'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;',
  });
  if (!result.ok) throw new Error('bad settings');
  useApp(createApp(result.config, { now: () => START, log: app.services.log }));
  expect(await app.json('/health')).toEqual({
    status: 503,
    body: {
      status: 'failing',
      build: 'unbuilt',
      tables: 'unreachable',
      settings: 'ok',
      settings_age_seconds: expect.any(Number),
      key_references: 'ok',
      mail: 'not_configured',
      microsoft: 'unused',
      microsoft_used_at: null,
    },
  });
  expect(await app.json('/calendar/auth/status?user_id=x')).toMatchObject({
    status: 503,
    body: { error: { code: 'storage_unavailable' } },
  });
  useApp(app.services);
});

test('health says how long ago this instance read its settings, also if they are bad', async () => {
  const age = async (): Promise<number> => {
    const { body } = await app.json('/health');
    return (body as { settings_age_seconds: number }).settings_age_seconds;
  };
  const silent = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const kept = process.env;
  const before = performance.now();
  process.env = {};
  useApp(undefined);
  const first = await age();
  const sinceMs = performance.now() - before;
  expect(first * 1000).toBeLessThanOrEqual(sinceMs + 1);
  process.env = kept;
  silent.mockRestore();
  useApp(app.services);
  expect(await age()).toBeGreaterThanOrEqual(first);
});

test('health shows how Microsoft last responded', async () => {
  const answers = [200, 503, 200];
  const send = app.services.microsoftUse.watch(() =>
    Promise.resolve(new Response(null, { status: answers.shift() ?? 200 })),
  );
  await send('https://graph.example/');
  expect((await app.json('/health')).body).toMatchObject({ status: 'ok', microsoft: 'ok' });
  await send('https://graph.example/');
  expect(await app.json('/health')).toMatchObject({
    status: 200,
    body: {
      status: 'degraded',
      microsoft: 'failing',
      microsoft_used_at: new Date(app.clock.now).toISOString(),
    },
  });
  await send('https://graph.example/');
  expect((await app.json('/health')).body).toMatchObject({ status: 'ok', microsoft: 'ok' });
});

test('health is degraded, and still 200, while a count is above zero or unknown', async () => {
  const { healthCounts } = app.services;
  let failing = 2;
  healthCounts.add('failing_feeds', () => failing);
  expect(await app.json('/health')).toMatchObject({
    status: 200,
    body: { status: 'degraded', counts: { failing_feeds: 2 } },
  });
  failing = 0;
  app.clock.now += MINUTE;
  expect((await app.json('/health')).body).toMatchObject({ status: 'ok', counts: { failing_feeds: 0 } });
  healthCounts.add('failing_feeds', () => Promise.reject(new Error('no such luck')));
  expect(await app.json('/health')).toMatchObject({
    status: 200,
    body: { status: 'degraded', counts: { failing_feeds: null } },
  });
  healthCounts.add('failing_feeds', () => 0);
});

test('health does not wait for tables that do not answer', async () => {
  const never = new Promise<never>(() => undefined);
  useApp({ ...app.services, healthMs: 1, pingTables: () => never });
  expect(await app.json('/health')).toMatchObject({
    status: 503,
    body: { status: 'failing', tables: 'unreachable' },
  });
  useApp(app.services);
});

test('health does not wait for a count', async () => {
  const counts = createHealthCounts(() => START, app.services.log);
  counts.add('assumed_zones', () => new Promise<never>(() => undefined));
  const slow = { ...app.services, healthMs: 1, healthCounts: counts };
  useApp({ ...slow, pingTables: () => Promise.resolve(), connections: app.services.connections });
  expect(await app.json('/health')).toMatchObject({
    status: 200,
    body: { status: 'degraded', tables: 'ok', counts: { assumed_zones: null } },
  });
  useApp(app.services);
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
    const { status, body } = await app.json('/health');
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
    useApp(app.services);
  }
});

describe('an app with bad settings', () => {
  const secret = 'not-a-key-but-a-secret';

  test('answers every route but health and the webhook with 503 misconfigured', async () => {
    const kept = { ...process.env };
    const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    process.env = { TOKEN_ENCRYPTION_KEYS: secret };
    useApp(undefined);
    try {
      for (const [name, { path, operations }] of Object.entries(ROUTES)) {
        if (name === 'health' || name === 'vapiWebhook') continue;
        for (const method of Object.keys(operations)) {
          const response = await app.request(path.replace(/\{\w+\}/g, 'x'), { method });
          expect({ name, method, status: response.status }).toEqual({ name, method, status: 503 });
        }
      }
      expect(await app.json('/openapi.json')).toMatchObject({ body: { error: { code: 'misconfigured' } } });
    } finally {
      error.mockRestore();
      process.env = kept;
      useApp(app.services);
    }
  });

  test('still responds: health names them, other routes give misconfigured, and the log says it once', async () => {
    const kept = { ...process.env };
    const lines: string[] = [];
    const error = jest.spyOn(console, 'error').mockImplementation((line: unknown) => {
      lines.push(String(line));
    });
    process.env = { TOKEN_ENCRYPTION_KEYS: secret, AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
    useApp(undefined);
    try {
      const health = await app.json('/health');
      expect(health.status).toBe(503);
      expect((health.body['settings'] as { setting: string }[]).map(({ setting }) => setting)).toEqual([
        'MICROSOFT_CLIENT_ID',
        'MICROSOFT_REDIRECT_URI',
        'TOKEN_ENCRYPTION_KEYS',
        'VAPI_WEBHOOK_SECRET',
      ]);
      expect(JSON.stringify(health.body)).not.toContain(secret);
      for (const path of [
        '/managers',
        '/managers/x',
        '/calendar/auth/status?user_id=x',
        '/calendar/auth/start?user_id=x',
      ]) {
        expect(await app.json(path)).toMatchObject({
          status: 503,
          body: { error: { code: 'misconfigured' } },
        });
      }
      const page = await app.request('/calendar/connect/x', { headers: { accept: 'text/html' } });
      expect(page.status).toBe(503);
      expect(await page.text()).toContain('wrong on our side');
      expect(configProblems()).toHaveLength(4);
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', event: 'config_invalid' });
      expect(lines[0]).not.toContain(secret);
    } finally {
      error.mockRestore();
      process.env = kept;
      useApp(app.services);
    }
  });
});
