// The operator gives a manager another time zone: what was booked before is judged by the days of the new one.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { listDaysOf } from '../../shared/booking/context.ts';
import { listViewings } from '../../shared/booking/list-viewings.ts';
import { callerOn, USER } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';
import { MINUTE } from '../support/test-app.ts';
import { ANN, app, BOB, book, LAKE, TEN } from './doubt-harness.ts';

const ALL_DAY = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['00:00', '24:00']]]),
);
/** Tuesday in Chicago, Wednesday in New York. */
const LATE = Date.parse('2026-11-24T23:30:00-06:00');
const FRIDAY = Date.parse('2026-11-27T15:00:00-05:00');
const WEDNESDAY = Date.parse('2026-11-25T15:00:00-05:00');

async function inZone(time_zone: string, rules: Record<string, unknown> = { daily_limit: 1 }): Promise<void> {
  await app.manage({ time_zone, hours: ALL_DAY, rules });
}
async function isOffered(start: number): Promise<boolean> {
  const offer = await (await app.service()).offer({ within: [{ start, end: start + 1 }] });
  return offer.kind === 'slots' && offer.fit === 'asked';
}
async function tryToBook(start: number): Promise<string> {
  const outcome = await book(callerOn(BOB), { ...LAKE, start: named(start) });
  return outcome.kind === 'conflict' ? outcome.reason : outcome.kind;
}

beforeEach(async () => {
  await inZone('America/Chicago');
  await book(callerOn(ANN), { ...LAKE, start: named(LATE) });
  await inZone('America/New_York');
});
afterEach(() => app.manage({}));

test('a day that is no longer full is offered and can be booked', async () => {
  expect(await isOffered(TEN)).toBe(true);
  expect(await tryToBook(TEN)).toBe('booked');
});

test('a day that is full now is neither offered nor booked, also if Outlook does not show the viewing yet', async () => {
  app.manager.remove(app.events()[0]?.id ?? '');
  expect(await isOffered(WEDNESDAY)).toBe(false);
  expect(await tryToBook(WEDNESDAY)).toBe('day_full');
  app.waitForOutlook();
  expect(await isOffered(WEDNESDAY)).toBe(true);
  expect(await tryToBook(WEDNESDAY)).toBe('booked');
});

test('a viewing may be moved into a day that is no longer full', async () => {
  await book(callerOn(BOB), { ...LAKE, start: named(FRIDAY) });
  expect(await (await app.service()).move(callerOn(BOB), {}, named(TEN))).toMatchObject({
    kind: 'rescheduled',
  });
});

test('a viewing is found by its name and time', async () => {
  const query = { attendeeName: 'Ann Lee', start: LATE };
  expect(await (await app.service()).find(callerOn(null), query)).toMatchObject({
    viewings: [{ start: LATE }],
  });
});

test('an operator finds a viewing on the day that it has on the new clock, and on no other', async () => {
  const { store } = app.options;
  const when = { now: app.clock.now, timeZone: 'America/New_York' };
  const listed = async (day: string): Promise<string[]> => {
    const query = { from: day, to: day, after: null, limit: 10 };
    const { viewings } = await listViewings({ store, userId: USER }, query, when, app.signal());
    return viewings.map(({ date }) => date);
  };
  expect(await listed('2026-11-24')).toEqual([]);
  expect(await listed('2026-11-25')).toEqual(['2026-11-25']);
});

test('the first hour of today counts for the homes, although its row is yesterday’s', async () => {
  await app.clear();
  const tonight = Date.parse('2026-11-23T23:30:00-06:00');
  await inZone('America/Chicago', {});
  await book(callerOn(ANN), { ...LAKE, propertyId: 'lake', start: named(tonight) });
  await inZone('America/New_York', {});
  app.clock.now = Date.parse('2026-11-24T00:05:00-05:00');
  const context = await app.context();
  const { entries } = await listDaysOf(context, { start: app.clock.now, end: app.clock.now + MINUTE });
  expect(entries).toMatchObject([{ propertyId: 'lake' }]);
});
