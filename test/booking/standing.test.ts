// Whether a viewing is there is judged by the default calendar: an immutable id outlives a deletion, and a move to another calendar.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { BookRequest } from '../../shared/booking/booking.ts';
import { GraphProblem } from '../../shared/microsoft/graph-client.ts';
import { at, callerOn, createBookingApp } from '../support/booking-harness.ts';
import type { BookingApp } from '../support/booking-harness.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { MINUTE } from '../support/test-app.ts';
import { named } from '../support/named-start.ts';

const PETE = 'pete@lakeviewrentals.example';
const TEN = at('2026-11-24 10:00');
const ELEVEN = at('2026-11-24 11:00');
const ANN = '+13125550100';
const BOB = '+13125550177';
const VIEWING: BookRequest = { start: named(TEN), propertyAddress: '12 Lake St', attendeeName: 'Ann Lee' };

let app: BookingApp;

beforeAll(async () => {
  app = await createBookingApp(PETE);
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.clear();
  app.microsoft.setDeletedItems({ get: 200, delete: 403 });
});

async function book(number: string, request = VIEWING) {
  const outcome = await (await app.service()).book(callerOn(number), request);
  return outcome.kind === 'booked' ? outcome.viewing.eventId : outcome.kind;
}
async function find(number: string) {
  const found = await (await app.service()).find(callerOn(number), {});
  return found.kind === 'viewings' ? found.viewings.map(({ start }) => start) : found.kind;
}
async function offers(start: number): Promise<boolean> {
  const offered = await (
    await app.service()
  ).offer({ dates: { from: '2026-11-24', to: '2026-11-24' }, near: '10:00' });
  return offered.kind === 'slots' && offered.slots.some((slot) => slot.start === start);
}

test.each([
  [
    'deleted',
    (id: string) => {
      app.microsoft.deleteEvent(PETE, id);
    },
  ],
  [
    'put into another calendar',
    (id: string) => {
      app.microsoft.moveToCalendar(PETE, id, 'Archive');
    },
  ],
])('a viewing that the manager has %s frees its time for everybody', async (_, take) => {
  take(await book(ANN));
  app.waitForOutlook();
  expect(await offers(TEN)).toBe(true);
  expect(await book(BOB)).not.toBe('conflict');
  expect(await find(ANN)).toEqual([]);
  expect(await find(BOB)).toEqual([TEN]);
  expect(await (await app.service()).cancel(callerOn(ANN), {})).toEqual({ kind: 'none_found' });
  expect(await findInvariantViolations(app)).toEqual([]);
});

test.each([true, false])(
  'a cancellation whose answer was lost comes to an end (invited: %s)',
  async (invited) => {
    await book(ANN, { ...VIEWING, ...(invited && { attendeeEmail: 'ann@guests.example' }) });
    const method = invited ? 'POST' : 'DELETE';
    app.microsoft.setFault({ path: '/v1.0/me/events/*', method, drop: 'after' });
    const cancelled = await (await app.service()).cancel(callerOn(ANN), {});
    expect(cancelled).toMatchObject({ kind: 'cancelled', viewing: { start: TEN } });
    expect(await findInvariantViolations(app)).toEqual([]);
    expect(app.log.lines.filter(({ event }) => event === 'sweep_failed')).toEqual([]);
  },
);

test('a removal that Graph says it cannot make is over as soon as the event is gone', async () => {
  await book(ANN);
  const service = await app.serviceOver((calendar) => ({
    ...calendar,
    async remove(...args) {
      await calendar.remove(...args);
      throw new GraphProblem(403, { error: { code: 'ErrorCannotDeleteObject' } }, null);
    },
  }));
  await expect(service.cancel(callerOn(ANN), {})).rejects.toMatchObject({ code: 'outcome_unknown' });
  app.clock.now += 3 * MINUTE;
  await app.runTimer('sweep');
  expect((await app.bookings()).map(({ state }) => state)).toEqual(['cancelled']);
  expect(await findInvariantViolations(app)).toEqual([]);
});

test('a viewing that the manager deletes while it is being moved is gone, and not brought back', async () => {
  const eventId = await book(ANN);
  const service = await app.serviceOver((calendar) => ({
    ...calendar,
    move(...args) {
      app.microsoft.deleteEvent(PETE, eventId);
      return calendar.move(...args);
    },
  }));
  expect(await service.move(callerOn(ANN), {}, named(ELEVEN))).toEqual({ kind: 'none_found' });
  expect(app.events()).toEqual([]);
  expect(await findInvariantViolations(app)).toEqual([]);
});

test('a change that the manager makes while a viewing is moved is not undone unseen', async () => {
  const eventId = await book(ANN);
  let isFirst = true;
  const service = await app.serviceOver((calendar) => ({
    ...calendar,
    move(...args) {
      if (isFirst) app.microsoft.editEvent(PETE, eventId, { subject: 'Viewing, bring the keys' });
      isFirst = false;
      return calendar.move(...args);
    },
  }));
  expect(await service.move(callerOn(ANN), {}, named(ELEVEN))).toMatchObject({ kind: 'rescheduled' });
  expect(app.events().map(({ subject }) => subject)).toEqual(['Viewing, bring the keys']);
  expect(app.microsoft.requests().filter(({ method }) => method === 'PATCH')).toMatchObject([
    { status: 412 },
    { status: 200 },
  ]);
  expect(await find(ANN)).toEqual([ELEVEN]);
});

test('a viewing that was just booked is not taken to be gone while Outlook does not show it', async () => {
  await book(ANN);
  const blind = await app.serviceOver((calendar) => ({
    ...calendar,
    read: () => Promise.resolve([]),
    locate: (references) => Promise.resolve(references.map(() => null)),
  }));
  expect(await blind.find(callerOn(ANN), {})).toMatchObject({ viewings: [{ start: TEN }] });
  expect(await blind.book(callerOn(BOB), VIEWING)).toMatchObject({ kind: 'conflict' });
  expect(await find(ANN)).toEqual([TEN]);
});

test('a viewing that Outlook does not show yet is not lost if its caller moves it at once', async () => {
  await book(ANN);
  const ann = callerOn(ANN);
  const blind = await app.serviceOver((calendar) => ({
    ...calendar,
    read: () => Promise.resolve([]),
    locate: (references) => Promise.resolve(references.map(() => null)),
  }));
  await expect(blind.move(ann, {}, named(ELEVEN))).rejects.toMatchObject({ code: 'outcome_unknown' });
  await expect(blind.find(ann, {})).rejects.toMatchObject({ code: 'outcome_unknown' });
  const service = await app.service();
  expect(await service.move(ann, {}, named(ELEVEN))).toMatchObject({ kind: 'rescheduled' });
  expect(await find(ANN)).toEqual([ELEVEN]);
  expect(app.events()).toHaveLength(1);
  expect(await findInvariantViolations(app)).toEqual([]);
});
