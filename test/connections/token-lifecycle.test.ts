// After consent: tokens are renewed, a lost consent is noticed and told, and a manager can leave.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { DAY, eventually, HOUR, KEY, MINUTE, START, useTestApp } from '../support/test-app.ts';
import type { App } from '../../shared/app.ts';

const PETE = 'pete@lakeviewrentals.example';
const TOKEN_PATH = '/common/oauth2/v2.0/token';

const app = useTestApp();
let count = 0;
/** Someone new for each test, with Pete's calendar. */
let user: string;

beforeEach(async () => {
  user = `manager-${++count}`;
  await app.connect(await app.startLink(user), PETE);
  app.microsoft.clearRequests();
  app.log.lines.length = 0;
});

async function open(services: App = app.services) {
  const access = await services.connections.access(user, app.signal());
  if (!access.ok) throw new Error(access.reason);
  return access;
}
function tokenRequests() {
  return app.microsoft.requests().filter(({ path }) => path === TOKEN_PATH).length;
}
async function worksAtGraph(token: string): Promise<number> {
  return (await fetch(`${app.microsoft.url}/v1.0/me`, { headers: { authorization: `Bearer ${token}` } }))
    .status;
}
async function statusOf(): Promise<unknown> {
  return (await app.status(user))['status'];
}

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

describe('a lost consent', () => {
  const refusals: [string, () => void][] = [
    [
      'revoked',
      () => {
        app.microsoft.revoke(PETE);
      },
    ],
    [
      'withdrawn',
      () => {
        app.microsoft.withdrawConsent(PETE);
      },
    ],
    [
      'in need of a second factor',
      () => {
        app.microsoft.setSignInProblem(PETE, 'mfa');
      },
    ],
    [
      'blocked by a policy',
      () => {
        app.microsoft.setSignInProblem(PETE, 'policy');
      },
    ],
    [
      'a bad token',
      () => {
        app.microsoft.setSignInProblem(PETE, 'bad_token');
      },
    ],
    [
      'of a disabled account',
      () => {
        app.microsoft.setSignInProblem(PETE, 'disabled');
      },
    ],
    [
      'expired',
      () => {
        app.microsoft.setSignInProblem(PETE, 'expired');
      },
    ],
  ];

  test.each(refusals)('(%s) is noticed by a call, stored, mailed once and logged', async (_, lose) => {
    lose();
    app.clock.now += 2 * HOUR;
    await expect((await open()).accessToken()).rejects.toMatchObject({ code: 'reconnect_required' });
    expect(await app.services.connections.access(user, app.signal())).toMatchObject({
      ok: false,
      reason: 'reconnect_required',
    });
    expect(await app.status(user)).toMatchObject({
      authorized: false,
      status: 'reconnect_required',
      expires_at: null,
      reconnect_since: new Date(app.clock.now).toISOString(),
      reason: expect.stringContaining('no longer accepts') as unknown,
    });
    expect(app.log.lines.filter(({ event }) => event === 'reconnect_required')).toHaveLength(1);
    await eventually(() => app.mailbox.messages().length > 0);
    expect(app.mailbox.messages().length).toBe(1);
  });

  test('is restored by the link in the mail, with the same account only', async () => {
    app.microsoft.revoke(PETE, { accessTokens: true });
    const access = await open();
    await expect(access.forceRefresh()).rejects.toMatchObject({ code: 'reconnect_required' });
    await eventually(() => app.mailbox.messages().length > 0);
    const link = app.linkIn(app.mailbox.messages()[0]);
    expect((await app.connect(link, 'wendy@lakeviewrentals.example')).status).toBe(403);
    app.clock.now += 1_000;
    expect((await app.connect(link, PETE)).status).toBe(200);
    expect(await app.status(user)).toMatchObject({
      status: 'connected',
      reconnect_since: null,
      reason: null,
    });
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
  });

  test('is mailed once a week until the manager acts', async () => {
    app.microsoft.revoke(PETE);
    for (let day = 1; day <= 16; day++) {
      app.clock.now = START + day * DAY;
      await app.services.connections.keepAlive();
    }
    await eventually(
      () => app.mailbox.messages().filter(({ subject }) => subject.includes('no longer')).length >= 3,
    );
    const times = app.mailbox.messages().length;
    await app.connect(app.linkIn(app.mailbox.messages().at(-1)), PETE);
    app.clock.now = START + 30 * DAY;
    await app.services.connections.keepAlive();
    expect(app.mailbox.messages().length).toBe(times);
    expect(times).toBe(3);
  });

  test('is mailed by only one of many instances that notice it at once', async () => {
    app.microsoft.revoke(PETE);
    app.clock.now += 2 * HOUR;
    const many = [app.services, ...Array.from({ length: 5 }, () => app.servicesWith())];
    const opened = await Promise.all(many.map((services) => open(services)));
    const meet = async (access: (typeof opened)[number]): Promise<void> => {
      await expect(access.accessToken()).rejects.toMatchObject({ code: 'reconnect_required' });
    };
    await Promise.all(opened.map(meet));
    await eventually(() => app.mailbox.messages().length > 0);
    // The daily run looks once more, and waits for what it sends.
    await app.services.connections.keepAlive();
    expect(app.mailbox.messages().length).toBe(1);
  });

  test('is mailed when mail works again, if mail was down', async () => {
    app.mailbox.refuse(true);
    app.microsoft.revoke(PETE);
    app.clock.now += 2 * HOUR;
    await expect((await open()).accessToken()).rejects.toMatchObject({ code: 'reconnect_required' });
    await eventually(() => app.log.lines.some(({ event }) => event === 'mail_failed'));
    app.mailbox.refuse(false);
    app.clock.now += DAY;
    await app.services.connections.keepAlive();
    expect(app.mailbox.messages().filter(({ subject }) => subject.includes('no longer'))).toHaveLength(1);
  });

  test('is not assumed if another instance has stored newer tokens', async () => {
    const [stale, other] = [await open(), await open()];
    app.clock.now += 1_000;
    await other.forceRefresh();
    app.microsoft.setFault({ path: TOKEN_PATH, status: 400, code: 'invalid_grant', aadsts: 70008 });
    expect(await worksAtGraph(await stale.forceRefresh())).toBe(200);
    expect(await statusOf()).toBe('connected');
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

describe('disconnecting', () => {
  test('by the link in a mail asks for confirmation, then deletes tokens and invites', async () => {
    app.clock.now += DAY;
    const mail = await app.invite(user, PETE);
    const link = app.linkIn(mail, 'disconnect');
    const page = await (await app.request(link)).text();
    expect(page).toContain(PETE);
    expect(await statusOf()).toBe('connected');
    const done = await app.press(link);
    expect(done.status).toBe(200);
    expect(await done.text()).toContain('myapps.microsoft.com');
    expect(await app.status(user)).toMatchObject({
      authorized: false,
      status: 'disconnected',
      expires_at: null,
      invite: null,
    });
    expect(await app.services.connections.access(user, app.signal())).toMatchObject({
      ok: false,
      reason: 'disconnected',
    });
    expect((await app.request(app.linkIn(mail))).status).toBe(410);
    const [row] = (JSON.parse(await app.dump()) as Record<string, unknown>[]).filter(
      (one) => one['user_id'] === user && one['rowKey'] === 'connection',
    );
    expect(row).not.toHaveProperty('tokens0');
    expect((await app.request(link)).status).toBe(200);
    expect((await app.press(link)).status).toBe(400);
  });

  test('by the operator does the same, and can be repeated', async () => {
    for (const expected of ['disconnected', 'disconnected']) {
      expect(await app.post('/calendar/auth/disconnect', { user_id: user })).toMatchObject({
        status: 200,
        body: { status: expected },
      });
    }
    expect(await app.post('/calendar/auth/disconnect', { user_id: 'nobody' })).toMatchObject({
      body: { status: 'not_connected' },
    });
  });

  test('ends links that were sent before', async () => {
    const link = await app.startLink(user);
    app.clock.now += MINUTE;
    await app.post('/calendar/auth/disconnect', { user_id: user });
    expect((await app.request(link)).status).toBe(410);
    app.clock.now += MINUTE;
    expect((await app.connect(await app.startLink(user), PETE)).status).toBe(200);
  });

  test('is not undone by a refresh that was under way', async () => {
    const access = await open();
    await app.post('/calendar/auth/disconnect', { user_id: user });
    await access.forceRefresh();
    expect(await statusOf()).toBe('disconnected');
    expect(await app.dump()).not.toContain('tokens0');
  });

  test('sends no reminder', async () => {
    await app.post('/calendar/auth/disconnect', { user_id: user });
    app.clock.now += 10 * DAY;
    await app.services.connections.keepAlive();
    expect(app.mailbox.messages().length).toBe(0);
  });
});

describe('a link asked for on a call', () => {
  const send = () => app.services.connections.sendLink(user, app.signal());

  test('goes to the address on file, at most once an hour', async () => {
    expect(await send()).toBe('connected');
    await app.post('/calendar/auth/disconnect', { user_id: user });
    expect(await send()).toBe('sent');
    expect(await send()).toBe('sent_before');
    expect(app.mailbox.messages().map(({ recipients }) => recipients)).toEqual([[PETE]]);
    app.clock.now += HOUR;
    expect(await send()).toBe('sent');
    expect((await app.connect(app.linkIn(app.mailbox.messages().at(-1)), PETE)).status).toBe(200);
  });

  test('is not sent if no address is known', async () => {
    expect(await app.services.connections.sendLink('nobody', app.signal())).toBe('no_address');
  });

  test('can be requested again at once if the mail server refused it', async () => {
    await app.post('/calendar/auth/disconnect', { user_id: user });
    app.mailbox.refuse(true);
    await expect(send()).rejects.toMatchObject({ code: 'mail_failed' });
    app.mailbox.refuse(false);
    expect(await send()).toBe('sent');
  });
});
