import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { registry } from '../../sandbox/functions-core.ts';
import { createFunctionsHost } from '../../sandbox/functions-host.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const OPERATOR = [
  'calendarAuthStart',
  'calendarAuthStatus',
  'calendarAuthInvite',
  'calendarAuthDisconnect',
  'manager',
  'managers',
];
const ANYONE = [
  'calendarConnect',
  'calendarAuthCallback',
  'calendarDisconnect',
  'health',
  'microsoftNotifications',
];

describe('access to the routes', () => {
  test('needs a key for operators, and none for managers and monitors', () => {
    const levels = Object.fromEntries(
      [...registry.functions.values()].flatMap(({ metadata }) =>
        Object.values(metadata.bindings)
          .filter(({ type }) => type === 'httpTrigger')
          .map(({ authLevel }) => [metadata.name, authLevel]),
      ),
    );
    expect(levels).toEqual({
      ...Object.fromEntries(OPERATOR.map((name) => [name, 'function'])),
      ...Object.fromEntries(ANYONE.map((name) => [name, 'anonymous'])),
    });
  });

  test('is refused to an operator without the key', async () => {
    const locked = await createFunctionsHost({ key: 'the-key' });
    const ask = (headers: Record<string, string>) => fetch(`${locked.url}/managers`, { headers });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ 'x-functions-key': 'the-key' })).status).toBe(200);
    await locked.close();
  });
});

describe('invalid requests', () => {
  test.each([
    ['/calendar/auth/start', 'user_id'],
    ['/calendar/auth/start?user_id=a%2Fb', 'user_id'],
    ['/calendar/auth/start?user_id=+1', 'user_id'],
    ['/calendar/auth/start?user_id=pete&calendar_email=nobody', 'calendar_email'],
    ['/calendar/auth/status', 'user_id'],
    ['/calendar/auth/status?user_id=%20', 'user_id'],
  ])('such as %s get 400 and the name of the field', async (path, field) => {
    const { status, body } = await app.json(path);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 'invalid_request', details: [{ field }] } });
  });

  test('to disconnect without a user id get 400', async () => {
    expect((await app.post('/calendar/auth/disconnect', {})).status).toBe(400);
    expect((await app.post('/calendar/auth/disconnect', [])).status).toBe(400);
  });

  test('that are too long get 413', async () => {
    const { status } = await app.post('/calendar/auth/invite', { user_id: 'x'.repeat(100_000) });
    expect(status).toBe(413);
  });
});

test('every page forbids caching, framing and scripts', async () => {
  const paths = [
    await app.startLink('pete'),
    '/calendar/connect/x',
    '/calendar/disconnect/x',
    '/calendar/auth/callback',
  ];
  for (const path of paths) {
    const { headers } = await app.request(path, { headers: { accept: 'text/html' } });
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(headers.get('content-security-policy')).not.toContain('form-action');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});
