// What a caller hears when Microsoft is slow, broken or closed to us.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { useApp } from '../../shared/running-app.ts';
import { createTestApp, START } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import {
  BERTA,
  connectManager,
  expectAction,
  HOUSE,
  PETE,
  roundTrips,
  send,
} from '../support/voice-agent.ts';

let app: TestApp;

beforeAll(async () => {
  // Every listing asks Graph. What a stored copy answers is tested with the snapshots.
  app = await createTestApp({ CALENDAR_NOTIFICATIONS: 'false' });
});
afterAll(() => app.close());
beforeEach(() => {
  app.clock.now = START;
  app.microsoft.reset();
});

const TUESDAY_9 = '2026-12-01T09:00:00-06:00';
const BOOKING = { property_address: HOUSE, start_time: TUESDAY_9 };

/** Connected, asked once, and nothing counted yet. */
async function warm() {
  const manager = await connectManager(app, PETE);
  expectAction(await manager.phone().ask('get_availability'), 'present_slots');
  app.microsoft.clearRequests();
  return manager;
}

describe('a caller who is offered no times', () => {
  test('can leave a message if the calendar is full, which is no error', async () => {
    const manager = await warm();
    app.microsoft.addEvent(PETE, { startDate: '2026-11-20', endDate: '2027-03-01', showAs: 'oof' });
    expect(await manager.phone().ask('get_availability')).toEqual({
      action: 'no_availability',
      response: "I'm sorry, nothing is free in the next 60 days. Would you like to leave a message?",
    });
    expect(await manager.phone().ask('set_appointment', BOOKING)).toMatchObject({
      action: 'conflict',
      reason: 'busy',
      available_slots: [],
    });
  });

  test.each([
    ['down', { status: 503 }, 'microsoft_unreachable'],
    ['dropping its connections', { drop: 'before' }, 'microsoft_unreachable'],
    ['behind a broken gateway', { shape: 'html' }, 'microsoft_unreachable'],
    ['throttling', { status: 429, retryAfter: 120 }, 'microsoft_throttled'],
  ] as const)(
    'hears of an error that can be retried if Graph is %s, and nothing is booked',
    async (_, fault, code) => {
      const manager = await warm();
      const call = manager.phone();
      app.microsoft.setFault({ path: '/v1.0/*', times: 1_000, ...fault });
      for (const [name, args] of [
        ['get_availability', {}],
        ['set_appointment', BOOKING],
      ] as const) {
        expect(await call.ask(name, args)).toMatchObject({ action: 'error', code, retryable: true });
      }
      app.microsoft.clearFaults();
      expect(manager.events()).toEqual([]);
      // The failed try is no obstacle to the next, neither to this caller nor to another.
      expectAction(await manager.phone('+13125550111').ask('set_appointment', BOOKING), 'booked');
      expect(manager.events()).toHaveLength(1);
    },
  );

  test('hears that the manager is not connected, whatever the cause', async () => {
    const manager = await warm();
    const hear = async () => {
      const answer = expectAction(await manager.phone().ask('get_availability'), 'require_auth');
      expect(await manager.phone().ask('set_appointment', BOOKING)).toEqual(answer);
      return answer.reason;
    };
    app.microsoft.revoke(PETE, { accessTokens: true });
    expect(await hear()).toBe('reconnect_required');
    expect(await app.status(manager.userId)).toMatchObject({ status: 'reconnect_required' });
    expect((await app.post('/calendar/auth/disconnect', { user_id: manager.userId })).status).toBe(200);
    expect(await hear()).toBe('disconnected');
    expect(manager.events()).toEqual([]);
  });
});

describe('a token that Graph refuses', () => {
  test.each([
    ['get_availability', {}, 'present_slots'],
    ['set_appointment', BOOKING, 'booked'],
  ] as const)('costs %s one renewal and one more try', async (name, args, action) => {
    const manager = await warm();
    app.microsoft.expireAccessTokens(PETE);
    expectAction(await manager.phone().ask(name, args), action);
    const paths = app.microsoft.requests().map(({ method, path }) => `${method} ${path}`);
    expect(paths.filter((path) => path.endsWith('/oauth2/v2.0/token'))).toHaveLength(1);
    expect(roundTrips(app).slice(0, 2)).toEqual([
      'GET /v1.0/me/calendarView 401',
      'GET /v1.0/me/calendarView 200',
    ]);
  });

  test('though it is new, means after two renewals that the manager has to connect again', async () => {
    const manager = await warm();
    app.microsoft.setFault({ path: '/v1.0/*', status: 401, times: 1_000 });
    expect(await manager.phone().ask('get_availability')).toMatchObject({
      action: 'require_auth',
      reason: 'reconnect_required',
    });
    const tokens = app.microsoft.requests().filter(({ path }) => path.endsWith('/oauth2/v2.0/token'));
    expect(tokens).toHaveLength(2);
  });
});

describe('the deadline', () => {
  const HANG = { times: 1_000, delayMs: 60_000 };

  test('is met even if Microsoft hangs: every tool call is answered, and later calls work', async () => {
    const manager = await warm();
    const call = manager.phone();
    expectAction(
      await call.ask('set_appointment', { ...BOOKING, start_time: '2026-12-02T09:00:00-06:00' }),
      'booked',
    );
    const expired = await connectManager(app, BERTA);
    app.microsoft.expireAccessTokens(BERTA);
    app.microsoft.setFault({ path: '/v1.0/*', ...HANG });
    app.microsoft.setFault({ path: '/*/oauth2/v2.0/token', ...HANG });
    useApp(app.servicesWith({}, {}));

    const several = call.body('get_availability', {});
    const [tool] = several.message.toolCallList;
    const toolCallList = ['a', 'b', 'c'].map((id) => ({
      ...tool,
      id,
      function: { name: 'set_appointment', arguments: { ...BOOKING, property_address: `${id} Elm` } },
    }));
    const answers = await Promise.all([
      call.ask('get_availability'),
      call.ask('set_appointment', BOOKING),
      call.ask('find_appointments'),
      call.ask('reschedule_appointment', { new_start_time: '2026-12-03T09:00:00-06:00' }),
      call.ask('cancel_appointment'),
      expired.phone().ask('get_availability'),
      send(app, { message: { ...several.message, toolCallList } }),
    ]);
    // Microsoft hangs until clearFaults: whatever was answered did not wait for it.
    expect(answers.flat()).toHaveLength(9);
    for (const answer of answers.flat()) expectAction(answer, 'error');
    app.microsoft.clearFaults();
    useApp(app.services);

    expectAction(await call.ask('set_appointment', BOOKING), 'booked');
    const { appointments } = expectAction(await call.ask('find_appointments'), 'appointments');
    expect(appointments).toHaveLength(manager.events().length);
    // A refresh that hangs is no lost consent.
    expectAction(await expired.phone().ask('get_availability'), 'present_slots');
  });
});

test('nothing is booked if the tables cannot be written, and the caller hears so', async () => {
  const manager = await warm();
  useApp(app.servicesReadOnly());
  try {
    expect(await manager.phone().ask('set_appointment', BOOKING)).toMatchObject({
      action: 'error',
      code: 'storage_unavailable',
    });
    // Reading is enough to tell what is free.
    expectAction(await manager.phone().ask('get_availability'), 'present_slots');
  } finally {
    useApp(app.services);
  }
  expect(manager.events()).toEqual([]);
});
