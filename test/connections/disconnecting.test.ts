// A manager leaves, and may ask for a new link on a call.
import { describe, expect, test } from '@jest/globals';
import type { ConnectionContext } from '../../shared/connections/context.ts';
import { disconnect } from '../../shared/connections/disconnect.ts';
import { createManagerRepository } from '../../shared/storage/managers.ts';
import { DAY, HOUR, MINUTE } from '../support/test-app.ts';
import { app, open, PETE, statusOf, user } from './token-harness.ts';

const HEADER = {
  version: 'one',
  readAt: 1,
  window: { start: 1, end: 2 },
  timeZone: 'America/Chicago',
  subscriptionId: 'one',
  account: 'one',
  changeId: 'one',
};

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

test('A calendar that is copied at the moment of a disconnect leaves neither a header nor pages', async () => {
  const signal = app.signal();
  const forgotten: string[] = [];
  const unexpected = () => Promise.reject(new Error('No subscription should be made'));
  const managers = createManagerRepository(app.tables);
  const context = {
    now: () => app.clock.now,
    forgetCalendar: (userId: string) => Promise.resolve(void forgotten.push(userId)),
    subscriptions: { create: unexpected, renew: unexpected, remove: () => Promise.resolve() },
    log: app.log,
    managers: {
      ...managers,
      async save(record, changes, saving) {
        if (changes.connection) {
          const subscription = record.subscription?.value ?? null;
          await managers.save(await managers.load(user, saving), { subscription, snapshot: HEADER }, saving);
        }
        return managers.save(record, changes, saving);
      },
    },
  } as Partial<ConnectionContext> as ConnectionContext;
  expect(await disconnect(context, user, signal)).toBe(true);
  expect(forgotten).toEqual([user]);
  expect(await managers.load(user, signal)).toMatchObject({ subscription: null, snapshot: null });
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
