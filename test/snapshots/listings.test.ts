// Times at once, without asking Microsoft: when a stored copy answers a listing, and when Graph is asked.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { useApp } from '../../shared/serve.ts';
import { DAY, HOUR, MINUTE, useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, PETE, roundTrips } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const world = useTestApp();
const SECOND = 1_000;
/** Tuesday at 9 in the manager's zone. */
const NINE = Date.parse('2026-11-24T15:00:00Z');
const VIEW = 'GET /v1.0/me/calendarView 200';

let manager: CalledManager;

beforeEach(async () => {
  useApp(world.services);
  manager = await connectManager(world, PETE);
  world.microsoft.clearRequests();
});

/** Lists Tuesday's times. @returns their starts on the manager's clock */
async function listTuesday(): Promise<string[]> {
  const answer = await manager.phone().ask('get_availability', { preferred_date: '2026-11-24' });
  return expectAction(answer, 'present_slots').available_slots.map(({ start_time }) => start_time);
}

/** How often Graph was asked by what is done here. */
async function tripsOf(work: () => Promise<unknown>): Promise<string[]> {
  world.microsoft.clearRequests();
  await work();
  return roundTrips(world);
}

const block = (start = NINE, minutes = 8 * 60) =>
  world.microsoft.addEvent(PETE, { start, end: start + minutes * MINUTE, subject: 'Dentist' });

async function changeIsTold(): Promise<void> {
  await world.microsoft.deliveriesSettled();
}

describe('a good copy answers alone', () => {
  test('the first listing asks Graph once, and the next ones do not', async () => {
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    expect(await tripsOf(listTuesday)).toEqual([]);
    expect(await tripsOf(() => manager.phone().ask('get_availability'))).toEqual([]);
  });

  test('another instance reads the copy that the first one stored', async () => {
    await listTuesday();
    useApp(world.servicesWith());
    expect(await tripsOf(listTuesday)).toEqual([]);
    useApp(world.servicesWith());
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
    world.microsoft.setDelivery({ arrives: 'never', times: 9 });
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
    world.microsoft.setDelivery({ arrives: 'never', times: 9 });
    await manager
      .phone()
      .ask('set_appointment', { property_address: HOUSE, start_time: '2026-11-24T09:00:00-06:00' });
    world.clock.now += 10 * MINUTE;
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
    world.clock.now += 14 * SECOND;
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    world.clock.now += SECOND;
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    expect(await tripsOf(listTuesday)).toEqual([]);
  });

  test('by a lost notification’s manager after 15 minutes at the latest', async () => {
    await listTuesday();
    world.microsoft.setDelivery({ arrives: 'never' });
    block();
    world.clock.now += 15 * MINUTE;
    expect(await tripsOf(listTuesday)).toEqual([]);
    world.clock.now += SECOND;
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
    world.clock.now += HOUR;
    await listTuesday();
    world.clock.now -= HOUR;
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    expect(await tripsOf(listTuesday)).toEqual([]);
  });

  test('if a change was told while the clock was behind', async () => {
    await listTuesday();
    world.clock.now -= HOUR;
    block();
    await changeIsTold();
    world.clock.now += HOUR;
    expect(
      await tripsOf(async () => {
        expect(await listTuesday()).not.toContain('2026-11-24T09:00:00-06:00');
      }),
    ).toEqual([VIEW]);
  });

  test('if the copy’s key is no longer listed, and if the key has changed it need not be', async () => {
    await listTuesday();
    const KEYS = world.services.config.encryptionKeys;
    const text = (fill: number) => Buffer.alloc(32, fill).toString('base64');
    expect(KEYS).toHaveLength(1);
    const rotated = world.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${text(2)},one:${text(1)}` });
    useApp(rotated);
    expect(await tripsOf(listTuesday)).toEqual([]);
    await rotated.runDaily();
    useApp(world.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${text(2)}` }));
    expect(await tripsOf(listTuesday)).toEqual([]);
  });

  test('always, with CALENDAR_NOTIFICATIONS=false, and no copy is kept', async () => {
    const off = world.servicesWith({ CALENDAR_NOTIFICATIONS: 'false' });
    useApp(off);
    manager = await connectManager(world, 'kavya@lakeviewrentals.example');
    expect(await world.status(manager.userId)).toMatchObject({ notifications: { state: 'off' } });
    await listTuesday();
    expect(await tripsOf(listTuesday)).toEqual([VIEW]);
    for await (const page of world.tables.query('snapshots', '')) expect(page).toEqual([]);
    world.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 99 });
    expectAction(await manager.phone().ask('get_availability'), 'error');
  });
});

describe('if Graph fails', () => {
  test('a copy of up to 24 hours answers a listing and says so, and a booking says that it cannot', async () => {
    await listTuesday();
    world.microsoft.setFault({ path: '/v1.0/*', status: 503, times: 9_999 });
    world.clock.now += HOUR;
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

    world.clock.now += DAY - HOUR + SECOND;
    expectAction(await manager.phone().ask('get_availability'), 'error');
    world.microsoft.clearFaults();
    const healed = expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    expect(healed.provisional).toBeUndefined();
  });

  test('the line is said in Spanish, too', async () => {
    await listTuesday();
    await manager.put({ language: 'es' });
    world.clock.now += HOUR;
    world.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 99 });
    const listed = expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    expect(listed.response).toMatch(/^Por lo que veo, tengo /);
  });

  test('an answer that never comes is waited for as long as it takes to know, not to the end', async () => {
    await listTuesday();
    world.clock.now += HOUR;
    world.microsoft.setFault({ path: '/v1.0/me/calendarView', answer: 'never', times: 9 });
    const listed = expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    expect(listed.provisional).toBe(true);
    world.microsoft.clearFaults();
  });

  test('without a copy the calendar is unreachable, and a full copy does not say that nothing is free', async () => {
    world.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 99 });
    expectAction(await manager.phone().ask('get_availability'), 'error');
    world.microsoft.clearFaults();
    world.microsoft.addEvent(PETE, { start: world.clock.now, end: world.clock.now + 70 * DAY });
    await changeIsTold();
    expectAction(await manager.phone().ask('get_availability'), 'no_availability');
    world.clock.now += HOUR;
    world.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 99 });
    expectAction(await manager.phone().ask('get_availability'), 'error');
  });

  test('a lost consent is no outage', async () => {
    await listTuesday();
    world.clock.now += 2 * HOUR;
    world.microsoft.revoke(PETE);
    expectAction(await manager.phone().ask('get_availability'), 'require_auth');
  });
});

test('another account’s copy never answers', async () => {
  await listTuesday();
  const { status } = await world.post('/calendar/auth/disconnect', { user_id: manager.userId });
  expect(status).toBe(200);
  for await (const page of world.tables.query('snapshots', '')) expect(page).toEqual([]);
  await world.connect(await world.startLink(manager.userId), 'kavya@lakeviewrentals.example');
  expect(await tripsOf(listTuesday)).toEqual([VIEW]);
  // Without a disconnect in between.
  await world.connect(await world.startLink(manager.userId), PETE);
  expect(world.microsoft.subscriptions('kavya@lakeviewrentals.example')).toEqual([]);
  world.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, times: 99 });
  expectAction(await manager.phone().ask('get_availability'), 'error');
});
