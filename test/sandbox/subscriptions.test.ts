// Change notifications: how an app subscribes, what Graph sends it, and all that can go wrong on the way.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';
import { codeOf, createGraphCaller, eventPath, viewing } from './graph-caller.ts';
import type { GraphAnswer } from './graph-caller.ts';
import { createReceiver } from './notification-receiver.ts';
import type { Receiver } from './notification-receiver.ts';

const start = Date.parse('2026-11-23T15:00:00Z');
const minute = 60_000;
const pete = 'pete@lakeviewrentals.example';
const scopes = ['openid', 'profile', 'offline_access', 'User.Read', 'Calendars.ReadWrite', 'Calendars.Read'];
let now = start;
let microsoft: Microsoft;
let receiver: Receiver;
let token = '';
const { ask } = createGraphCaller(
  () => microsoft,
  () => token,
);

beforeAll(async () => {
  microsoft = await createMicrosoft({ now: () => now });
  receiver = await createReceiver();
});
beforeEach(async () => {
  token = (await microsoft.issueTokens(pete, scopes)).accessToken;
});
afterEach(() => {
  now = start;
  microsoft.reset();
  receiver.reset();
});
afterAll(async () => {
  await microsoft.close();
  await receiver.close();
});

const after = (minutes: number): string => new Date(now + minutes * minute).toISOString();
const wanted = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  changeType: 'created,updated,deleted',
  resource: 'me/events',
  notificationUrl: `${receiver.url}/microsoft/notifications`,
  lifecycleNotificationUrl: `${receiver.url}/lifecycle`,
  expirationDateTime: after(4_200),
  clientState: 'the state',
  ...more,
});
const subscribe = (more: Record<string, unknown> = {}): Promise<GraphAnswer> =>
  ask('POST', '/subscriptions', { body: wanted(more), headers: { prefer: '' } });
const messageOf = ({ body }: GraphAnswer): string => String((body['error'] as { message?: string }).message);
const addBusy = (): string => microsoft.addEvent(pete, { start, end: start + minute }).id;
const items = (): Record<string, unknown>[] => receiver.received.flatMap(({ value }) => value);

describe('a subscription in the stand-in', () => {
  test('begins with a handshake at both addresses, and is answered in Graph’s shape', async () => {
    const { status, body } = await subscribe();
    expect(status).toBe(201);
    expect(body).toMatchObject({
      resource: 'me/events',
      changeType: 'created,updated,deleted',
      applicationId: microsoft.clientId,
      clientState: 'the state',
      expirationDateTime: '2026-11-26T13:00:00.0000000Z',
    });
    expect(receiver.handshakes).toHaveLength(2);
    // The body is empty, and the token holds blanks, which must be decoded.
    for (const token of receiver.handshakes) expect(token).toMatch(/^Validation: Testing client application/);
    expect(receiver.received).toEqual([]);
  });

  test.each(['undecoded', 'html', 'wrong_status', 'other_text'] as const)(
    'is refused if the endpoint answers the handshake wrongly: %s',
    async (handshake) => {
      receiver.behaviour.handshake = handshake;
      const refused = await subscribe();
      expect([refused.status, codeOf(refused)]).toEqual([400, 'ValidationError']);
      expect(microsoft.subscriptions(pete)).toEqual([]);
    },
  );

  test.each<[string, () => Record<string, unknown>, string]>([
    [
      'an address that nobody answers',
      () => ({ notificationUrl: 'http://127.0.0.1:1/x' }),
      'ValidationError',
    ],
    [
      'plain http that is not on loopback',
      () => ({ notificationUrl: 'http://app.example/x' }),
      'InvalidRequest',
    ],
    [
      'a lifecycle address on plain http',
      () => ({ lifecycleNotificationUrl: 'http://app.example/x' }),
      'InvalidRequest',
    ],
    ['a clientState of 129 characters', () => ({ clientState: 'x'.repeat(129) }), 'InvalidRequest'],
    ['an end in the past', () => ({ expirationDateTime: after(-1) }), 'InvalidRequest'],
    ['an end without a time', () => ({ expirationDateTime: 'tomorrow' }), 'InvalidRequest'],
    ['a resource that is no calendar', () => ({ resource: 'me/messages' }), 'InvalidRequest'],
    ['a change type that does not exist', () => ({ changeType: 'created,renamed' }), 'InvalidRequest'],
    ['a property that does not exist', () => ({ colour: 'red' }), 'InvalidRequest'],
  ])('is refused with %s', async (_, more, code) => {
    const refused = await subscribe(more());
    expect([refused.status, codeOf(refused)]).toEqual([400, code]);
  });

  test('that would last too long is refused with the limit, which a test can set', async () => {
    expect(messageOf(await subscribe({ expirationDateTime: after(4_231) }))).toBe(
      'Subscription expiration can only be 4230 minutes in the future.',
    );
    expect((await subscribe({ expirationDateTime: after(4_230) })).status).toBe(201);
    microsoft.setSubscriptionLimits({ minutes: 1_440 });
    const refused = await subscribe();
    expect([refused.status, messageOf(refused)]).toEqual([
      400,
      'Subscription expiration can only be 1440 minutes in the future.',
    ]);
  });

  test('lasts 45 minutes at least', async () => {
    await subscribe({ expirationDateTime: after(1) });
    expect(microsoft.subscriptions(pete)[0]?.expiresAt).toBe(start + 45 * minute);
  });

  test('needs Calendars.Read: write access is not enough', async () => {
    token = (await microsoft.issueTokens(pete)).accessToken;
    const refused = await subscribe();
    expect([refused.status, codeOf(refused)]).toEqual([403, 'ExtensionError']);
  });

  test('is open to personal accounts', async () => {
    token = (await microsoft.issueTokens('olive@outlook.example', scopes)).accessToken;
    expect((await subscribe()).status).toBe(201);
  });

  test('counts towards the limit of its mailbox', async () => {
    microsoft.setSubscriptionLimits({ count: 2 });
    const statuses = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await subscribe()).status);
    expect(statuses).toEqual([201, 201, 403]);
  });

  test('is read, listed, renewed, reauthorized and deleted by its owner alone', async () => {
    const path = `/subscriptions/${String((await subscribe()).body['id'])}`;
    expect((await ask('GET', path)).body['clientState']).toBe('the state');
    expect((await ask('GET', '/subscriptions')).body['value']).toHaveLength(1);
    now += 60 * minute;
    const renewed = await ask('PATCH', path, { body: { expirationDateTime: after(4_200) } });
    expect(renewed.status).toBe(200);
    expect(microsoft.subscriptions(pete)[0]?.expiresAt).toBe(now + 4_200 * minute);
    const tooLong = await ask('PATCH', path, { body: { expirationDateTime: after(5_000) } });
    expect([tooLong.status, messageOf(tooLong)]).toEqual([400, expect.stringContaining('4230 minutes')]);
    const lifecycle = { lifecycleNotificationUrl: `${receiver.url}/other` };
    expect((await ask('PATCH', path, { body: lifecycle })).status).toBe(400);
    expect((await ask('POST', `${path}/reauthorize`)).status).toBe(204);
    const berta = (await microsoft.issueTokens('berta@spreewohnen.example', scopes)).accessToken;
    for (const method of ['GET', 'DELETE'])
      expect((await ask(method, path, { token: berta })).status).toBe(404);
    expect((await ask('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) {
      const gone = await ask(method, path);
      expect([gone.status, codeOf(gone)]).toEqual([404, 'ResourceNotFound']);
    }
  });

  test('ends at its time: it can no longer be renewed, and nothing is sent', async () => {
    const path = `/subscriptions/${String((await subscribe()).body['id'])}`;
    now += 4_200 * minute;
    token = (await microsoft.issueTokens(pete, scopes)).accessToken;
    expect((await ask('PATCH', path, { body: { expirationDateTime: after(60) } })).status).toBe(404);
    addBusy();
    await microsoft.deliveriesSettled();
    expect(receiver.received).toEqual([]);
  });
});

describe('a change of an event in the stand-in', () => {
  test('is sent in Graph’s format', async () => {
    const { body } = await subscribe();
    const made = await ask('POST', '/me/events', { body: viewing(), headers: { prefer: '' } });
    await microsoft.deliveriesSettled();
    const [first] = receiver.received;
    expect(receiver.received).toHaveLength(1);
    expect(first).toMatchObject({
      path: '/microsoft/notifications',
      contentType: expect.stringContaining('application/json'),
    });
    const [person] = microsoft.people();
    const resource = `Users/${person?.id ?? ''}/Events/${String(made.body['id'])}`;
    expect(first?.value).toEqual([
      {
        subscriptionId: body['id'],
        subscriptionExpirationDateTime: body['expirationDateTime'],
        changeType: 'created',
        resource,
        resourceData: {
          '@odata.type': '#Microsoft.Graph.Event',
          '@odata.id': resource,
          '@odata.etag': made.body['@odata.etag'],
          id: made.body['id'],
        },
        clientState: 'the state',
        tenantId: person?.tenantId,
      },
    ]);
  });

  test('names the event by its immutable id if the subscription asked for that', async () => {
    await ask('POST', '/subscriptions', { body: wanted({ lifecycleNotificationUrl: null }) });
    const made = await ask('POST', '/me/events', { body: viewing() });
    await microsoft.deliveriesSettled();
    expect(items()).toMatchObject([{ resourceData: { id: made.body['id'] } }]);
  });

  test('is sent whoever made it, and only for the requested kinds of change', async () => {
    await subscribe();
    await subscribe({ changeType: 'deleted', clientState: null, lifecycleNotificationUrl: null });
    const id = addBusy();
    microsoft.editEvent(pete, id, { subject: 'Dentist' });
    microsoft.moveToCalendar(pete, id, 'Private');
    microsoft.moveToCalendar(pete, id, null);
    const { body } = await ask('POST', '/me/events', { body: viewing() });
    await ask('PATCH', eventPath(body['id']), { body: { subject: 'Other' } });
    await ask('DELETE', eventPath(body['id']));
    microsoft.deleteEvent(pete, id);
    microsoft.addEvent('berta@spreewohnen.example', { start, end: start + minute });
    await microsoft.deliveriesSettled();
    const told = (state: string | null) =>
      items()
        .filter(({ clientState }) => clientState === state)
        .map(({ changeType }) => changeType)
        .toSorted();
    expect(told('the state')).toEqual([
      ...['created', 'created'],
      ...['deleted', 'deleted'],
      ...['updated', 'updated', 'updated', 'updated'],
    ]);
    expect(told(null)).toEqual(['deleted', 'deleted']);
  });
});

describe('a notification of the stand-in', () => {
  beforeEach(() => subscribe());

  test('is shown on the calendar page, beside the subscription', async () => {
    const page = async (): Promise<string> => {
      const [person] = microsoft.people();
      return (await fetch(`${microsoft.url}/calendar/${person?.id ?? ''}`)).text();
    };
    expect(await page()).toContain('active until 2026-11-26 07:00');
    expect(await page()).toContain('nothing was sent yet');
    now += 5 * minute;
    addBusy();
    await microsoft.deliveriesSettled();
    expect(await page()).toContain('last notification 2026-11-23 09:05, answered 202');
    microsoft.sendLifecycle(pete, 'subscriptionRemoved');
    expect(await page()).toContain('Nobody is subscribed');
  });

  test('can be lost', async () => {
    microsoft.setDelivery({ arrives: 'never' });
    addBusy();
    await microsoft.deliveriesSettled();
    expect(receiver.received).toEqual([]);
    addBusy();
    await microsoft.deliveriesSettled();
    expect(receiver.received).toHaveLength(1);
  });

  test('can come late by the stand-in’s clock, or when the test says so', async () => {
    microsoft.setDelivery({ arrives: { afterMs: 180_000 } });
    microsoft.setDelivery({ arrives: 'on_release', name: 'second' });
    addBusy();
    addBusy();
    now += 179_999;
    await microsoft.runDue();
    expect(receiver.received).toEqual([]);
    now += 1;
    await microsoft.runDue();
    expect(receiver.received).toHaveLength(1);
    expect(await microsoft.release('second')).toBe(1);
    expect(receiver.received).toHaveLength(2);
  });

  test('can come twice', async () => {
    microsoft.setDelivery({ copies: 2 });
    addBusy();
    await microsoft.deliveriesSettled();
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[0]).toEqual(receiver.received[1]);
  });

  test('can come out of order', async () => {
    microsoft.setDelivery({ arrives: 'on_release', times: 3 });
    const id = addBusy();
    microsoft.editEvent(pete, id, { subject: 'Dentist' });
    microsoft.deleteEvent(pete, id);
    await microsoft.release('notification', 'reversed');
    expect(items().map(({ changeType }) => changeType)).toEqual(['deleted', 'updated', 'created']);
  });

  test.each(['client_state', 'subscription'] as const)(
    'can be a forged one, with a wrong %s',
    async (forged) => {
      microsoft.setDelivery({ forged });
      addBusy();
      await microsoft.deliveriesSettled();
      const [item] = items();
      const [subscription] = microsoft.subscriptions(pete);
      expect(item?.['clientState'] === 'the state').toBe(forged === 'subscription');
      expect(item?.['subscriptionId'] === subscription?.id).toBe(forged === 'client_state');
    },
  );

  test('that is not accepted is repeated, and finally dropped', async () => {
    receiver.behaviour.status = 503;
    addBusy();
    await microsoft.deliveriesSettled();
    for (let hours = 0; hours < 10; hours += 1) {
      now += 60 * minute;
      await microsoft.runDue();
    }
    expect(microsoft.deliveries().map(({ attempt, status }) => [attempt, status])).toEqual(
      [1, 2, 3, 4, 5, 6].map((attempt) => [attempt, 503]),
    );
    receiver.behaviour.status = 202;
    addBusy();
    await microsoft.deliveriesSettled();
    expect(microsoft.subscriptions(pete)[0]?.lastDelivery).toEqual({ at: now, status: 202 });
  });

  test.each(['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const)(
    'can be the lifecycle message %s, with organizationId',
    async (event) => {
      const [subscription] = microsoft.subscriptions(pete);
      microsoft.sendLifecycle(pete, event);
      await microsoft.deliveriesSettled();
      expect(receiver.received).toMatchObject([
        {
          path: '/lifecycle',
          value: [
            {
              lifecycleEvent: event,
              subscriptionId: subscription?.id,
              clientState: 'the state',
              organizationId: microsoft.people()[0]?.tenantId,
            },
          ],
        },
      ]);
      expect(items()[0]).not.toHaveProperty('tenantId');
      expect(microsoft.subscriptions(pete)).toHaveLength(event === 'subscriptionRemoved' ? 0 : 1);
    },
  );
});
