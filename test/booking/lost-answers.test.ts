// Answers that get lost and processes that die: what is left is finished or freed, by the next attempt or by the timer.
import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BookRequest, Caller } from '../../shared/booking/booking.ts';
import type { Calendar } from '../../shared/booking/calendar.ts';
import { numberKey } from '../../shared/booking/caller-keys.ts';
import { apply, clashWindow, shapeOf } from '../../shared/booking/context.ts';
import { draftEvent } from '../../shared/booking/event-draft.ts';
import { callKeyOf, startKey, toolCallKeys } from '../../shared/booking/idempotency-keys.ts';
import { createAdmit } from '../../shared/booking/limits.ts';
import type { Booking, HoldOptions, ManagerBookings } from '../../shared/booking/store.ts';
import { deadlineExceeded } from '../../shared/core/deadline.ts';
import { AppError } from '../../shared/core/errors.ts';
import { MINUTE } from '../support/test-app.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { at, callerOn, useBookingApp } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';

const app = useBookingApp();

const TEN = at('2026-11-24 10:00');
const ELEVEN = at('2026-11-25 11:00');
const NUMBER = '+13125550100';
const BATCH = '/v1.0/$batch';
const LOST_MOVE = { path: '/v1.0/me/events/*', method: 'PATCH', drop: 'after' } as const;
const request: BookRequest = { start: named(TEN), propertyAddress: '12 Lake St', attendeeName: 'Ann Lee' };

async function book(caller: Caller, deadlineMs?: number) {
  return (await app.service(deadlineMs)).book(caller, request);
}
async function move(caller: Caller, to = ELEVEN, deadlineMs?: number) {
  return (await app.service(deadlineMs)).move(caller, {}, named(to));
}
async function cancel(caller: Caller) {
  return (await app.service()).cancel(caller, {});
}
async function find() {
  const found = await (await app.service()).find(callerOn(NUMBER), {});
  return found.kind === 'viewings' ? found.viewings.map(({ start }) => start) : found.kind;
}
async function sweep(): Promise<void> {
  app.clock.now += 3 * MINUTE;
  await app.runTimer('sweep');
}

/** The only viewing there is stands at this time, for everybody. */
async function expectBooked(start: number): Promise<void> {
  expect(app.events().map(({ when }) => !when.isAllDay && when.start)).toEqual([start]);
  expect(await findInvariantViolations(app)).toEqual([]);
  expect(await find()).toEqual([start]);
}

/** The starts of the stretches of time that are held. */
async function heldStarts(): Promise<number[]> {
  const rows = (await app.rowsOf('bookings')).filter(({ rowKey }) => rowKey.startsWith('t:'));
  const buckets = rows.map(({ rowKey }) => Number(rowKey.slice(2))).sort((a, b) => a - b);
  return buckets.filter((bucket) => !buckets.includes(bucket - 1)).map((bucket) => bucket * 5 * MINUTE);
}

async function expectFree(): Promise<void> {
  expect(app.events()).toEqual([]);
  expect(await findInvariantViolations(app)).toEqual([]);
  expect(await book(callerOn('+13125550177'))).toMatchObject({ kind: 'booked', repeated: false });
}

async function optionsFor(caller: Caller, tool: string): Promise<HoldOptions> {
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
async function holdOnly(caller: Caller): Promise<Booking> {
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

async function writeEvent(booking: Booking): Promise<void> {
  const context = await app.context();
  const draft = draftEvent({ ...booking, attendeeEmail: null, contactNumber: NUMBER, accessNote: null });
  await context.calendar.create(draft, clashWindow(context, booking.interval));
}

async function onlyBooking(): Promise<Booking> {
  const [booking] = await app.bookings();
  if (!booking) throw new Error('Nothing is booked');
  return booking;
}

async function holdMoveOnly(caller: Caller, to = ELEVEN): Promise<Booking> {
  const { bookings } = await app.context();
  const interval = { start: to, end: to + 30 * MINUTE };
  const outcome = await bookings.holdMove(await onlyBooking(), interval, await optionsFor(caller, 'move'));
  if (outcome.kind !== 'held') throw new Error(outcome.kind);
  return outcome.booking;
}

async function moveEvent(booking: Booking): Promise<void> {
  const context = await app.context();
  const to = booking.movingTo ?? booking.interval;
  const [event = null] = await context.calendar.locate([booking]);
  if (event === null) throw new Error('There is no event');
  await context.calendar.move(event, to, clashWindow(context, to));
}

describe('if the response to a write is lost,', () => {
  test('the booking is retried by itself and ends as booked', async () => {
    app.microsoft.setFault({ path: BATCH, drop: 'after' });
    expect(await book(callerOn(NUMBER))).toMatchObject({ kind: 'booked', repeated: false });
    await expectBooked(TEN);
  });

  test('the next attempt finds the event of one that gave up, and says booked', async () => {
    for (const next of ['the same tool call', 'the same start on the call']) {
      await app.clear();
      const caller = callerOn(NUMBER);
      app.microsoft.setFault({ path: BATCH, drop: 'after', times: 3 });
      await expect(book(caller)).rejects.toMatchObject({ code: 'outcome_unknown' });
      expect(app.events()).toHaveLength(1);
      const again = next === 'the same tool call' ? caller : callerOn(NUMBER, caller.callId ?? '');
      expect(await book(again)).toMatchObject({ kind: 'booked', repeated: true });
      await expectBooked(TEN);
    }
  });

  test('a caller who asks for their viewings hears of it at once', async () => {
    app.microsoft.setFault({ path: BATCH, drop: 'after', times: 3 });
    await expect(book(callerOn(NUMBER))).rejects.toThrow();
    expect(await find()).toEqual([TEN]);
    await expectBooked(TEN);
  });

  test('the timer finds the viewing, too', async () => {
    app.microsoft.setFault({ path: BATCH, drop: 'after', times: 3 });
    await expect(book(callerOn(NUMBER))).rejects.toThrow();
    await sweep();
    await expectBooked(TEN);
  });

  test('that nobody knows how it ended is written down although the deadline has passed', async () => {
    app.microsoft.setFault({ path: BATCH, name: 'slow', answer: 'on_release' });
    const deadline = new AbortController();
    const outcome = (await app.service(deadline.signal)).book(callerOn(NUMBER), request);
    outcome.catch(() => undefined);
    await app.microsoft.waitForHeld('slow');
    deadline.abort(deadlineExceeded());
    await expect(outcome).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(await app.bookings()).toMatchObject([{ state: 'held', inDoubt: true }]);
    await app.microsoft.release();
  });

  test('an event that is written after our deadline is still found', async () => {
    app.microsoft.setFault({ path: BATCH, name: 'late', lands: 'on_release' });
    const caller = callerOn(NUMBER);
    const deadline = new AbortController();
    const outcome = (await app.service(deadline.signal)).book(caller, request);
    outcome.catch(() => undefined);
    await app.microsoft.waitForHeld('late');
    deadline.abort(deadlineExceeded());
    await expect(outcome).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(app.events()).toEqual([]);
    await app.microsoft.release('late');
    expect(await book(caller)).toMatchObject({ kind: 'booked', repeated: true });
    await expectBooked(TEN);
  });

  test('a failure after the write does not lose the event', async () => {
    const service = await app.serviceOver((calendar) => ({
      ...calendar,
      create: async (...args: Parameters<Calendar['create']>) => {
        await calendar.create(...args);
        throw new AppError('microsoft_rejected', 'No');
      },
    }));
    await expect(service.book(callerOn(NUMBER), request)).rejects.toMatchObject({ code: 'outcome_unknown' });
    await sweep();
    await expectBooked(TEN);
  });

  test('a moved viewing ends at its new time if the move is asked for again, and else where the caller was told it is', async () => {
    for (const next of ['itself', 'same tool call', 'another call', 'timer', 'find'] as const) {
      await app.clear();
      await book(callerOn(NUMBER));
      const caller = callerOn(NUMBER);
      app.microsoft.setFault({ ...LOST_MOVE, times: next === 'itself' ? 1 : 3 });
      if (next === 'itself') expect(await move(caller)).toMatchObject({ kind: 'rescheduled' });
      else await expect(move(caller)).rejects.toMatchObject({ code: 'outcome_unknown' });
      if (next === 'same tool call') expect(await move(caller)).toMatchObject({ kind: 'rescheduled' });
      if (next === 'another call')
        expect(await move(callerOn(NUMBER))).toMatchObject({ kind: 'rescheduled' });
      if (next === 'timer') await sweep();
      if (next === 'find') expect(await find()).toEqual([TEN]);
      await expectBooked(next === 'timer' || next === 'find' ? TEN : ELEVEN);
    }
  });

  test('another time asked for after a lost move is the one that counts, and nothing else stays held', async () => {
    await book(callerOn(NUMBER));
    app.microsoft.setFault({ ...LOST_MOVE, times: 3 });
    await expect(move(callerOn(NUMBER), ELEVEN)).rejects.toThrow();
    const other = at('2026-11-27 15:00');
    expect(await move(callerOn(NUMBER), other)).toMatchObject({
      kind: 'rescheduled',
      viewing: { start: other },
    });
    await expectBooked(other);
  });

  test('a move back to the old time after a lost move moves the event back', async () => {
    await book(callerOn(NUMBER));
    app.microsoft.setFault({ ...LOST_MOVE, times: 3 });
    await expect(move(callerOn(NUMBER), ELEVEN)).rejects.toThrow();
    expect(await move(callerOn(NUMBER), TEN)).toMatchObject({ kind: 'rescheduled', viewing: { start: TEN } });
    await expectBooked(TEN);
  });

  test('a lost move whose repeat cannot even look keeps both times until Outlook can be asked', async () => {
    await book(callerOn(NUMBER));
    const caller = callerOn(NUMBER);
    app.microsoft.setFault({ ...LOST_MOVE, times: 3 });
    await expect(move(caller)).rejects.toThrow();
    app.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 403 });
    await expect(move(caller)).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(await heldStarts()).toEqual([TEN, ELEVEN]);
    await sweep();
    await expectBooked(TEN);
  });

  test.each([
    { drop: 'before', next: 'same tool call', invited: false },
    { drop: 'before', next: 'new call', invited: true },
    { drop: 'before', next: 'timer', invited: false },
    { drop: 'after', next: 'same tool call', invited: true },
    { drop: 'after', next: 'new call', invited: false },
    { drop: 'after', next: 'timer', invited: true },
  ] as const)('a cancellation ends as cancelled: $drop, $next, invited $invited', async (way) => {
    const { drop, next, invited } = way;
    const email = invited ? { attendeeEmail: 'ann@guests.example' } : {};
    await (await app.service()).book(callerOn(NUMBER), { ...request, ...email });
    const method = invited ? 'POST' : 'DELETE';
    app.microsoft.setFault({ path: '/v1.0/me/events/*', method, drop, times: 3 });
    const caller = callerOn(NUMBER);
    await expect(cancel(caller)).rejects.toMatchObject({ code: 'outcome_unknown' });
    if (next === 'timer') await sweep();
    else
      expect(await cancel(next === 'same tool call' ? caller : callerOn(NUMBER))).toMatchObject({
        kind: 'cancelled',
        viewing: { start: TEN },
        invitation: invited ? 'sent' : 'none',
      });
    await expectFree();
  });
});

describe('if the tables’ response is lost', () => {
  const lose = async <T>(work: Promise<T> | null): Promise<never> => {
    await work;
    throw new AppError('storage_unavailable', 'The tables cannot be reached');
  };
  const ways = ['before', 'after'] as const;
  const losingApply =
    (when: 'before' | 'after') =>
    (bookings: ManagerBookings): ManagerBookings => ({
      ...bookings,
      apply: (...args) => lose(when === 'after' ? bookings.apply(...args) : null),
    });

  test.each(ways)(
    'to the hold, %s the work: the next attempt books once, or the timer frees it',
    async (when) => {
      for (const next of ['attempt', 'timer'] as const) {
        await app.clear();
        const service = await app.serviceOver(
          (calendar) => calendar,
          (bookings) => ({
            ...bookings,
            hold: (...args) => lose(when === 'after' ? bookings.hold(...args) : null),
          }),
        );
        const caller = callerOn(NUMBER);
        await expect(service.book(caller, request)).rejects.toMatchObject({ code: 'storage_unavailable' });
        if (next === 'attempt') {
          expect(await book(caller)).toMatchObject({ kind: 'booked' });
          await expectBooked(TEN);
        } else {
          await sweep();
          await expectFree();
        }
      }
    },
  );

  test.each(ways)('to the confirmation, %s the work: the viewing is booked once', async (when) => {
    for (const next of ['attempt', 'timer'] as const) {
      await app.clear();
      const service = await app.serviceOver((calendar) => calendar, losingApply(when));
      const caller = callerOn(NUMBER);
      await expect(service.book(caller, request)).rejects.toMatchObject({ code: 'outcome_unknown' });
      if (next === 'attempt') expect(await book(caller)).toMatchObject({ kind: 'booked', repeated: true });
      else await sweep();
      await expectBooked(TEN);
    }
  });

  test.each(ways)('to the end of a move, %s the work: the viewing stands at its new time', async (when) => {
    await book(callerOn(NUMBER));
    const service = await app.serviceOver((calendar) => calendar, losingApply(when));
    const caller = callerOn(NUMBER);
    await expect(service.move(caller, {}, named(ELEVEN))).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(await move(caller)).toMatchObject({ kind: 'rescheduled', viewing: { start: ELEVEN } });
    await expectBooked(ELEVEN);
  });
});

describe('if the process dies', () => {
  test('after the hold: the next attempt books once', async () => {
    const caller = callerOn(NUMBER);
    await holdOnly(caller);
    expect(await book(caller)).toMatchObject({ kind: 'booked' });
    await expectBooked(TEN);
  });

  test('after the hold: nobody else gets the time for two minutes, then the timer frees it', async () => {
    await holdOnly(callerOn(NUMBER));
    app.clock.now += 2 * MINUTE - 1;
    expect(await book(callerOn('+13125550101'))).toMatchObject({ kind: 'conflict', reason: 'busy' });
    await app.runTimer('sweep');
    expect((await app.rowsOf('pending')).length).toBe(1);
    app.clock.now += MINUTE;
    await app.runTimer('sweep');
    await expectFree();
  });

  test('after the hold: without the timer, the next caller takes the time over after two minutes', async () => {
    await holdOnly(callerOn(NUMBER));
    app.clock.now += 2 * MINUTE;
    expect(await book(callerOn('+13125550101'))).toMatchObject({ kind: 'booked', repeated: false });
    expect(app.events()).toHaveLength(1);
    expect(await findInvariantViolations(app)).toEqual([]);
  });

  test('after the event was written: the next attempt, the next caller and the timer all find it booked', async () => {
    for (const next of ['attempt', 'caller', 'timer'] as const) {
      await app.clear();
      const caller = callerOn(NUMBER);
      await writeEvent(await holdOnly(caller));
      if (next === 'attempt') expect(await book(caller)).toMatchObject({ kind: 'booked' });
      if (next === 'caller') {
        app.clock.now += 3 * MINUTE;
        expect(await book(callerOn('+13125550101'))).toMatchObject({ kind: 'conflict' });
      }
      if (next === 'timer') await sweep();
      await expectBooked(TEN);
    }
  });

  test('after the event was written, and the manager moves it before anybody looks: it is booked where he has it', async () => {
    const caller = callerOn(NUMBER);
    await writeEvent(await holdOnly(caller));
    app.manager.move(app.events()[0]?.id ?? '', ELEVEN, ELEVEN + 30 * MINUTE);
    expect(await book(caller)).toMatchObject({ kind: 'booked' });
    await expectBooked(ELEVEN);
  });

  test('while moving, before the event moved: the viewing stands at the old time, or the next attempt moves it', async () => {
    for (const next of ['attempt', 'timer', 'find'] as const) {
      await app.clear();
      await book(callerOn(NUMBER));
      const caller = callerOn(NUMBER);
      await holdMoveOnly(caller);
      if (next === 'attempt') expect(await move(caller)).toMatchObject({ kind: 'rescheduled' });
      if (next === 'timer') await sweep();
      if (next === 'find') {
        app.clock.now += 3 * MINUTE;
        expect(await find()).toEqual([TEN]);
      }
      await expectBooked(next === 'attempt' ? ELEVEN : TEN);
    }
  });

  test('while moving, after the event moved: the viewing goes back to where the caller was told it is, or the next attempt moves it', async () => {
    for (const next of ['attempt', 'timer', 'find'] as const) {
      await app.clear();
      await book(callerOn(NUMBER));
      const caller = callerOn(NUMBER);
      await moveEvent(await holdMoveOnly(caller));
      if (next === 'attempt') expect(await move(caller)).toMatchObject({ kind: 'rescheduled' });
      if (next === 'timer') await sweep();
      if (next === 'find') {
        app.clock.now += 3 * MINUTE;
        expect(await find()).toEqual([TEN]);
      }
      await expectBooked(next === 'attempt' ? ELEVEN : TEN);
    }
  });

  test('while moving by half an overlap: the shared time is kept throughout', async () => {
    await app.manage({ rules: { duration_minutes: 60, grid_minutes: 30 } });
    try {
      await book(callerOn(NUMBER));
      const half = TEN + 30 * MINUTE;
      const { bookings } = await app.context();
      const options = { ...(await optionsFor(callerOn(NUMBER), 'move')), keys: [], callKey: null };
      await bookings.holdMove(await onlyBooking(), { start: half, end: half + 60 * MINUTE }, options);
      const held = (await app.rowsOf('bookings')).filter(({ rowKey }) => rowKey.startsWith('t:'));
      expect(held).toHaveLength(18);
      await sweep();
      await expectBooked(TEN);
    } finally {
      await app.manage({});
    }
  });

  test('while cancelling, before or after the event went: the timer and the next attempt both leave the time free', async () => {
    for (const step of ['marked', 'removed'] as const) {
      for (const next of ['attempt', 'new call', 'timer'] as const) {
        await app.clear();
        await book(callerOn(NUMBER));
        const caller = callerOn(NUMBER);
        const context = await app.context();
        const booking = await onlyBooking();
        await apply(context, booking, {
          to: 'cancelling',
          keys: toolCallKeys(caller, 'cancel', context.now()),
          callKey: callKeyOf(caller),
        });
        if (step === 'removed') await context.calendar.remove(booking, { invited: false, comment: '' });
        if (next === 'timer') await sweep();
        else
          expect(await cancel(next === 'attempt' ? caller : callerOn(NUMBER))).toMatchObject({
            kind: 'cancelled',
            viewing: { start: TEN },
          });
        await expectFree();
      }
    }
  });

  test('and Outlook cannot be asked: the sweep leaves the hold for its next run', async () => {
    await holdOnly(callerOn(NUMBER));
    app.microsoft.setFault({ path: '/v1.0/$batch', status: 503, times: 3, retryAfter: 0 });
    await sweep();
    expect(await app.rowsOf('pending')).toHaveLength(1);
    await app.runTimer('sweep');
    await expectFree();
  });
});
