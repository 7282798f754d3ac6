// Tables whose answers get lost and processes that die: what is left is finished or freed, by the next attempt or by the timer.
import { describe, expect, test } from '@jest/globals';
import type { Caller } from '../../shared/booking/booking.ts';
import { apply } from '../../shared/booking/context.ts';
import { callKeyOf, toolCallKeys } from '../../shared/booking/idempotency-keys.ts';
import type { ManagerBookings } from '../../shared/booking/store.ts';
import { AppError } from '../../shared/core/errors.ts';
import { MINUTE } from '../support/test-app.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { callerOn } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';
import {
  ELEVEN,
  NUMBER,
  TEN,
  app,
  book,
  cancel,
  expectBooked,
  expectFree,
  find,
  holdMoveOnly,
  holdOnly,
  move,
  moveEvent,
  onlyBooking,
  optionsFor,
  request,
  sweep,
  writeEvent,
} from './lost-answers-harness.ts';

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

  test('after the event was written, and the manager moves it before anybody looks: it is booked where they put it', async () => {
    const caller = callerOn(NUMBER);
    await writeEvent(await holdOnly(caller));
    app.manager.move(app.events()[0]?.id ?? '', ELEVEN, ELEVEN + 30 * MINUTE);
    expect(await book(caller)).toMatchObject({ kind: 'booked' });
    await expectBooked(ELEVEN);
  });

  test.each([
    ['before', holdMoveOnly],
    ['after', async (caller: Caller) => moveEvent(await holdMoveOnly(caller))],
  ] as const)(
    'while moving, %s the event moved: the next attempt moves the viewing, or it is booked at the time that its caller heard',
    async (_, moveUntil) => {
      for (const next of ['attempt', 'timer', 'find'] as const) {
        await app.clear();
        await book(callerOn(NUMBER));
        const caller = callerOn(NUMBER);
        await moveUntil(caller);
        if (next === 'attempt') expect(await move(caller)).toMatchObject({ kind: 'rescheduled' });
        if (next === 'timer') await sweep();
        if (next === 'find') {
          app.clock.now += 3 * MINUTE;
          expect(await find()).toEqual([TEN]);
        }
        await expectBooked(next === 'attempt' ? ELEVEN : TEN);
      }
    },
  );

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
