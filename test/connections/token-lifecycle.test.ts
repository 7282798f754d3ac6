// After consent: tokens are renewed, a lost consent is noticed and told, and a manager can leave.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestApp, DAY, eventually, HOUR, KEY, MINUTE, START } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import type { App } from '../../shared/app.ts';

const PETE = 'pete@lakeviewrentals.example';
const TOKEN_PATH = '/common/oauth2/v2.0/token';

let world: TestApp;
let count = 0;
/** Someone new for each test, with Pete's calendar. */
let user: string;

beforeAll(async () => {
  world = await createTestApp();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.now = START;
  await world.clearTables();
  world.mailbox.reset();
  world.microsoft.reset();
  world.microsoft.allowRedirectUri(`${world.url}/calendar/auth/callback`);
  user = `manager-${++count}`;
  await world.connect(await world.startLink(user), PETE);
  world.microsoft.clearRequests();
  world.log.lines.length = 0;
});

async function open(services: App = world.services) {
  const access = await services.connections.access(user, world.signal());
  if (!access.ok) throw new Error(access.reason);
  return access;
}
function tokenRequests() {
  return world.microsoft.requests().filter(({ path }) => path === TOKEN_PATH).length;
}
async function worksAtGraph(token: string): Promise<number> {
  return (await fetch(`${world.microsoft.url}/v1.0/me`, { headers: { authorization: `Bearer ${token}` } }))
    .status;
}
async function statusOf(): Promise<unknown> {
  return (await world.status(user))['status'];
}

describe('an access token', () => {
  test('is taken from the table while it is good, without a word to Microsoft', async () => {
    const access = await open();
    expect(await worksAtGraph(await access.accessToken())).toBe(200);
    expect(tokenRequests()).toBe(0);
  });

  test('is renewed five minutes before it ends, and kept', async () => {
    const { expires_at } = await world.status(user);
    world.clock.now = Date.parse(String(expires_at)) - 5 * MINUTE;
    const old = await (await open()).accessToken();
    expect(tokenRequests()).toBe(1);
    expect(await (await open()).accessToken()).toBe(old);
    expect(tokenRequests()).toBe(1);
    expect(await world.status(user)).toMatchObject({
      last_refreshed_at: new Date(world.clock.now).toISOString(),
    });
  });

  test('is asked for once by one request, however often it needs it', async () => {
    world.clock.now += 2 * HOUR;
    const access = await open();
    const tokens = await Promise.all([access.accessToken(), access.accessToken(), access.accessToken()]);
    expect(new Set(tokens).size).toBe(1);
    expect(tokenRequests()).toBe(1);
  });

  test('is renewed at once where Graph refuses it', async () => {
    world.microsoft.expireAccessTokens(PETE);
    const access = await open();
    expect(await worksAtGraph(await access.accessToken())).toBe(401);
    expect(await worksAtGraph(await access.forceRefresh())).toBe(200);
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
    expect(tokenRequests()).toBe(1);
  });

  test('renewed by two instances at once is good for both, and the newest stays', async () => {
    world.clock.now += 2 * HOUR;
    const [one, two] = [await open(), await open(world.servicesWith())];
    const first = await one.accessToken();
    world.clock.now += 1_000;
    const second = await two.accessToken();
    expect(await worksAtGraph(first)).toBe(200);
    expect(await worksAtGraph(second)).toBe(200);
    expect(await (await open()).accessToken()).toBe(second);
    world.clock.now += 2 * HOUR;
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
  });

  test('that is older does not take the place of a newer one', async () => {
    const [slow, fast] = [await open(), await open()];
    world.clock.now += 1_000;
    const newer = await fast.forceRefresh();
    world.clock.now -= 1_000;
    await slow.forceRefresh();
    expect(await (await open()).accessToken()).toBe(newer);
  });

  test('that is new is used although it could not be saved', async () => {
    world.clock.now += 2 * HOUR;
    const access = await open(world.servicesReadOnly());
    expect(await worksAtGraph(await access.accessToken())).toBe(200);
    expect(world.log.lines.map(({ event }) => event)).toContain('token_save_failed');
  });

  test('is not renewed while the old one is still good and Microsoft is down', async () => {
    const { expires_at } = await world.status(user);
    world.clock.now = Date.parse(String(expires_at)) - 2 * MINUTE;
    world.microsoft.setFault({ path: TOKEN_PATH, status: 503, times: 9 });
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
    world.clock.now += 2 * HOUR;
    world.microsoft.setFault({ path: TOKEN_PATH, times: 9, ...fault });
    await expect((await open()).accessToken()).rejects.toMatchObject({ code });
    expect(await statusOf()).toBe('connected');
    expect(world.mailbox.messages().length).toBe(0);
    world.microsoft.clearFaults();
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
  });

  test('is asked for again where one answer is lost', async () => {
    world.clock.now += 2 * HOUR;
    world.microsoft.setFault({ path: TOKEN_PATH, drop: 'after' });
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
    expect(tokenRequests()).toBe(2);
  });

  test('hangs no longer than its deadline', async () => {
    world.clock.now += 2 * HOUR;
    world.microsoft.setFault({ path: TOKEN_PATH, delayMs: 3_000, times: 9 });
    const deadline = new AbortController();
    const access = await world.services.connections.access(user, deadline.signal);
    if (!access.ok) throw new Error(access.reason);
    const token = access.accessToken();
    deadline.abort();
    await expect(token).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(await statusOf()).toBe('connected');
    world.microsoft.clearFaults();
  });
});

describe('a consent that is gone', () => {
  const refusals: [string, () => void][] = [
    [
      'revoked',
      () => {
        world.microsoft.revoke(PETE);
      },
    ],
    [
      'withdrawn',
      () => {
        world.microsoft.withdrawConsent(PETE);
      },
    ],
    [
      'in need of a second factor',
      () => {
        world.microsoft.setSignInProblem(PETE, 'mfa');
      },
    ],
    [
      'blocked by a policy',
      () => {
        world.microsoft.setSignInProblem(PETE, 'policy');
      },
    ],
    [
      'a bad token',
      () => {
        world.microsoft.setSignInProblem(PETE, 'bad_token');
      },
    ],
    [
      'of a disabled account',
      () => {
        world.microsoft.setSignInProblem(PETE, 'disabled');
      },
    ],
    [
      'expired',
      () => {
        world.microsoft.setSignInProblem(PETE, 'expired');
      },
    ],
  ];

  test.each(refusals)('because it is %s is met by a call, kept, told once and logged', async (_, lose) => {
    lose();
    world.clock.now += 2 * HOUR;
    await expect((await open()).accessToken()).rejects.toMatchObject({ code: 'reconnect_required' });
    expect(await world.services.connections.access(user, world.signal())).toMatchObject({
      ok: false,
      reason: 'reconnect_required',
    });
    expect(await world.status(user)).toMatchObject({
      authorized: false,
      status: 'reconnect_required',
      expires_at: null,
      reconnect_since: new Date(world.clock.now).toISOString(),
      reason: expect.stringContaining('no longer accepts') as unknown,
    });
    expect(world.log.lines.filter(({ event }) => event === 'reconnect_required')).toHaveLength(1);
    await eventually(() => world.mailbox.messages().length > 0);
    expect(world.mailbox.messages().length).toBe(1);
  });

  test('is mended by the link in the mail, with the same account alone', async () => {
    world.microsoft.revoke(PETE, { accessTokens: true });
    const access = await open();
    await expect(access.forceRefresh()).rejects.toMatchObject({ code: 'reconnect_required' });
    await eventually(() => world.mailbox.messages().length > 0);
    const link = world.linkIn(world.mailbox.messages()[0]);
    expect((await world.connect(link, 'wendy@lakeviewrentals.example')).status).toBe(403);
    world.clock.now += 1_000;
    expect((await world.connect(link, PETE)).status).toBe(200);
    expect(await world.status(user)).toMatchObject({
      status: 'connected',
      reconnect_since: null,
      reason: null,
    });
    expect(await worksAtGraph(await (await open()).accessToken())).toBe(200);
  });

  test('is told once a week, until the manager acts', async () => {
    world.microsoft.revoke(PETE);
    for (let day = 1; day <= 16; day++) {
      world.clock.now = START + day * DAY;
      await world.services.connections.keepAlive();
    }
    await eventually(
      () => world.mailbox.messages().filter(({ subject }) => subject.includes('no longer')).length >= 3,
    );
    const times = world.mailbox.messages().length;
    await world.connect(world.linkIn(world.mailbox.messages().at(-1)), PETE);
    world.clock.now = START + 30 * DAY;
    await world.services.connections.keepAlive();
    expect(world.mailbox.messages().length).toBe(times);
    expect(times).toBe(3);
  });

  test('is told by one of many instances that meet it at once', async () => {
    world.microsoft.revoke(PETE);
    world.clock.now += 2 * HOUR;
    const many = [world.services, ...Array.from({ length: 5 }, () => world.servicesWith())];
    const opened = await Promise.all(many.map((services) => open(services)));
    const meet = async (access: (typeof opened)[number]): Promise<void> => {
      await expect(access.accessToken()).rejects.toMatchObject({ code: 'reconnect_required' });
    };
    await Promise.all(opened.map(meet));
    await eventually(() => world.mailbox.messages().length > 0);
    // The daily run looks once more, and waits for what it sends.
    await world.services.connections.keepAlive();
    expect(world.mailbox.messages().length).toBe(1);
  });

  test('is told once mail works again, if mail was down', async () => {
    world.mailbox.refuse(true);
    world.microsoft.revoke(PETE);
    world.clock.now += 2 * HOUR;
    await expect((await open()).accessToken()).rejects.toMatchObject({ code: 'reconnect_required' });
    await eventually(() => world.log.lines.some(({ event }) => event === 'mail_failed'));
    world.mailbox.refuse(false);
    world.clock.now += DAY;
    await world.services.connections.keepAlive();
    expect(world.mailbox.messages().filter(({ subject }) => subject.includes('no longer'))).toHaveLength(1);
  });

  test('is not what another instance’s newer tokens say', async () => {
    const [stale, other] = [await open(), await open()];
    world.clock.now += 1_000;
    await other.forceRefresh();
    world.microsoft.setFault({ path: TOKEN_PATH, status: 400, code: 'invalid_grant', aadsts: 70008 });
    expect(await worksAtGraph(await stale.forceRefresh())).toBe(200);
    expect(await statusOf()).toBe('connected');
  });
});

describe('tokens at rest', () => {
  test('are re-encrypted under a new key when they are next written, while the old key still opens', async () => {
    const rotated = world.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)},one:${KEY(1)}` });
    expect(await worksAtGraph(await (await open(rotated)).accessToken())).toBe(200);
    await (await open(rotated)).forceRefresh();
    const onlyNew = world.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)}` });
    expect(await worksAtGraph(await (await open(onlyNew)).accessToken())).toBe(200);
  });

  test('whose key was removed are a fault of their own, never "not connected"', async () => {
    const without = world.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)}` });
    await expect((await open(without)).accessToken()).rejects.toMatchObject({
      code: 'encryption_key_missing',
    });
    expect(await statusOf()).toBe('connected');
  });

  test('copied to another manager’s row do not open', async () => {
    const other = `${user}-other`;
    await world.connect(await world.startLink(other), PETE);
    const rows = [];
    for await (const page of world.tables.query('managers', "RowKey eq 'connection'")) rows.push(...page);
    const mine = rows.find((row) => row['user_id'] === user);
    const theirs = rows.find((row) => row['user_id'] === other);
    if (!mine || !theirs) throw new Error('A row is missing');
    await world.tables.upsert('managers', { ...mine, tokens0: theirs['tokens0'] });
    await expect((await open()).accessToken()).rejects.toMatchObject({ code: 'token_unreadable' });
    expect(await statusOf()).toBe('connected');
  });

  test('and everything else secret stands in no table in clear', async () => {
    await world.goToMicrosoft(await world.startLink(`${user}-b`), PETE);
    await world.invite(`${user}-c`, 'wendy@lakeviewrentals.example');
    const token = await (await open()).accessToken();
    const dump = await world.dump();
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
  test('by the link in a mail is asked first, then done: tokens and invites are gone', async () => {
    world.clock.now += DAY;
    const mail = await world.invite(user, PETE);
    const link = world.linkIn(mail, 'disconnect');
    const page = await (await world.request(link)).text();
    expect(page).toContain(PETE);
    expect(await statusOf()).toBe('connected');
    const done = await world.press(link);
    expect(done.status).toBe(200);
    expect(await done.text()).toContain('myapps.microsoft.com');
    expect(await world.status(user)).toMatchObject({
      authorized: false,
      status: 'disconnected',
      expires_at: null,
      invite: null,
    });
    expect(await world.services.connections.access(user, world.signal())).toMatchObject({
      ok: false,
      reason: 'disconnected',
    });
    expect((await world.request(world.linkIn(mail))).status).toBe(410);
    const [row] = (JSON.parse(await world.dump()) as Record<string, unknown>[]).filter(
      (one) => one['user_id'] === user && one['rowKey'] === 'connection',
    );
    expect(row).not.toHaveProperty('tokens0');
    expect((await world.request(link)).status).toBe(200);
    expect((await world.press(link)).status).toBe(400);
  });

  test('by the operator does the same, and again', async () => {
    for (const expected of ['disconnected', 'disconnected']) {
      expect(await world.post('/calendar/auth/disconnect', { user_id: user })).toMatchObject({
        status: 200,
        body: { status: expected },
      });
    }
    expect(await world.post('/calendar/auth/disconnect', { user_id: 'nobody' })).toMatchObject({
      body: { status: 'not_connected' },
    });
  });

  test('ends links that were handed out before', async () => {
    const link = await world.startLink(user);
    world.clock.now += MINUTE;
    await world.post('/calendar/auth/disconnect', { user_id: user });
    expect((await world.request(link)).status).toBe(410);
    world.clock.now += MINUTE;
    expect((await world.connect(await world.startLink(user), PETE)).status).toBe(200);
  });

  test('is not undone by a refresh that was under way', async () => {
    const access = await open();
    await world.post('/calendar/auth/disconnect', { user_id: user });
    await access.forceRefresh();
    expect(await statusOf()).toBe('disconnected');
    expect(await world.dump()).not.toContain('tokens0');
  });

  test('is not the time for a reminder', async () => {
    await world.post('/calendar/auth/disconnect', { user_id: user });
    world.clock.now += 10 * DAY;
    await world.services.connections.keepAlive();
    expect(world.mailbox.messages().length).toBe(0);
  });
});

describe('a link asked for on a call', () => {
  const send = () => world.services.connections.sendLink(user, world.signal());

  test('goes to the address on file, at most once an hour', async () => {
    expect(await send()).toBe('connected');
    await world.post('/calendar/auth/disconnect', { user_id: user });
    expect(await send()).toBe('sent');
    expect(await send()).toBe('sent_before');
    expect(world.mailbox.messages().map(({ recipients }) => recipients)).toEqual([[PETE]]);
    world.clock.now += HOUR;
    expect(await send()).toBe('sent');
    expect((await world.connect(world.linkIn(world.mailbox.messages().at(-1)), PETE)).status).toBe(200);
  });

  test('goes nowhere where no address is known', async () => {
    expect(await world.services.connections.sendLink('nobody', world.signal())).toBe('no_address');
  });

  test('that the mail server refuses may be asked for again at once', async () => {
    await world.post('/calendar/auth/disconnect', { user_id: user });
    world.mailbox.refuse(true);
    await expect(send()).rejects.toMatchObject({ code: 'mail_failed' });
    world.mailbox.refuse(false);
    expect(await send()).toBe('sent');
  });
});
