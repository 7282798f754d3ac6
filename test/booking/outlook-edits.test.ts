// What the manager does in Outlook is the last word.
import { expect, test } from '@jest/globals';
import type { BookOutcome, BookRequest } from '../../shared/booking/booking.ts';
import type { Calendar } from '../../shared/booking/calendar.ts';
import { MINUTE } from '../support/test-app.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { at, callerOn, useBookingApp } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';

const app = useBookingApp();

const HALF = 30 * MINUTE;
const TEN = at('2026-11-24 10:00');
const ELEVEN = at('2026-11-24 11:00');
const FRIDAY = at('2026-11-27 14:00');
const ANN = '+13125550100';
const BOB = '+13125550101';
const request: BookRequest = { start: named(TEN), propertyAddress: '12 Lake St', attendeeName: 'Ann Lee' };

async function book(number: string, start = TEN): Promise<BookOutcome> {
  return (await app.service()).book(callerOn(number), { ...request, start: named(start) });
}
async function bookedEvent(number: string, start = TEN): Promise<string> {
  const outcome = await book(number, start);
  if (outcome.kind !== 'booked') throw new Error(outcome.kind);
  return outcome.viewing.eventId;
}
async function find(number: string) {
  const found = await (await app.service()).find(callerOn(number), {});
  return found.kind === 'viewings' ? found.viewings.map(({ start }) => start) : found.kind;
}
async function expectOrder(): Promise<void> {
  expect(await findInvariantViolations(app)).toEqual([]);
}

test('a viewing deleted in Outlook can no longer be found, moved or cancelled, and its time is free', async () => {
  app.manager.remove(await bookedEvent(ANN));
  app.waitForOutlook();
  expect(await (await app.service()).move(callerOn(ANN), {}, named(ELEVEN))).toEqual({ kind: 'none_found' });
  expect(await (await app.service()).cancel(callerOn(ANN), {})).toEqual({ kind: 'none_found' });
  expect(await find(ANN)).toEqual([]);
  await expectOrder();
  expect(await book(BOB)).toMatchObject({ kind: 'booked' });
  await expectOrder();
});

test('a viewing moved in Outlook is found at its new time, holds it, and lets the old one go', async () => {
  app.manager.move(await bookedEvent(ANN), FRIDAY, FRIDAY + HALF);
  expect(await find(ANN)).toEqual([FRIDAY]);
  await expectOrder();
  expect(await book(BOB, FRIDAY)).toMatchObject({ kind: 'conflict', reason: 'busy' });
  expect(await book(BOB, TEN)).toMatchObject({ kind: 'booked' });
  const cancelled = await (await app.service()).cancel(callerOn(ANN), {});
  expect(cancelled).toMatchObject({ kind: 'cancelled', viewing: { start: FRIDAY } });
  await expectOrder();
  expect(await book(ANN, FRIDAY)).toMatchObject({ kind: 'booked' });
});

test('a viewing moved in Outlook is moved from where it is now', async () => {
  app.manager.move(await bookedEvent(ANN), FRIDAY, FRIDAY + HALF);
  const moved = await (await app.service()).move(callerOn(ANN), {}, named(ELEVEN));
  expect(moved).toMatchObject({
    kind: 'rescheduled',
    viewing: { start: ELEVEN },
    from: { start: FRIDAY, end: FRIDAY + HALF },
  });
  await expectOrder();
});

test.each(['deleted', 'moved'])(
  'what a viewing held before it was %s in Outlook goes to the next caller',
  async (how) => {
    const eventId = await bookedEvent(ANN);
    if (how === 'deleted') app.manager.remove(eventId);
    else app.manager.move(eventId, FRIDAY, FRIDAY + HALF);
    app.waitForOutlook();
    expect(await book(BOB)).toMatchObject({ kind: 'booked', repeated: false });
    await expectOrder();
    expect(await find(ANN)).toEqual(how === 'deleted' ? [] : [FRIDAY]);
    expect(await find(BOB)).toEqual([TEN]);
  },
);

test('a moved caller takes over what a deleted viewing held', async () => {
  const gone = await bookedEvent(ANN, ELEVEN);
  await bookedEvent(BOB, TEN);
  app.manager.remove(gone);
  app.waitForOutlook();
  const moved = await (await app.service()).move(callerOn(BOB), {}, named(ELEVEN));
  expect(moved).toMatchObject({ kind: 'rescheduled', viewing: { start: ELEVEN } });
  await expectOrder();
});

test('a viewing that Outlook shows as cancelled is gone for us', async () => {
  const eventId = await bookedEvent(ANN);
  app.microsoft.editEvent('pete@lakeviewrentals.example', eventId, { isCancelled: true });
  app.waitForOutlook();
  expect(await find(ANN)).toEqual([]);
  expect(await book(BOB)).toMatchObject({ kind: 'booked' });
});

test('a viewing that the manager shows as free time is still ours', async () => {
  const eventId = await bookedEvent(ANN);
  app.microsoft.editEvent('pete@lakeviewrentals.example', eventId, { showAs: 'free' });
  expect(await book(BOB)).toMatchObject({ kind: 'conflict', reason: 'busy' });
  const offered = await (await app.service()).offer({ dates: { from: '2026-11-24', to: '2026-11-24' } });
  expect(offered.kind === 'slots' && offered.slots.map(({ start }) => start)).not.toContain(TEN);
});

test('a viewing moved in Outlook onto another one stays there, and neither blocks the other from being cancelled', async () => {
  const first = await bookedEvent(ANN, TEN);
  await bookedEvent(BOB, ELEVEN);
  app.manager.move(first, ELEVEN, ELEVEN + HALF);
  expect(await find(ANN)).toEqual([ELEVEN]);
  const [moved] = (await app.bookings()).filter(({ movedFrom }) => movedFrom !== null);
  expect(await findInvariantViolations(app, { moved: new Set([moved?.bookingId ?? '']) })).toEqual([]);
  for (const number of [BOB, ANN])
    expect(await (await app.service()).cancel(callerOn(number), {})).toMatchObject({ kind: 'cancelled' });
  await expectOrder();
  expect(await book(BOB, ELEVEN)).toMatchObject({ kind: 'booked' });
});

test('a viewing stretched over three days in Outlook is still found, blocks all of it, and can be cancelled', async () => {
  app.manager.move(await bookedEvent(ANN), TEN, TEN + 3 * 24 * 60 * MINUTE);
  expect(await find(ANN)).toEqual([TEN]);
  expect(await book(BOB, at('2026-11-26 10:00'))).toMatchObject({ kind: 'conflict', reason: 'busy' });
  expect(await (await app.service()).cancel(callerOn(ANN), {})).toMatchObject({ kind: 'cancelled' });
  await expectOrder();
});

/** A calendar in which something happens before the event is written, and one in which it happens right after. */
function during(step: 'before' | 'after', happen: () => void) {
  return (calendar: Calendar): Calendar => ({
    ...calendar,
    async create(...args) {
      if (step === 'before') happen();
      const written = await calendar.create(...args);
      if (step === 'after') happen();
      return written;
    },
    async move(...args) {
      if (step === 'before') happen();
      return calendar.move(...args);
    },
  });
}

test('our event is removed if the manager adds busy time between our look and our write, and two other times are offered', async () => {
  const service = await app.serviceOver(
    during('before', () => app.manager.add(TEN + 15 * MINUTE, TEN + HALF)),
  );
  const outcome = await service.book(callerOn(ANN), { ...request, attendeeEmail: 'ann@guests.example' });
  expect(outcome).toMatchObject({
    kind: 'conflict',
    reason: 'busy',
    alternatives: [TEN - HALF, TEN + HALF].map((start) => ({ start, end: start + HALF })),
  });
  expect(app.events().map(({ subject }) => subject)).toEqual(['Dentist']);
  await expectOrder();
});

test('an event shown as free that is added between our look and our write is no obstacle', async () => {
  const add = (): void => {
    app.microsoft.addEvent('pete@lakeviewrentals.example', { start: TEN, end: ELEVEN, showAs: 'free' });
  };
  const service = await app.serviceOver(during('before', add));
  expect(await service.book(callerOn(ANN), request)).toMatchObject({ kind: 'booked' });
  await expectOrder();
});

test('a viewing stays at its old time if the manager adds busy time where it is being moved to', async () => {
  await bookedEvent(ANN);
  const service = await app.serviceOver(during('before', () => app.manager.add(FRIDAY, FRIDAY + HALF)));
  const outcome = await service.move(callerOn(ANN), {}, named(FRIDAY));
  expect(outcome).toMatchObject({ kind: 'conflict', reason: 'busy' });
  expect(outcome.kind === 'conflict' && outcome.alternatives.map(({ start }) => start)).toEqual([
    FRIDAY - HALF,
    FRIDAY + HALF,
  ]);
  expect(await find(ANN)).toEqual([TEN]);
  await expectOrder();
});

test('a viewing deleted in Outlook while it is being moved is gone', async () => {
  const eventId = await bookedEvent(ANN);
  const service = await app.serviceOver(
    during('before', () => {
      app.manager.remove(eventId);
    }),
  );
  expect(await service.move(callerOn(ANN), {}, named(FRIDAY))).toEqual({ kind: 'none_found' });
  expect(app.events()).toEqual([]);
  await expectOrder();
});

test.each(['busy', 'tentative', 'oof', 'unknown'] as const)(
  'time that Outlook shows as %s is never written over',
  async (showAs) => {
    app.microsoft.addEvent('pete@lakeviewrentals.example', {
      start: TEN - HALF,
      end: TEN + MINUTE,
      showAs,
    });
    expect(await book(ANN)).toMatchObject({ kind: 'conflict', reason: 'busy' });
    expect(app.events()).toHaveLength(1);
    await expectOrder();
  },
);

/** The manager copies the viewing's event in Outlook: our property goes with it. */
function copyEvent(start: number): void {
  const pete = 'pete@lakeviewrentals.example';
  const extendedProperties = app.events()[0]?.extendedProperties ?? [];
  const { id } = app.manager.add(start, start + HALF);
  app.microsoft.editEvent(pete, id, { extendedProperties });
}

test('a viewing is not moved over the copy that the manager made of its event', async () => {
  await book(ANN);
  copyEvent(ELEVEN);
  expect(await (await app.service()).move(callerOn(ANN), {}, named(ELEVEN))).toMatchObject({
    kind: 'conflict',
    reason: 'busy',
  });
  expect(await find(ANN)).toEqual([TEN]);
});

test('a viewing that the manager moved in Outlook is found at its new time, even if a copy of it is at the old one', async () => {
  const eventId = await bookedEvent(ANN);
  copyEvent(TEN);
  app.manager.move(eventId, FRIDAY, FRIDAY + HALF);
  expect(await find(ANN)).toEqual([FRIDAY]);
  expect(await book(BOB)).toMatchObject({ kind: 'conflict', reason: 'busy' });
  expect(await (await app.service()).cancel(callerOn(ANN), {})).toMatchObject({ viewing: { start: FRIDAY } });
  expect(app.events()).toHaveLength(1);
});

test('the copy takes the place of a viewing whose event the manager deleted', async () => {
  const eventId = await bookedEvent(ANN);
  copyEvent(ELEVEN);
  app.manager.remove(eventId);
  expect(await find(ANN)).toEqual([ELEVEN]);
  await expectOrder();
});
