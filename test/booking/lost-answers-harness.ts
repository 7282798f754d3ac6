// One caller’s viewing, and a process that stops after any step of booking, moving or cancelling it.
import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BookRequest, Caller } from '../../shared/booking/booking.ts';
import { numberKey } from '../../shared/booking/caller-keys.ts';
import { clashWindow, shapeOf } from '../../shared/booking/context.ts';
import { draftEvent } from '../../shared/booking/event-draft.ts';
import { callKeyOf, startKey, toolCallKeys } from '../../shared/booking/idempotency-keys.ts';
import type { Change } from '../../shared/booking/idempotency-keys.ts';
import { createAdmit } from '../../shared/booking/limits.ts';
import type { Booking, HoldOptions } from '../../shared/booking/store.ts';
import { MINUTE } from '../support/test-app.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { at, callerOn, useBookingApp } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';

export const app = useBookingApp();

export const TEN = at('2026-11-24 10:00');

export const ELEVEN = at('2026-11-25 11:00');

export const NUMBER = '+13125550100';

export const BATCH = '/v1.0/$batch';

export const LOST_MOVE = { path: '/v1.0/me/events/*', method: 'PATCH', drop: 'after' } as const;

export const request: BookRequest = {
  start: named(TEN),
  propertyAddress: '12 Lake St',
  attendeeName: 'Ann Lee',
};

export async function book(caller: Caller, deadlineMs?: number) {
  return (await app.service(deadlineMs)).book(caller, request);
}

export async function move(caller: Caller, to = ELEVEN, deadlineMs?: number) {
  return (await app.service(deadlineMs)).move(caller, {}, named(to));
}

export async function cancel(caller: Caller) {
  return (await app.service()).cancel(caller, {});
}

export async function find() {
  const found = await (await app.service()).find(callerOn(NUMBER), {});
  return found.kind === 'viewings' ? found.viewings.map(({ start }) => start) : found.kind;
}

export async function sweep(): Promise<void> {
  app.clock.now += 3 * MINUTE;
  await app.runTimer('sweep');
}

/** The only viewing there is stands at this time, for everybody. */
export async function expectBooked(start: number): Promise<void> {
  expect(app.events().map(({ when }) => !when.isAllDay && when.start)).toEqual([start]);
  expect(await findInvariantViolations(app)).toEqual([]);
  expect(await find()).toEqual([start]);
}

/** The starts of the stretches of time that are held. */
export async function heldStarts(): Promise<number[]> {
  const rows = (await app.rowsOf('bookings')).filter(({ rowKey }) => rowKey.startsWith('t:'));
  const buckets = rows.map(({ rowKey }) => Number(rowKey.slice(2))).sort((a, b) => a - b);
  return buckets.filter((bucket) => !buckets.includes(bucket - 1)).map((bucket) => bucket * 5 * MINUTE);
}

export async function expectFree(): Promise<void> {
  expect(app.events()).toEqual([]);
  expect(await findInvariantViolations(app)).toEqual([]);
  expect(await book(callerOn('+13125550177'))).toMatchObject({ kind: 'booked', repeated: false });
}

export async function optionsFor(caller: Caller, tool: Change): Promise<HoldOptions> {
  const context = await app.context();
  const { schedule, now, signal, callerKeys } = context;
  const keys = toolCallKeys(caller, tool, now());
  const keyOf = await callerKeys.load(signal);
  return {
    ...shapeOf(context),
    keys: tool === 'book' ? [...keys, startKey(keyOf, caller, request, now())] : keys,
    callKey: callKeyOf(caller),
    admit: createAdmit(schedule, { now: now() }),
    now: now(),
  };
}

/** Holds time as a process does that dies right after. */
export async function holdOnly(caller: Caller): Promise<Booking> {
  const { bookings, signal, callerKeys } = await app.context();
  const keyOf = await callerKeys.load(signal);
  const outcome = await bookings.hold(
    {
      bookingId: randomUUID(),
      interval: { start: TEN, end: TEN + 30 * MINUTE },
      invitation: 'none',
      callerKeys: [numberKey(keyOf, NUMBER)],
      propertyId: null,
      propertyAddress: request.propertyAddress,
      attendeeName: request.attendeeName ?? null,
    },
    await optionsFor(caller, 'book'),
  );
  if (outcome.kind !== 'held') throw new Error(outcome.kind);
  return outcome.booking;
}

export async function writeEvent(booking: Booking): Promise<void> {
  const context = await app.context();
  const draft = draftEvent({ ...booking, attendeeEmail: null, contactNumber: NUMBER, accessNote: null });
  await context.calendar.create(draft, clashWindow(context, booking.interval));
}

export async function onlyBooking(): Promise<Booking> {
  const [booking] = await app.bookings();
  if (!booking) throw new Error('Nothing is booked');
  return booking;
}

export async function holdMoveOnly(caller: Caller, to = ELEVEN): Promise<Booking> {
  const { bookings } = await app.context();
  const interval = { start: to, end: to + 30 * MINUTE };
  const outcome = await bookings.holdMove(await onlyBooking(), interval, await optionsFor(caller, 'move'));
  if (outcome.kind !== 'held') throw new Error(outcome.kind);
  return outcome.booking;
}

export async function moveEvent(booking: Booking): Promise<void> {
  const context = await app.context();
  const to = booking.movingTo ?? booking.interval;
  const [event = null] = await context.calendar.locate([booking]);
  if (event === null) throw new Error('There is no event');
  await context.calendar.move(event, to, clashWindow(context, to));
}
