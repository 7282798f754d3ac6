// Microsoft is down for an hour: listings go on and say that they may be wrong, bookings are refused, and then all heals.
import { beforeEach, expect, test } from '@jest/globals';
import { useApp } from '../../shared/running-app.ts';
import { PATIENT } from '../support/patient.ts';
import { HOUR, MINUTE, useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, PETE, roundTrips } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const app = useTestApp();
/** Tuesday at 9 in the manager's zone. */
const NINE = Date.parse('2026-11-24T15:00:00Z');
const AT_NINE = '2026-11-24T09:00:00-06:00';
const BOOKING = { property_address: HOUSE, start_time: AT_NINE };
const TOKEN_PATH = '/common/oauth2/v2.0/token';

let manager: CalledManager;

beforeEach(async () => {
  useApp(app.services);
  manager = await connectManager(app, PETE);
  expectAction(await listTuesday(), 'present_slots');
});

function listTuesday() {
  return manager.phone().ask('get_availability', { preferred_date: '2026-11-24' });
}

async function expectProvisional(): Promise<void> {
  const listed = expectAction(await listTuesday(), 'present_slots');
  expect(listed.provisional).toBe(true);
  expect(listed.response).toMatch(/^As far as I can see, I have /);
  expect(listed.available_slots.map(({ start_time }) => start_time)).toContain(AT_NINE);
}

test('while Graph is down for an hour, each listing is provisional, no booking is made, and afterwards both work again', async () => {
  app.clock.now += 16 * MINUTE;
  app.microsoft.setFault({ path: '/v1.0/*', status: 503, times: Infinity });
  // The manager is busy from now on, and nobody tells us.
  app.microsoft.setDelivery({ arrives: 'never' });
  app.microsoft.addEvent(PETE, { start: NINE, end: NINE + HOUR });
  for (let minutes = 0; minutes < 60; minutes += 15) {
    await app.runTimer('sweep');
    await expectProvisional();
    const refused = await manager.phone(`+131255501${minutes + 10}`).ask('set_appointment', BOOKING);
    expect(refused).toMatchObject({ action: 'error', code: 'microsoft_unreachable', retryable: true });
    expect(refused.response).toMatch(/can't reach the calendar/);
    expect(refused.response).not.toMatch(/booked|taken|free/);
    app.clock.now += 15 * MINUTE;
  }
  expect(manager.events()).toHaveLength(1);

  app.microsoft.clearFaults();
  app.microsoft.clearRequests();
  const healed = expectAction(await listTuesday(), 'present_slots');
  expect(healed.provisional).toBeUndefined();
  expect(healed.response).not.toMatch(/As far as I can see/);
  expect(healed.available_slots.map(({ start_time }) => start_time)).not.toContain(AT_NINE);
  expect(roundTrips(app)).toEqual(['GET /v1.0/me/calendarView 200']);
  app.microsoft.clearRequests();
  expectAction(await listTuesday(), 'present_slots');
  expect(roundTrips(app)).toEqual([]);
  expectAction(await manager.phone().ask('set_appointment', BOOKING), 'conflict');
  const later = { ...BOOKING, start_time: '2026-11-24T11:00:00-06:00' };
  expectAction(await manager.phone().ask('set_appointment', later), 'booked');
});

test.each([
  ['answers 503', { status: 503 }, 'microsoft_unreachable'],
  // Nobody waits until the sign-in gives up: 2 seconds of silence are enough, whoever is silent.
  ['never answers', { answer: 'never' }, 'deadline_exceeded'],
] as const)(
  'if the sign-in %s as well, when the access token has expired, listings still go on',
  async (_, fault, code) => {
    app.clock.now += 2 * HOUR;
    app.microsoft.setFault({ path: '/v1.0/*', times: Infinity, ...fault });
    app.microsoft.setFault({ path: TOKEN_PATH, times: Infinity, ...fault });
    // The sign-in goes on without the listing. It gives up before this test ends, and asks nothing during the next one.
    if (code === 'deadline_exceeded')
      useApp(app.servicesWith({}, { ...PATIENT, silenceMs: 1, attemptMs: 1_000 }));
    await expectProvisional();
    const provisional = app.log.lines.filter(({ event }) => event === 'listing_provisional');
    expect(provisional.map(({ fields }) => fields['code'])).toEqual([code]);
    // With the product's own limits: a booking waits for Microsoft until its deadline.
    useApp(app.servicesWith({}, {}));
    expect(await manager.phone().ask('set_appointment', BOOKING)).toMatchObject({
      action: 'error',
      retryable: true,
    });
    app.microsoft.clearFaults();
    useApp(app.services);
    expect(expectAction(await listTuesday(), 'present_slots').provisional).toBeUndefined();
  },
);

test('a good copy needs no access token: an expired one is not renewed for it', async () => {
  app.clock.now += 2 * HOUR;
  expectAction(await listTuesday(), 'present_slots');
  app.microsoft.expireAccessTokens(PETE);
  app.microsoft.clearRequests();
  app.microsoft.setFault({ path: '*', status: 503, times: Infinity });
  expect(expectAction(await listTuesday(), 'present_slots').provisional).toBeUndefined();
  expect(app.microsoft.requests()).toEqual([]);
});
