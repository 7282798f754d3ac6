// Times at once, without asking Microsoft: when a stored copy answers a listing, and when Graph is asked.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { useApp } from '../../shared/running-app.ts';
import { PATIENT } from '../support/patient.ts';
import { DAY, HOUR, MINUTE, useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, PETE, roundTrips } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const app = useTestApp();
const SECOND = 1_000;
/** Tuesday at 9 in the manager's zone. */
const NINE = Date.parse('2026-11-24T15:00:00Z');
const VIEW = 'GET /v1.0/me/calendarView 200';

let manager: CalledManager;

beforeEach(async () => {
  useApp(app.services);
  manager = await connectManager(app, PETE);
  app.microsoft.clearRequests();
});

/** Lists Tuesday's times. @returns their starts on the manager's clock */
async function listTuesday(): Promise<string[]> {
  const answer = await manager.phone().ask('get_availability', { preferred_date: '2026-11-24' });
  return expectAction(answer, 'present_slots').available_slots.map(({ start_time }) => start_time);
}

/** How often Graph was asked by what is done here. */
async function tripsOf(work: () => Promise<unknown>): Promise<string[]> {
  app.microsoft.clearRequests();
  await work();
  return roundTrips(app);
}

const block = (start = NINE, minutes = 8 * 60) =>
  app.microsoft.addEvent(PETE, { start, end: start + minutes * MINUTE, subject: 'Dentist' });

async function changeIsTold(): Promise<void> {
  await app.microsoft.deliveriesSettled();
}

describe('if there is a good copy of the calendar,', () => {
  test('the first listing asks Graph once, and the next ones do not', async () => {
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    expect(await tripsOf(listTuesday)).toEqual([]);
    expect(await tripsOf(() => manager.phone().ask('get_availability'))).toEqual([]);
  });

  test('another instance reads the copy that the first one stored', async () => {
    await listTuesday();
    useApp(app.servicesWith());
    expect(await tripsOf(listTuesday)).toEqual([]);
    useApp(app.servicesWith());
    expect(await tripsOf(listTuesday)).toEqual([]);
  });

  test('a booking asks Graph twice all the same', async () => {
    await listTuesday();
    const book = () =>
      manager
        .phone()
        .ask('set_appointment', { property_address: HOUSE, start_time: '2026-11-24T10:00:00-06:00' });
    expect(await tripsOf(book)).toEqual([VIEW, 'POST /v1.0/$batch 200']);
  });

  test('a viewing that was just booked, moved or cancelled shows at once, although Graph has told nothing', async () => {
    await listTuesday();
    app.microsoft.setDelivery({ arrives: 'never', times: 9 });
    const phone = manager.phone();
    const booked = expectAction(
      await phone.ask('set_appointment', {
        property_address: HOUSE,
        attendee_name: 'Ann',
        start_time: '2026-11-24T09:00:00-06:00',
      }),
      'booked',
    );
    expect(await listTuesday()).not.toContain('2026-11-24T09:00:00-06:00');
    const { appointment_id: appointment } = booked.appointment;
    expectAction(
      await phone.ask('reschedule_appointment', { appointment, new_start_time: '2026-11-25T09:00:00-06:00' }),
      'rescheduled',
    );
    expect(await listTuesday()).toContain('2026-11-24T09:00:00-06:00');
    const wednesday = async () =>
      expectAction(
        await manager.phone().ask('get_availability', { preferred_date: '2026-11-25' }),
        'present_slots',
      ).available_slots.map(({ start_time }) => start_time);
    expect(await wednesday()).not.toContain('2026-11-25T09:00:00-06:00');
    expectAction(await phone.ask('cancel_appointment', { appointment }), 'cancelled');
    expect(
      await tripsOf(async () => {
        expect(await wednesday()).toContain('2026-11-25T09:00:00-06:00');
      }),
    ).toEqual([]);
  });

  test('a booked viewing shows in an older copy for as long as the copy answers', async () => {
    await listTuesday();
    app.microsoft.setDelivery({ arrives: 'never', times: 9 });
    await manager
      .phone()
      .ask('set_appointment', { property_address: HOUSE, start_time: '2026-11-24T09:00:00-06:00' });
    app.clock.now += 10 * MINUTE;
    expect(
      await tripsOf(async () => {
        expect(await listTuesday()).not.toContain('2026-11-24T09:00:00-06:00');
      }),
    ).toEqual([]);
  });
});

describe('Graph is asked', () => {
  test('as soon as it has told of a change, and until 15 seconds after that', async () => {
    await listTuesday();
    block();
    await changeIsTold();
    expect(
      await tripsOf(async () => {
        expect(await listTuesday()).not.toContain('2026-11-24T09:00:00-06:00');
      }),
    ).toEqual([VIEW]);
    app.clock.now += 14 * SECOND;
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    app.clock.now += SECOND;
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    expect(await tripsOf(listTuesday)).toEqual([]);
  });

  test('after 15 minutes at the latest if a notification was lost', async () => {
    await listTuesday();
    app.microsoft.setDelivery({ arrives: 'never' });
    block();
    app.clock.now += 15 * MINUTE;
    expect(await tripsOf(listTuesday)).toEqual([]);
    app.clock.now += SECOND;
    expect(
      await tripsOf(async () => {
        expect(await listTuesday()).not.toContain('2026-11-24T09:00:00-06:00');
      }),
    ).toEqual([VIEW]);
  });

  test('if the manager’s zone or horizon has changed, but not for other rules', async () => {
    await listTuesday();
    await manager.put({ rules: { notice_minutes: 30 } });
    expect(await tripsOf(listTuesday)).toEqual([]);
    await manager.put({ rules: { horizon_days: 90 } });
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    await manager.put({ time_zone: 'America/New_York' });
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    expect(await tripsOf(listTuesday)).toEqual([]);
  });

  test('if the clock of whoever read the copy was wrong', async () => {
    app.clock.now += HOUR;
    await listTuesday();
    app.clock.now -= HOUR;
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    expect(await tripsOf(listTuesday)).toEqual([]);
  });

  test('if a change was told while the clock was behind', async () => {
    await listTuesday();
    app.clock.now -= HOUR;
    block();
    await changeIsTold();
    app.clock.now += HOUR;
    expect(
      await tripsOf(async () => {
        expect(await listTuesday()).not.toContain('2026-11-24T09:00:00-06:00');
      }),
    ).toEqual([VIEW]);
  });

  test('if the copy’s key is no longer listed, and if the key has changed it need not be', async () => {
    await listTuesday();
    const KEYS = app.services.config.encryptionKeys;
    const text = (fill: number) => Buffer.alloc(32, fill).toString('base64');
    expect(KEYS).toHaveLength(1);
    const rotated = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${text(2)},one:${text(1)}` });
    useApp(rotated);
    expect(await tripsOf(listTuesday)).toEqual([]);
    // The daily run also makes a subscription under the new key.
    await app.runTimer('keepAlive');
    app.clock.now += MINUTE;
    await listTuesday();
    useApp(app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${text(2)}` }));
    expect(await tripsOf(listTuesday)).toEqual([]);
  });

  test('if the copy’s subscription is under a key that is no longer listed: what is told is not heard', async () => {
    const text = (fill: number) => Buffer.alloc(32, fill).toString('base64');
    await listTuesday();
    const rotated = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${text(2)},one:${text(1)}` });
    useApp(rotated);
    await rotated.runDaily();
    useApp(app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${text(2)}` }));
    block();
    await changeIsTold();
    expect(await listTuesday()).not.toContain('2026-11-24T09:00:00-06:00');
    expect(await app.status(manager.userId)).toMatchObject({
      notifications: { state: 'off', reason: /no longer listed/ },
    });
    await app.runTimer('sweep');
    expect(await app.status(manager.userId)).toMatchObject({ notifications: { state: 'on' } });
  });

  test('as soon as CALENDAR_NOTIFICATIONS is false, and what was kept before is erased', async () => {
    await listTuesday();
    useApp(app.servicesWith({ CALENDAR_NOTIFICATIONS: 'false' }));
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    app.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 9 });
    expectAction(await manager.phone().ask('get_availability'), 'error');
    app.microsoft.clearFaults();
    await app.runTimer('sweep');
    expect(app.microsoft.subscriptions(PETE)).toEqual([]);
    expect(await app.dump()).not.toMatch(/calendar-|snapshot_version/);
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    expect(await app.dump()).not.toMatch(/calendar-|snapshot_version/);
  });

  test('always, with CALENDAR_NOTIFICATIONS=false, and no copy is kept', async () => {
    const off = app.servicesWith({ CALENDAR_NOTIFICATIONS: 'false' });
    useApp(off);
    manager = await connectManager(app, 'kavya@lakeviewrentals.example');
    expect(await app.status(manager.userId)).toMatchObject({ notifications: { state: 'off' } });
    await listTuesday();
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    for await (const page of app.tables.query('snapshots', '')) expect(page).toEqual([]);
    app.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 99 });
    expectAction(await manager.phone().ask('get_availability'), 'error');
  });
});

describe('if Graph fails,', () => {
  test('a copy of up to 24 hours answers a listing and says so, and a booking says that it cannot', async () => {
    await listTuesday();
    app.microsoft.setFault({ path: '/v1.0/*', status: 503, times: 9_999 });
    app.clock.now += HOUR;
    const listed = expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    expect(listed.provisional).toBe(true);
    expect(listed.response).toMatch(/^As far as I can see, I have /);
    const booked = await manager.phone().ask('set_appointment', {
      property_address: HOUSE,
      start_time: listed.available_slots[0]?.start_time,
    });
    expect(booked).toMatchObject({ action: 'error', code: 'microsoft_unreachable', retryable: true });

    // Which of the free times is meant is a part of booking.
    const asked = { property_address: HOUSE, start_time: 'tomorrow' };
    expect(await manager.phone().ask('set_appointment', asked)).toMatchObject({ action: 'error' });

    app.clock.now += DAY - HOUR + SECOND;
    expectAction(await manager.phone().ask('get_availability'), 'error');
    app.microsoft.clearFaults();
    const healed = expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    expect(healed.provisional).toBeUndefined();
  });

  test('the line is said in Spanish, too', async () => {
    await listTuesday();
    await manager.put({ language: 'es' });
    app.clock.now += HOUR;
    app.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 99 });
    const listed = expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    expect(listed.response).toMatch(/^Por lo que veo, tengo /);
  });

  test('an answer that never comes is waited for as long as it takes to know, not to the end', async () => {
    await listTuesday();
    app.clock.now += HOUR;
    app.microsoft.setFault({ path: '/v1.0/me/calendarView', answer: 'never', times: 9 });
    useApp(app.servicesWith({}, { ...PATIENT, silenceMs: 1 }));
    const listed = expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    expect(listed.provisional).toBe(true);
    app.microsoft.clearFaults();
  });

  test('without a copy the calendar is unreachable, and a full copy does not say that nothing is free', async () => {
    app.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 99 });
    expectAction(await manager.phone().ask('get_availability'), 'error');
    app.microsoft.clearFaults();
    app.microsoft.addEvent(PETE, { start: app.clock.now, end: app.clock.now + 70 * DAY });
    await changeIsTold();
    expectAction(await manager.phone().ask('get_availability'), 'no_availability');
    app.clock.now += HOUR;
    app.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 99 });
    expectAction(await manager.phone().ask('get_availability'), 'error');
  });

  test('a lost consent is no outage', async () => {
    await listTuesday();
    app.clock.now += 2 * HOUR;
    app.microsoft.revoke(PETE);
    expectAction(await manager.phone().ask('get_availability'), 'require_auth');
  });
});

test.each([
  ['disconnected', () => app.post('/calendar/auth/disconnect', { user_id: manager.userId })],
  ['deleted', () => app.request(`/managers/${manager.userId}`, { method: 'DELETE' })],
])('a listing keeps nothing of a manager who is %s while Graph is asked', async (_, end) => {
  app.microsoft.setFault({ path: '/v1.0/me/calendarView', answer: 'on_release', name: 'view' });
  const listing = listTuesday();
  await app.microsoft.waitForHeld('view');
  await end();
  await app.microsoft.release('view');
  await listing;
  expect(await app.dump()).not.toMatch(/calendar-|snapshot_version/);
});

test('another account’s copy never answers', async () => {
  await listTuesday();
  const { status } = await app.post('/calendar/auth/disconnect', { user_id: manager.userId });
  expect(status).toBe(200);
  for await (const page of app.tables.query('snapshots', '')) expect(page).toEqual([]);
  await app.connect(await app.startLink(manager.userId), 'kavya@lakeviewrentals.example');
  expect(await tripsOf(listTuesday)).toEqual([VIEW]);
  // Without a disconnect in between.
  await app.connect(await app.startLink(manager.userId), PETE);
  for await (const page of app.tables.query('snapshots', '')) expect(page).toEqual([]);
  expect(app.microsoft.subscriptions('kavya@lakeviewrentals.example')).toEqual([]);
  app.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 99 });
  expectAction(await manager.phone().ask('get_availability'), 'error');
});
