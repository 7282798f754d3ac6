// Answers that get lost and processes that die: what is left is finished or freed, by the next attempt or by the timer.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BookRequest, Caller } from '../../shared/booking/booking.ts';
import type { Calendar } from '../../shared/booking/calendar.ts';
import { clashWindow, limitsOf } from '../../shared/booking/context.ts';
import { draftEvent } from '../../shared/booking/event-draft.ts';
import { bookingKeys, callerKeyOf, toolCallKeys } from '../../shared/booking/idempotency-keys.ts';
import type { Booking } from '../../shared/booking/store.ts';
import { AppError } from '../../shared/core/errors.ts';
import { MINUTE } from '../support/test-app.ts';
import { findDisorder } from '../support/invariants.ts';
import { at, callerOn, createBookingWorld } from '../support/booking-harness.ts';
import type { BookingWorld } from '../support/booking-harness.ts';

let world: BookingWorld;

beforeAll(async () => {
  world = await createBookingWorld();
});
afterAll(() => world.close());
beforeEach(() => world.clear());

const TEN = at('2026-11-24 10:00');
const ELEVEN = at('2026-11-25 11:00');
const NUMBER = '+13125550100';
const BATCH = '/v1.0/$batch';
const LOST_MOVE = { path: '/v1.0/me/events/*', method: 'PATCH', drop: 'after' } as const;
const request: BookRequest = { start: TEN, propertyAddress: '12 Lake St', attendeeName: 'Ann Lee' };

async function book(caller: Caller, deadlineMs?: number) {
  return (await world.desk(deadlineMs)).book(caller, request);
}
async function move(caller: Caller, to = ELEVEN, deadlineMs?: number) {
  return (await world.desk(deadlineMs)).move(caller, {}, to);
}
async function cancel(caller: Caller) {
  return (await world.desk()).cancel(caller, {});
}
async function find() {
  const found = await (await world.desk()).find(callerOn(NUMBER), {});
  return found.kind === 'viewings' ? found.viewings.map(({ start }) => start) : found.kind;
}
async function sweep(): Promise<void> {
  world.clock.now += 3 * MINUTE;
  await world.runTimer('sweep');
}

/** The only viewing there is stands at this time, for everybody. */
async function expectBooked(start: number): Promise<void> {
  expect(world.events().map(({ when }) => !when.isAllDay && when.start)).toEqual([start]);
  expect(await findDisorder(world)).toEqual([]);
  expect(await find()).toEqual([start]);
}

async function expectFree(): Promise<void> {
  expect(world.events()).toEqual([]);
  expect(await findDisorder(world)).toEqual([]);
  expect(await book(callerOn('+13125550177'))).toMatchObject({ kind: 'booked', repeated: false });
}

/** Claims as a process does that dies right after. */
async function claimOnly(caller: Caller): Promise<Booking> {
  const { store, userId, schedule, now } = await world.context();
  const outcome = await store.claim(userId, {
    booking: {
      bookingId: randomUUID(),
      interval: { start: TEN, end: TEN + 30 * MINUTE },
      invited: false,
      callerKey: callerKeyOf(NUMBER),
      propertyAddress: request.propertyAddress,
      attendeeName: request.attendeeName ?? null,
    },
    requests: bookingKeys(caller, request, now()),
    limits: limitsOf(schedule),
    now: now(),
  });
  if (outcome.kind !== 'claimed') throw new Error(outcome.kind);
  return outcome.booking;
}

async function writeEvent(booking: Booking): Promise<void> {
  const context = await world.context();
  const draft = draftEvent({ ...booking, attendeeEmail: null, contactNumber: NUMBER });
  await context.calendar.create(draft, clashWindow(context, booking.interval));
}

async function claimMoveOnly(caller: Caller, to = ELEVEN): Promise<Booking> {
  const { store, userId, schedule, now } = await world.context();
  const [booking] = await world.bookings();
  if (!booking) throw new Error('Nothing to move');
  const interval = { start: to, end: to + 30 * MINUTE };
  const outcome = await store.claimMove(userId, booking, interval, {
    requests: toolCallKeys(caller, 'move', now()),
    limits: limitsOf(schedule),
    now: now(),
  });
  if (outcome.kind !== 'claimed') throw new Error(outcome.kind);
  return outcome.booking;
}

async function moveEvent(booking: Booking): Promise<void> {
  const context = await world.context();
  const to = booking.movingTo ?? booking.interval;
  await context.calendar.move(booking.eventId ?? '', to, clashWindow(context, to));
}

describe('the answer to the write is lost', () => {
  test('the booking is asked for again by itself and ends as booked', async () => {
    world.microsoft.setFault({ path: BATCH, drop: 'after' });
    expect(await book(callerOn(NUMBER))).toMatchObject({ kind: 'booked', repeated: false });
    await expectBooked(TEN);
  });

  test('the next attempt finds the event of one that gave up, and says booked', async () => {
    for (const next of ['the same tool call', 'the same start on the call']) {
      await world.clear();
      const caller = callerOn(NUMBER);
      world.microsoft.setFault({ path: BATCH, drop: 'after', times: 3 });
      await expect(book(caller)).rejects.toMatchObject({ code: 'microsoft_unreachable' });
      expect(world.events()).toHaveLength(1);
      const again = next === 'the same tool call' ? caller : callerOn(NUMBER, caller.callId ?? '');
      expect(await book(again)).toMatchObject({ kind: 'booked', repeated: true });
      await expectBooked(TEN);
    }
  });

  test('a caller who asks what he has hears of it at once', async () => {
    world.microsoft.setFault({ path: BATCH, drop: 'after', times: 3 });
    await expect(book(callerOn(NUMBER))).rejects.toThrow();
    expect(await find()).toEqual([TEN]);
    await expectBooked(TEN);
  });

  test('the timer finds it too', async () => {
    world.microsoft.setFault({ path: BATCH, drop: 'after', times: 3 });
    await expect(book(callerOn(NUMBER))).rejects.toThrow();
    await sweep();
    await expectBooked(TEN);
  });

  test('an event that is written after our deadline is still found', async () => {
    world.microsoft.setFault({ path: BATCH, delayMs: 900 });
    const caller = callerOn(NUMBER);
    await expect(book(caller, 600)).rejects.toMatchObject({ code: 'deadline_exceeded' });
    while (world.events().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await book(caller)).toMatchObject({ kind: 'booked', repeated: true });
    await expectBooked(TEN);
  });

  test('a refusal after the write does not lose the event', async () => {
    const desk = await world.deskOver((calendar) => ({
      ...calendar,
      create: async (...args: Parameters<Calendar['create']>) => {
        await calendar.create(...args);
        return calendar.create({ ...args[0], attendee: { address: 'no address', name: '' } }, args[1]);
      },
    }));
    await expect(desk.book(callerOn(NUMBER), request)).rejects.toMatchObject({ code: 'microsoft_rejected' });
    await sweep();
    await expectBooked(TEN);
  });

  test('a moved viewing ends at its new time, by the next attempt, the timer, or at once', async () => {
    for (const next of ['itself', 'next attempt', 'timer'] as const) {
      await world.clear();
      await book(callerOn(NUMBER));
      const caller = callerOn(NUMBER);
      world.microsoft.setFault({ ...LOST_MOVE, times: next === 'itself' ? 1 : 3 });
      if (next === 'itself') expect(await move(caller)).toMatchObject({ kind: 'rescheduled' });
      else await expect(move(caller)).rejects.toMatchObject({ code: 'microsoft_unreachable' });
      if (next === 'next attempt') expect(await move(caller)).toMatchObject({ kind: 'rescheduled' });
      if (next === 'timer') await sweep();
      await expectBooked(ELEVEN);
    }
  });

  test('another time asked for after a lost move is the one that counts, and nothing else stays held', async () => {
    await book(callerOn(NUMBER));
    world.microsoft.setFault({ ...LOST_MOVE, times: 3 });
    await expect(move(callerOn(NUMBER), ELEVEN)).rejects.toThrow();
    const other = at('2026-11-27 15:00');
    expect(await move(callerOn(NUMBER), other)).toMatchObject({
      kind: 'rescheduled',
      viewing: { start: other },
    });
    await expectBooked(other);
  });

  test('back to the old time after a lost move moves the event back', async () => {
    await book(callerOn(NUMBER));
    world.microsoft.setFault({ ...LOST_MOVE, times: 3 });
    await expect(move(callerOn(NUMBER), ELEVEN)).rejects.toThrow();
    expect(await move(callerOn(NUMBER), TEN)).toMatchObject({ kind: 'rescheduled', viewing: { start: TEN } });
    await expectBooked(TEN);
  });

  test('a lost move whose repeat cannot even look keeps both times until Outlook can be asked', async () => {
    await book(callerOn(NUMBER));
    const caller = callerOn(NUMBER);
    world.microsoft.setFault({ ...LOST_MOVE, times: 3 });
    await expect(move(caller)).rejects.toThrow();
    world.microsoft.setFault({ path: '/v1.0/me/calendarView', status: 403 });
    await expect(move(caller)).rejects.toMatchObject({ code: 'microsoft_rejected' });
    await sweep();
    await expectBooked(ELEVEN);
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
    await (await world.desk()).book(callerOn(NUMBER), { ...request, ...email });
    const method = invited ? 'POST' : 'DELETE';
    world.microsoft.setFault({ path: '/v1.0/me/events/*', method, drop, times: 3 });
    const caller = callerOn(NUMBER);
    await expect(cancel(caller)).rejects.toMatchObject({ code: 'microsoft_unreachable' });
    if (next === 'timer') await sweep();
    else
      expect(await cancel(next === 'same tool call' ? caller : callerOn(NUMBER))).toMatchObject({
        kind: 'cancelled',
        viewing: { start: TEN },
        invited,
      });
    await expectFree();
  });
});

describe('the tables’ answer is lost', () => {
  const lose = async <T>(work: Promise<T> | null): Promise<never> => {
    await work;
    throw new AppError('storage_unavailable', 'The tables cannot be reached');
  };
  const ways = ['before', 'after'] as const;

  test.each(ways)(
    'to the claim, %s the work: the next attempt books once, or the timer frees it',
    async (when) => {
      for (const next of ['attempt', 'timer'] as const) {
        await world.clear();
        const desk = await world.deskOver((calendar) => calendar, {
          claim: (...args) => lose(when === 'after' ? world.store.claim(...args) : null),
        });
        const caller = callerOn(NUMBER);
        await expect(desk.book(caller, request)).rejects.toMatchObject({ code: 'storage_unavailable' });
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
      await world.clear();
      const desk = await world.deskOver((calendar) => calendar, {
        settle: (...args) => lose(when === 'after' ? world.store.settle(...args) : null),
      });
      const caller = callerOn(NUMBER);
      await expect(desk.book(caller, request)).rejects.toMatchObject({ code: 'storage_unavailable' });
      if (next === 'attempt') expect(await book(caller)).toMatchObject({ kind: 'booked', repeated: true });
      else await sweep();
      await expectBooked(TEN);
    }
  });

  test.each(ways)('to the end of a move, %s the work: the viewing stands at its new time', async (when) => {
    await book(callerOn(NUMBER));
    const desk = await world.deskOver((calendar) => calendar, {
      settle: (...args) => lose(when === 'after' ? world.store.settle(...args) : null),
    });
    const caller = callerOn(NUMBER);
    await expect(desk.move(caller, {}, ELEVEN)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await move(caller)).toMatchObject({ kind: 'rescheduled', viewing: { start: ELEVEN } });
    await expectBooked(ELEVEN);
  });
});

describe('the process dies', () => {
  test('after the claim: the next attempt books once', async () => {
    const caller = callerOn(NUMBER);
    await claimOnly(caller);
    expect(await book(caller)).toMatchObject({ kind: 'booked' });
    await expectBooked(TEN);
  });

  test('after the claim: nobody else gets the time for two minutes, then the timer frees it', async () => {
    await claimOnly(callerOn(NUMBER));
    world.clock.now += 2 * MINUTE - 1;
    expect(await book(callerOn('+13125550101'))).toMatchObject({ kind: 'conflict', reason: 'busy' });
    await world.runTimer('sweep');
    expect((await world.rowsOf('pending')).length).toBe(1);
    world.clock.now += MINUTE;
    await world.runTimer('sweep');
    await expectFree();
  });

  test('after the claim: without the timer, the next caller takes the time over after two minutes', async () => {
    await claimOnly(callerOn(NUMBER));
    world.clock.now += 2 * MINUTE;
    expect(await book(callerOn('+13125550101'))).toMatchObject({ kind: 'booked', repeated: false });
    expect(world.events()).toHaveLength(1);
    expect(await findDisorder(world)).toEqual([]);
  });

  test('after the event was written: the next attempt, the next caller and the timer all find it booked', async () => {
    for (const next of ['attempt', 'caller', 'timer'] as const) {
      await world.clear();
      const caller = callerOn(NUMBER);
      await writeEvent(await claimOnly(caller));
      if (next === 'attempt') expect(await book(caller)).toMatchObject({ kind: 'booked' });
      if (next === 'caller') {
        world.clock.now += 3 * MINUTE;
        expect(await book(callerOn('+13125550101'))).toMatchObject({ kind: 'conflict' });
      }
      if (next === 'timer') await sweep();
      await expectBooked(TEN);
    }
  });

  test('after the event was written, and the manager moves it before anybody looks: it is booked where he has it', async () => {
    const caller = callerOn(NUMBER);
    await writeEvent(await claimOnly(caller));
    world.manager.move(world.events()[0]?.id ?? '', ELEVEN, ELEVEN + 30 * MINUTE);
    expect(await book(caller)).toMatchObject({ kind: 'booked' });
    await expectBooked(ELEVEN);
  });

  test('while moving, before the event moved: the viewing stands at the old time, or the next attempt moves it', async () => {
    for (const next of ['attempt', 'timer', 'find'] as const) {
      await world.clear();
      await book(callerOn(NUMBER));
      const caller = callerOn(NUMBER);
      await claimMoveOnly(caller);
      if (next === 'attempt') expect(await move(caller)).toMatchObject({ kind: 'rescheduled' });
      if (next === 'timer') await sweep();
      if (next === 'find') {
        world.clock.now += 3 * MINUTE;
        expect(await find()).toEqual([TEN]);
      }
      await expectBooked(next === 'attempt' ? ELEVEN : TEN);
    }
  });

  test('while moving, after the event moved: the viewing stands at the new time', async () => {
    for (const next of ['attempt', 'timer', 'find'] as const) {
      await world.clear();
      await book(callerOn(NUMBER));
      const caller = callerOn(NUMBER);
      await moveEvent(await claimMoveOnly(caller));
      if (next === 'attempt') expect(await move(caller)).toMatchObject({ kind: 'rescheduled' });
      if (next === 'timer') await sweep();
      if (next === 'find') {
        world.clock.now += 3 * MINUTE;
        expect(await find()).toEqual([ELEVEN]);
      }
      await expectBooked(ELEVEN);
    }
  });

  test('while moving by half an overlap: the shared time is kept throughout', async () => {
    await world.manage({ rules: { duration_minutes: 60, grid_minutes: 30 } });
    try {
      await book(callerOn(NUMBER));
      const half = TEN + 30 * MINUTE;
      const { store, userId, schedule, now } = await world.context();
      const [booking] = await world.bookings();
      if (!booking) throw new Error('Nothing booked');
      await store.claimMove(
        userId,
        booking,
        { start: half, end: half + 60 * MINUTE },
        {
          requests: [],
          limits: limitsOf(schedule),
          now: now(),
        },
      );
      const held = (await world.rowsOf('bookings')).filter(({ rowKey }) => rowKey.startsWith('t:'));
      expect(held).toHaveLength(18);
      await sweep();
      await expectBooked(TEN);
    } finally {
      await world.manage({});
    }
  });

  test('while cancelling, before or after the event went: the timer and the next attempt both leave the time free', async () => {
    for (const step of ['marked', 'removed'] as const) {
      for (const next of ['attempt', 'new call', 'timer'] as const) {
        await world.clear();
        await book(callerOn(NUMBER));
        const caller = callerOn(NUMBER);
        const { store, userId, now, calendar } = await world.context();
        const [booking] = await world.bookings();
        if (!booking) throw new Error('Nothing booked');
        await store.markCancelling(userId, booking, {
          requests: toolCallKeys(caller, 'cancel', now()),
          now: now(),
        });
        if (step === 'removed') await calendar.remove(booking.eventId ?? '', { invited: false, comment: '' });
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

  test('and Outlook cannot be asked: the sweep leaves the claim for its next run', async () => {
    await claimOnly(callerOn(NUMBER));
    world.microsoft.setFault({ path: '/v1.0/me/events', status: 503, times: 3 });
    await sweep();
    expect(await world.rowsOf('pending')).toHaveLength(1);
    await world.runTimer('sweep');
    await expectFree();
  });
});
