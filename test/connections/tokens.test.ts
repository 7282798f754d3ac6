// Tokens after consent: they are renewed in time, saved, and encrypted at rest.
import { describe, expect, test } from '@jest/globals';
import { HOUR, KEY, MINUTE } from '../support/test-app.ts';
import { app, open, PETE, statusOf, TOKEN_PATH, tokenRequests, user, worksAtGraph } from './token-harness.ts';

describe('an access token', () => {
  test('is read from the table while it is valid, without a request to Microsoft', async () => {
    const access = await open();
    expect(await worksAtGraph(await access.accessToken())).toBe(200);
    expect(tokenRequests()).toBe(0);
  });

  test('is renewed five minutes before it expires, and saved', async () => {
    const { expires_at } = await app.status(user);
    app.clock.now = Date.parse(String(expires_at)) - 5 * MINUTE;
    const old = await (await open()).accessToken();
    expect(tokenRequests()).toBe(1);
    expect(await (await open()).accessToken()).toBe(old);
    expect(tokenRequests()).toBe(1);
    expect(await app.status(user)).toMatchObject({
      last_refreshed_at: new Date(app.clock.now).toISOString(),
    });
  });

  test('is loaded once per request, however often the request needs it', async () => {
    app.clock.now += 2 * HOUR;
    const access = await open();
    const tokens = await Promise.all([access.accessToken(), access.accessToken(), access.accessToken()]);
    expect(new Set(tokens).size).toBe(1);
    expect(tokenRequests()).toBe(1);
  });

  test('is renewed at once if Graph refuses it', async () => {
    app.microsoft.expireAccessTokens(PETE);
    const access = await open();
    expect(await worksAtGraph(await access.accessToken())).toBe(401);
    expect(await worksAtGraph(await access.forceRefresh())).toBe(200);
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
    expect(tokenRequests()).toBe(1);
  });

  test('renewed by two instances at once works for both, and the newest is stored', async () => {
    app.clock.now += 2 * HOUR;
    const [one, two] = [await open(), await open(app.servicesWith())];
    const first = await one.accessToken();
    app.clock.now += 1_000;
    const second = await two.accessToken();
    expect(await worksAtGraph(first)).toBe(200);
    expect(await worksAtGraph(second)).toBe(200);
    expect(await (await open()).accessToken()).toBe(second);
    app.clock.now += 2 * HOUR;
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
  });

  test('that is older does not replace a newer one', async () => {
    const [slow, fast] = [await open(), await open()];
    app.clock.now += 1_000;
    const newer = await fast.forceRefresh();
    app.clock.now -= 1_000;
    await slow.forceRefresh();
    expect(await (await open()).accessToken()).toBe(newer);
  });

  test('that is new is used even if it could not be saved', async () => {
    app.clock.now += 2 * HOUR;
    const access = await open(app.servicesReadOnly());
    expect(await worksAtGraph(await access.accessToken())).toBe(200);
    expect(app.log.lines.map(({ event }) => event)).toContain('token_save_failed');
  });

  test('stays in use while it is valid if Microsoft cannot renew it', async () => {
    const { expires_at } = await app.status(user);
    app.clock.now = Date.parse(String(expires_at)) - 2 * MINUTE;
    app.microsoft.setFault({ path: TOKEN_PATH, status: 503, times: 9 });
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
    expect(await statusOf()).toBe('connected');
  });

  test.each([
    ['a server error', { status: 503 }, 'microsoft_unreachable'],
    ['a gateway’s page', { shape: 'html' as const }, 'microsoft_unreachable'],
    ['an empty 500', { status: 500, body: {} }, 'microsoft_unreachable'],
    ['a dropped connection', { drop: 'before' as const }, 'microsoft_unreachable'],
    ['throttling', { status: 429, code: 'temporarily_unavailable', retryAfter: 7 }, 'microsoft_throttled'],
    [
      'a wrong client secret',
      { status: 401, code: 'invalid_client', aadsts: 7000215 },
      'app_credentials_rejected',
    ],
    [
      'an unknown app',
      { status: 400, code: 'unauthorized_client', aadsts: 700016 },
      'app_credentials_rejected',
    ],
  ])('that cannot be had for %s is a fault that changes nothing and mails nobody', async (_, fault, code) => {
    app.clock.now += 2 * HOUR;
    app.microsoft.setFault({ path: TOKEN_PATH, times: 9, ...fault });
    await expect((await open()).accessToken()).rejects.toMatchObject({ code });
    expect(await statusOf()).toBe('connected');
    expect(app.mailbox.messages().length).toBe(0);
    app.microsoft.clearFaults();
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
  });

  test('is requested again if one response is lost', async () => {
    app.clock.now += 2 * HOUR;
    app.microsoft.setFault({ path: TOKEN_PATH, drop: 'after' });
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
    expect(tokenRequests()).toBe(2);
  });

  test('is not waited for beyond the deadline', async () => {
    app.clock.now += 2 * HOUR;
    app.microsoft.setFault({ path: TOKEN_PATH, answer: 'never', times: 9 });
    const deadline = new AbortController();
    const access = await app.services.connections.access(user, deadline.signal);
    if (!access.ok) throw new Error(access.reason);
    const token = access.accessToken();
    deadline.abort();
    await expect(token).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(await statusOf()).toBe('connected');
    app.microsoft.clearFaults();
  });
});

describe('tokens at rest', () => {
  test('are encrypted with the new key at the next write, while the old key still decrypts', async () => {
    const rotated = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)},one:${KEY(1)}` });
    expect(await worksAtGraph(await (await open(rotated)).accessToken())).toBe(200);
    await (await open(rotated)).forceRefresh();
    const onlyNew = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)}` });
    expect(await worksAtGraph(await (await open(onlyNew)).accessToken())).toBe(200);
  });

  test('whose key was removed cause an error of their own, never "not connected"', async () => {
    const without = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)}` });
    await expect((await open(without)).accessToken()).rejects.toMatchObject({
      code: 'encryption_key_missing',
    });
    expect(await statusOf()).toBe('connected');
  });

  test('cannot be decrypted in another manager’s row', async () => {
    const other = `${user}-other`;
    await app.connect(await app.startLink(other), PETE);
    const rows = [];
    for await (const page of app.tables.query('managers', "RowKey eq 'connection'")) rows.push(...page);
    const mine = rows.find((row) => row['user_id'] === user);
    const theirs = rows.find((row) => row['user_id'] === other);
    if (!mine || !theirs) throw new Error('A row is missing');
    await app.tables.upsert('managers', { ...mine, tokens0: theirs['tokens0'] });
    await expect((await open()).accessToken()).rejects.toMatchObject({ code: 'token_unreadable' });
    expect(await statusOf()).toBe('connected');
  });

  test('and all other secrets are in no table unencrypted', async () => {
    await app.goToMicrosoft(await app.startLink(`${user}-b`), PETE);
    await app.invite(`${user}-c`, 'wendy@lakeviewrentals.example');
    const token = await (await open()).accessToken();
    const dump = await app.dump();
    expect(dump).not.toContain(token);
    expect(dump).not.toMatch(/EwSandbox|M\.Sandbox|eyJ[\w-]+\.eyJ|verifier|refresh_token|"nonce"/i);
    const rows = JSON.parse(dump) as Record<string, unknown>[];
    for (const row of rows) {
      for (const [name, value] of Object.entries(row)) {
        if (['calendar_email', 'notify_email', 'mailed_to'].includes(name)) continue;
        expect(String(value)).not.toMatch(/@|lakeviewrentals/);
      }
    }
  });
});
