// POST /microsoft/notifications: anybody may send anything. Only a client state of ours counts, and it costs one write.
import { request as httpRequest } from 'node:http';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createClientStates } from '../../shared/connections/client-state.ts';
import { receiveNotifications } from '../../shared/connections/receive-notifications.ts';
import type { CalendarChangeStore, ChangeMark } from '../../shared/connections/calendar-changes.ts';
import { useApp } from '../../shared/running-app.ts';
import { managerKey } from '../../shared/storage/rows.ts';
import { createTestApp, useTestApp } from '../support/test-app.ts';

const app = useTestApp();
const PATH = '/microsoft/notifications';
const PETE = 'pete@lakeviewrentals.example';
const USER = 'pete';

const KEYS = [
  { id: 'two', bytes: new Uint8Array(32).fill(2) },
  { id: 'one', bytes: new Uint8Array(32).fill(1) },
];
const CALENDAR = managerKey('somebody');

beforeEach(() => {
  useApp(app.services);
});

function post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return app.request(PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

async function changeRow(userId = USER) {
  return app.tables.getOrNull('managers', managerKey(userId), 'calendar-change');
}

/** The endpoint's own work, with a store that notes what is written. */
function createReceiver(mark: CalendarChangeStore['mark'] = () => Promise.resolve(true)) {
  const marks: [string, ChangeMark][] = [];
  const clientStates = createClientStates(KEYS);
  const unused = () => {
    throw new Error('Nothing is read');
  };
  const changes: CalendarChangeStore = {
    keyOf: managerKey,
    mark(calendarKey, one, signal) {
      marks.push([calendarKey, one]);
      return mark(calendarKey, one, signal);
    },
    markAsked: unused,
    listDue: unused,
    settle: unused,
  };
  const receive = (body: unknown) =>
    receiveNotifications(
      { changes, clientStates, log: app.log, now: () => 1_000 },
      typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body)),
      app.signal(),
    );
  return { marks, clientStates, receive };
}

describe('the handshake', () => {
  test('is answered with the decoded token as plain text', async () => {
    const token = 'Validation: Testing <b>client</b> application & more';
    const response = await app.request(`${PATH}?validationToken=${encodeURIComponent(token)}`, {
      method: 'POST',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe(token);
  });

  test('does not wait for a body that never ends', async () => {
    const { hostname, port } = new URL(app.url);
    const path = `${PATH}?validationToken=abc`;
    const sending = httpRequest({
      hostname,
      port,
      path,
      method: 'POST',
      headers: { 'transfer-encoding': 'chunked' },
    });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      sending.on('response', (response) => {
        resolve(response.statusCode);
      });
      sending.on('error', reject);
    });
    sending.write('{');
    expect(await answered).toBe(200);
    sending.destroy();
  });
});

describe('a notification', () => {
  test('marks its calendar, and no other', async () => {
    await app.connect(await app.startLink(USER), PETE);
    await app.connect(await app.startLink('kavya'), 'kavya@lakeviewrentals.example');
    const [before, other] = [await changeRow(), await changeRow('kavya')];
    app.microsoft.addEvent(PETE, { start: app.clock.now, end: app.clock.now + 60_000 });
    await app.microsoft.deliveriesSettled();
    expect(app.microsoft.deliveries().map(({ status }) => status)).toEqual([202]);
    const after = await changeRow();
    expect(after?.['changed_at']).toBe(app.clock.now);
    expect(after?.['change_id']).not.toBe(before?.['change_id']);
    expect(await changeRow('kavya')).toEqual(other);
  });

  test('of a manager who is gone brings nothing back', async () => {
    await app.connect(await app.startLink(USER), PETE);
    const clientState = app.microsoft.subscriptions(PETE)[0]?.clientState;
    await app.request(`/managers/${USER}`, { method: 'DELETE' });
    expect((await post(JSON.stringify({ value: [{ clientState }] }))).status).toBe(202);
    expect(await changeRow()).toBeNull();
  });

  test('is answered 503 if it cannot be marked, so that Graph repeats it', async () => {
    await app.connect(await app.startLink(USER), PETE);
    const clientState = app.microsoft.subscriptions(PETE)[0]?.clientState;
    useApp(app.servicesReadOnly());
    expect((await post(JSON.stringify({ value: [{ clientState }] }))).status).toBe(503);
  });

  test('by a stranger is dropped and counted', async () => {
    await app.connect(await app.startLink(USER), PETE);
    const before = await changeRow();
    app.microsoft.setDelivery({ forged: 'client_state' });
    app.microsoft.addEvent(PETE, { start: app.clock.now, end: app.clock.now + 60_000 });
    await app.microsoft.deliveriesSettled();
    expect(app.microsoft.deliveries().at(-1)?.status).toBe(202);
    expect(await changeRow()).toEqual(before);
  });

  test('is lost neither by a disconnect nor by bad settings of the app in between', async () => {
    useApp(undefined);
    const saved = process.env['MICROSOFT_CLIENT_ID'];
    delete process.env['MICROSOFT_CLIENT_ID'];
    expect((await post('{"value":[]}')).status).toBe(503);
    if (saved !== undefined) process.env['MICROSOFT_CLIENT_ID'] = saved;
  });
});

describe('one request with notifications', () => {
  test('costs one write for each calendar, however many items it holds', async () => {
    const { marks, clientStates, receive } = createReceiver();
    const one = clientStates.make(CALENDAR).clientState;
    const two = clientStates.make(managerKey('other')).clientState;
    const items = Array.from({ length: 10_000 }, (_, index) => ({ clientState: index % 2 ? one : two }));
    expect(await receive({ value: items })).toEqual({
      accepted: 10_000,
      dropped: 0,
      marked: 2,
      unknown: 0,
      failed: 0,
    });
    expect(marks.map(([calendar]) => calendar).toSorted()).toEqual(
      [CALENDAR, managerKey('other')].toSorted(),
    );
  });

  test('marks a calendar that the last of very many items names, and lets others have their turn', async () => {
    const { marks, clientStates, receive } = createReceiver();
    const stranger = clientStates.make(managerKey('other')).clientState.slice(0, -1);
    const strangers = Array.from({ length: 20_000 }, (_, index) => ({
      clientState: `${stranger.slice(0, -5)}${String(index).padStart(6, '0')}`,
    }));
    const { clientState } = clientStates.make(CALENDAR);
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    });
    const outcome = await receive({ value: [...strangers, { clientState }] });
    clearInterval(counting);
    expect(outcome).toMatchObject({ accepted: 1, dropped: 20_000, marked: 1 });
    expect(marks.map(([calendar]) => calendar)).toEqual([CALENDAR]);
    expect(turns).toBeGreaterThan(0);
  });

  test('tells of ended subscriptions and of those to renew in the same write', async () => {
    const { marks, clientStates, receive } = createReceiver();
    const { clientState } = clientStates.make(CALENDAR);
    await receive({
      value: [
        { clientState },
        { clientState, subscriptionId: 'b7-e1', lifecycleEvent: 'subscriptionRemoved' },
        { clientState, lifecycleEvent: 'reauthorizationRequired' },
        { clientState, subscriptionId: 'x'.repeat(9_999), lifecycleEvent: 'missed' },
      ],
    });
    expect(marks).toHaveLength(1);
    expect(marks[0]?.[1]).toMatchObject({ changedAt: 1_000, removedId: 'b7-e1', needsRenewal: true });
  });

  test('marks, reads and throws nothing, whatever it holds, without a valid client state', async () => {
    const { marks, clientStates, receive } = createReceiver();
    const { clientState } = clientStates.make(CALENDAR);
    const altered = fc
      .nat(clientState.length - 1)
      .map(
        (at) => clientState.slice(0, at) + (clientState[at] === 'A' ? 'B' : 'A') + clientState.slice(at + 1),
      );
    const item = fc.oneof(
      fc.jsonValue(),
      fc.record({
        clientState: fc.oneof(fc.jsonValue(), fc.string(), altered),
        subscriptionId: fc.jsonValue(),
      }),
    );
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ value: fc.oneof(fc.jsonValue(), fc.array(item)) }).map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const { accepted, marked, failed } = await receive(text);
        expect([accepted, marked, failed]).toEqual([0, 0, 0]);
      }),
      { numRuns: 500, seed: 20261126 },
    );
    expect(marks).toEqual([]);
  });

  test('is answered 202 if its bytes are no text, and 413 above 4 MiB', async () => {
    expect((await post(new Uint8Array([0xff, 0xfe, 0x00]))).status).toBe(202);
    expect((await post('')).status).toBe(202);
    expect((await post('x'.repeat(4 * 1024 * 1024 + 1))).status).toBe(413);
  });
});

describe('a client state', () => {
  const states = createClientStates(KEYS);

  test('names its calendar under every key that is listed, and only the first one is current', () => {
    const { clientState, keyId } = createClientStates(KEYS.slice(1)).make(CALENDAR);
    expect(states.read(clientState)).toBe(CALENDAR);
    expect(states.isCurrent(keyId)).toBe(false);
    expect(states.isCurrent(states.make(CALENDAR).keyId)).toBe(true);
    expect(createClientStates(KEYS.slice(0, 1)).read(clientState)).toBeNull();
  });

  test('is another one each time, and fits into Graph’s 128 characters', () => {
    const [one, two] = [states.make(CALENDAR).clientState, states.make(CALENDAR).clientState];
    expect(one).not.toBe(two);
    expect(one).toHaveLength(110);
  });

  test('for one calendar does not serve for another', () => {
    const { clientState } = states.make(CALENDAR);
    expect(states.read(clientState.replace(CALENDAR, managerKey('other')))).toBeNull();
  });
});

test('with notifications off nothing is marked', async () => {
  const off = await createTestApp({ CALENDAR_NOTIFICATIONS: 'false' });
  try {
    await off.connect(await off.startLink(USER), PETE);
    const { clientState } = createClientStates([{ id: 'one', bytes: new Uint8Array(32).fill(1) }]).make(
      managerKey(USER),
    );
    const response = await off.request(PATH, {
      method: 'POST',
      body: JSON.stringify({ value: [{ clientState }] }),
    });
    expect(response.status).toBe(202);
    expect(await off.dump()).not.toContain('calendar-');
  } finally {
    await off.close();
  }
});
