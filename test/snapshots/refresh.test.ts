// The timer: copies that callers may want are read again, and viewings that the manager moved or deleted are followed.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { useApp } from '../../shared/running-app.ts';
import { DAY, HOUR, MINUTE, useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, PETE, roundTrips } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const app = useTestApp();
const NINE = Date.parse('2026-11-24T15:00:00Z');

let manager: CalledManager;

beforeEach(async () => {
  useApp(app.services);
  manager = await connectManager(app, PETE);
});

async function list() {
  app.microsoft.clearRequests();
  expectAction(await manager.phone().ask('get_availability'), 'present_slots');
  return roundTrips(app).length;
}

async function book(start_time = '2026-11-24T09:00:00-06:00') {
  const phone = manager.phone();
  const answer = await phone.ask('set_appointment', { property_address: HOUSE, start_time });
  const { event_id } = expectAction(answer, 'booked').appointment;
  await app.microsoft.deliveriesSettled();
  return { phone, event_id };
}

/** What the timer did. */
async function sweep(): Promise<Record<string, unknown>> {
  await app.microsoft.deliveriesSettled();
  app.microsoft.clearRequests();
  app.log.lines.length = 0;
  await app.runTimer('sweep');
  const line = app.log.lines.find(({ event }) => event === 'timer_completed');
  return { ...line?.fields, trips: roundTrips(app).length };
}

async function change(): Promise<void> {
  app.microsoft.addEvent(PETE, { start: NINE, end: NINE + HOUR });
  await app.microsoft.deliveriesSettled();
}

describe('a calendar that has changed', () => {
  test('is read again if it was asked about, and the next listing asks Graph nothing', async () => {
    expect(await list()).toBe(1);
    await change();
    app.clock.now += MINUTE;
    expect(await sweep()).toMatchObject({ refreshed: 1, followed: 0, trips: 1 });
    expect(await list()).toBe(0);
  });

  test('is left alone if nobody has asked about it, and nothing is booked in it', async () => {
    await change();
    app.clock.now += MINUTE;
    expect(await sweep()).toMatchObject({ refreshed: 0, trips: 0 });
  });

  test('is left alone an hour after it was asked about', async () => {
    await list();
    app.clock.now += HOUR + MINUTE;
    await change();
    app.clock.now += MINUTE;
    expect(await sweep()).toMatchObject({ refreshed: 0, trips: 0 });
  });
});

test('a calendar that was asked about twice is kept ready for an hour after the second time', async () => {
  await list();
  app.clock.now += 19 * MINUTE;
  await list();
  app.clock.now += 50 * MINUTE;
  await change();
  app.clock.now += MINUTE;
  expect(await sweep()).toMatchObject({ refreshed: 1 });
});

test('a copy that would be too old before the next run is read again, for an hour', async () => {
  await list();
  for (let minutes = 0; minutes < 55; minutes += 5) {
    app.clock.now += 5 * MINUTE;
    await app.runTimer('sweep');
    app.microsoft.clearRequests();
  }
  expect(await list()).toBe(0);
});

describe('a viewing', () => {
  test('that the manager moved in Outlook is followed once', async () => {
    const { phone, event_id } = await book();
    app.clock.now += 5 * MINUTE;
    app.microsoft.moveEvent(PETE, event_id, { start: NINE + 2 * HOUR, end: NINE + 2 * HOUR + 30 * MINUTE });
    await app.microsoft.deliveriesSettled();
    app.clock.now += MINUTE;
    expect(await sweep()).toMatchObject({ followed: 1, unfinished: 0 });
    expect(await sweep()).toMatchObject({ followed: 0, trips: 0 });
    app.microsoft.clearRequests();
    const { appointments } = expectAction(await phone.ask('find_appointments'), 'appointments');
    expect(appointments).toMatchObject([{ start_time: '2026-11-24T11:00:00-06:00' }]);
  });

  test('that the manager deleted frees its time', async () => {
    const { event_id } = await book();
    app.clock.now += 5 * MINUTE;
    app.microsoft.deleteEvent(PETE, event_id);
    await app.microsoft.deliveriesSettled();
    app.clock.now += MINUTE;
    expect(await sweep()).toMatchObject({ followed: 1 });
    await book();
  });

  test('that we have just written is not followed, but looked at again later', async () => {
    await book();
    expect(await sweep()).toMatchObject({ followed: 0 });
    app.clock.now += 5 * MINUTE;
    expect(await sweep()).toMatchObject({ followed: 0 });
    expect(await sweep()).toMatchObject({ followed: 0, trips: 0 });
  });
});

test('a calendar that cannot be read is left for the next run', async () => {
  await list();
  await change();
  app.clock.now += MINUTE;
  app.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 500, times: 3 });
  expect(await sweep()).toMatchObject({ refreshed: 0, unfinished: 1 });
  expect(await sweep()).toMatchObject({ refreshed: 1, unfinished: 0 });
});

test('a calendar whose subscription has expired and cannot be renewed is read all the same', async () => {
  app.clock.now += 4 * DAY;
  await list();
  app.microsoft.setFault({ path: '/v1.0/subscriptions', status: 503, times: 99 });
  app.microsoft.setFault({ path: '/v1.0/subscriptions/*', status: 503, times: 99 });
  app.clock.now += 5 * MINUTE;
  expect(await sweep()).toMatchObject({ unfinished: 0, resubscribed: 0 });
  expect(app.log.lines.map(({ event }) => event)).toContain('subscription_not_renewed');
  expect(app.log.lines.map(({ event }) => event)).not.toContain('calendar_not_refreshed');
});
