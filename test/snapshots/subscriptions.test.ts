// Graph's subscription follows the connection: made by a consent, renewed daily, ended with it.
import { beforeEach, describe, expect, test } from '@jest/globals';
import '../../functions/sweep.ts';
import { useApp } from '../../shared/running-app.ts';
import { managerKey } from '../../shared/storage/rows.ts';
import { DAY, MINUTE, useTestApp } from '../support/test-app.ts';

const app = useTestApp();
const USER = 'pete';
const PETE = 'pete@lakeviewrentals.example';

beforeEach(() => {
  useApp(app.services);
});

const connect = async (person = PETE) => app.connect(await app.startLink(USER), person);
const notifications = async () => (await app.status(USER))['notifications'];
const subscriptions = (person = PETE) => app.microsoft.subscriptions(person);

test('a consent makes the subscription before its page is shown', async () => {
  await connect();
  const [subscription, ...others] = subscriptions();
  expect(others).toEqual([]);
  expect(subscription).toMatchObject({
    resource: 'me/events',
    changeTypes: ['created', 'updated', 'deleted'],
    notificationUrl: `${app.url}/microsoft/notifications`,
    lifecycleNotificationUrl: `${app.url}/microsoft/notifications`,
    expiresAt: app.clock.now + 4_200 * MINUTE,
  });
  expect(subscription?.clientState?.length).toBeLessThanOrEqual(128);
  const expires_at = new Date(app.clock.now + 4_200 * MINUTE).toISOString();
  expect(await notifications()).toEqual({ state: 'on', expires_at, reason: null });
});

test('a change that Graph tells of before the subscription is stored is not lost', async () => {
  app.microsoft.setFault({ path: '/v1.0/subscriptions', answer: 'on_release', name: 'made' });
  const connecting = connect();
  await app.microsoft.waitForHeld('made');
  app.microsoft.addEvent(PETE, { start: app.clock.now, end: app.clock.now + MINUTE });
  await app.microsoft.deliveriesSettled();
  await app.microsoft.release('made');
  expect((await connecting).status).toBe(200);
  const row = await app.tables.getOrNull('managers', managerKey(USER), 'calendar-change');
  expect(row).toMatchObject({ changed_at: app.clock.now, pending: true });
});

test.each([
  ['disconnect', () => app.post('/calendar/auth/disconnect', { user_id: USER })],
  ['DELETE', () => app.request(`/managers/${USER}`, { method: 'DELETE' })],
])('a %s while the subscription is made leaves nothing of it', async (_, end) => {
  app.microsoft.setFault({ path: '/v1.0/subscriptions', answer: 'on_release', name: 'made' });
  const connecting = connect();
  await app.microsoft.waitForHeld('made');
  await end();
  await app.microsoft.release('made');
  await connecting;
  expect(subscriptions()).toEqual([]);
  expect(await app.dump()).not.toContain('calendar-');
});

test('a personal account has a subscription, too', async () => {
  const person = app.microsoft.people().find(({ kind }) => kind === 'personal');
  await connect(person?.mail ?? '');
  expect(await notifications()).toMatchObject({ state: 'on' });
});

test('the subscription lasts as long as Graph allows', async () => {
  app.microsoft.setSubscriptionLimits({ minutes: 1_440 });
  await connect();
  expect(subscriptions()[0]?.expiresAt).toBe(app.clock.now + 1_439 * MINUTE);
});

test('the daily run renews the subscription', async () => {
  await connect();
  const [before] = subscriptions();
  app.clock.now += DAY;
  await app.runTimer('keepAlive');
  expect(subscriptions()).toMatchObject([{ id: before?.id, expiresAt: app.clock.now + 4_200 * MINUTE }]);
});

test('the daily run makes the subscription that a consent could not make', async () => {
  app.microsoft.setFault({ path: '/v1.0/subscriptions', status: 503, times: 9 });
  expect((await connect()).status).toBe(200);
  expect(await notifications()).toMatchObject({ state: 'off' });
  app.microsoft.clearFaults();
  await app.runTimer('keepAlive');
  expect(await notifications()).toMatchObject({ state: 'on' });
});

test.each([404, 400])(
  'the subscription is made anew if Graph answers its renewal with %i',
  async (status) => {
    await connect();
    const [before] = subscriptions();
    app.microsoft.setFault({ method: 'PATCH', path: '/v1.0/subscriptions/*', status });
    app.clock.now += DAY;
    await app.runTimer('keepAlive');
    expect(subscriptions().some(({ id }) => id !== before?.id)).toBe(true);
    expect(await notifications()).toMatchObject({ state: 'on' });
  },
);

test('the timer makes a new subscription if Graph has ended it', async () => {
  await connect();
  app.microsoft.sendLifecycle(PETE, 'subscriptionRemoved');
  await app.microsoft.deliveriesSettled();
  expect(subscriptions()).toEqual([]);
  expect(await notifications()).toMatchObject({ state: 'off' });
  app.clock.now += MINUTE;
  await app.runTimer('sweep');
  expect(subscriptions()).toHaveLength(1);
  expect(await notifications()).toMatchObject({ state: 'on' });
});

test('the timer renews the subscription if Graph asks for that', async () => {
  await connect();
  const [before] = subscriptions();
  app.microsoft.sendLifecycle(PETE, 'reauthorizationRequired');
  await app.microsoft.deliveriesSettled();
  app.clock.now += MINUTE;
  await app.runTimer('sweep');
  expect(subscriptions()).toMatchObject([{ id: before?.id, expiresAt: app.clock.now + 4_200 * MINUTE }]);
});

test('the subscription is made anew before the key of its client state is removed', async () => {
  await connect();
  const [before] = subscriptions();
  const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
  useApp(app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${key(2)},one:${key(1)}` }));
  app.clock.now += DAY;
  await app.runTimer('keepAlive');
  const [after, ...others] = subscriptions();
  expect(others).toEqual([]);
  expect(after?.clientState).not.toBe(before?.clientState);
});

describe('the subscription ends', () => {
  test('with a disconnect', async () => {
    await connect();
    await app.post('/calendar/auth/disconnect', { user_id: USER });
    expect(subscriptions()).toEqual([]);
    expect(await notifications()).toMatchObject({ state: 'off', reason: 'No calendar is connected.' });
  });

  test('with the manager', async () => {
    await connect();
    expect((await app.request(`/managers/${USER}`, { method: 'DELETE' })).status).toBe(204);
    expect(subscriptions()).toEqual([]);
    expect(await app.dump()).not.toContain('calendar-');
  });

  test('if the setting is switched off', async () => {
    await connect();
    useApp(app.servicesWith({ CALENDAR_NOTIFICATIONS: 'false' }));
    app.clock.now += DAY;
    await app.runTimer('keepAlive');
    expect(subscriptions()).toEqual([]);
    expect(await notifications()).toMatchObject({ state: 'off' });
    expect((await app.json('/health')).body).toMatchObject({ counts: { notifications_off: 0 } });
  });

  test('later, by itself, if Graph cannot be reached: the calendar is disconnected all the same', async () => {
    await connect();
    app.microsoft.setFault({ path: '/v1.0/subscriptions/*', status: 503, times: 99 });
    const { status } = await app.post('/calendar/auth/disconnect', { user_id: USER });
    expect(status).toBe(200);
    expect(await app.status(USER)).toMatchObject({ status: 'disconnected' });
  });
});

test('without the permission for subscriptions the app works, says why, and counts it', async () => {
  app.microsoft.setTenantPolicy('lakeviewrentals.example', { blockedScopes: ['Calendars.Read'] });
  const link = await app.startLink(USER);
  const refused = await app.goToMicrosoft(link, PETE, 'return');
  await app.comeBack(refused.callback, refused.cookie);
  expect((await app.connect(link, PETE)).status).toBe(200);
  expect(await notifications()).toMatchObject({ state: 'off', reason: /Calendars\.Read/ });
  useApp(app.servicesWith());
  expect((await app.json('/health')).body).toMatchObject({
    status: 'degraded',
    counts: { notifications_off: 1 },
  });
});
