// A consent that Microsoft no longer accepts is noticed, told to the manager, and restored.
import { describe, expect, test } from '@jest/globals';
import { DAY, eventually, HOUR, START } from '../support/test-app.ts';
import { app, open, PETE, statusOf, TOKEN_PATH, user, worksAtGraph } from './token-harness.ts';

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
