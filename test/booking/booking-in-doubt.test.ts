// A booking whose outcome nobody knows: the next request of the call settles it, or the timer.
import { describe, expect, test } from '@jest/globals';
import { callerOn } from '../support/booking-harness.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { named } from '../support/named-start.ts';
import { MINUTE } from '../support/test-app.ts';
import {
  app,
  TEN,
  ELEVEN,
  TWO,
  ANN,
  BOB,
  LAKE,
  FLAT,
  next,
  book,
  find,
  eventStarts,
  sweepAfter,
  delayWrites,
  ELM,
  loseAnswers,
  failWrites,
  expectUnknown,
  expectViewings,
} from './doubt-harness.ts';

describe('a booking whose answer was lost', () => {
  test.each([
    ['was carried out', loseAnswers],
    ['was not carried out', failWrites],
    [
      'is carried out later',
      () => {
        delayWrites('POST');
      },
    ],
  ])('and that %s is replaced by another time for the same home', async (_, fail) => {
    const caller = callerOn(ANN);
    fail();
    await expectUnknown(book(caller));
    expect(await book(next(caller), { ...LAKE, start: named(ELEVEN) })).toMatchObject({ kind: 'booked' });
    await app.microsoft.release();
    await sweepAfter(15);
    await expectViewings(ELEVEN);
  });

  test.each([
    ['was carried out', loseAnswers, [TEN, ELEVEN]],
    ['was not carried out', failWrites, [ELEVEN]],
  ] as const)('and that %s may stand beside another home', async (_, fail, starts) => {
    const caller = callerOn(ANN);
    fail();
    await expectUnknown(book(caller));
    expect(await book(next(caller), { ...ELM, start: named(ELEVEN) })).toMatchObject({ kind: 'booked' });
    await expectViewings(...starts);
  });

  test('counts to no limit once its call asks for another time', async () => {
    await app.manage({ rules: { daily_limit: 1, caller_limit: 1 } });
    const caller = callerOn(ANN);
    failWrites();
    await expectUnknown(book(caller));
    expect(await book(next(caller), { ...LAKE, start: named(TWO) })).toMatchObject({ kind: 'booked' });
    await expectViewings(TWO);
  });

  test.each(['find', 'move', 'cancel'] as const)('is settled by %s on the same call', async (what) => {
    const caller = callerOn(ANN);
    loseAnswers();
    await expectUnknown(book(caller));
    const service = await app.service();
    if (what === 'find') expect(await find(next(caller))).toEqual([TEN]);
    if (what === 'move')
      expect(await service.move(next(caller), {}, named(TWO))).toMatchObject({ kind: 'rescheduled' });
    if (what === 'cancel')
      expect(await service.cancel(next(caller), {})).toMatchObject({ kind: 'cancelled' });
    await expectViewings(...(what === 'cancel' ? [] : [what === 'find' ? TEN : TWO]));
  });

  test('is removed if its call cancelled before it was carried out', async () => {
    const caller = callerOn(ANN);
    delayWrites('POST');
    await expectUnknown(book(caller));
    expect(await (await app.service()).cancel(next(caller), {})).toEqual({ kind: 'none_found' });
    await app.microsoft.release();
    expect(eventStarts()).toEqual([TEN]);
    await sweepAfter(2);
    await expectViewings();
  });

  test('is kept by the timer if its event is found and in nobody’s way', async () => {
    loseAnswers();
    await expectUnknown(book(callerOn(ANN)));
    await sweepAfter(2);
    await expectViewings(TEN);
  });

  test('is removed by the timer if the manager was faster', async () => {
    loseAnswers();
    await expectUnknown(book(callerOn(ANN)));
    app.manager.add(TEN, TEN + 30 * MINUTE);
    await sweepAfter(2);
    await expectViewings();
  });

  test('is settled by the same flat request, or by the timer', async () => {
    loseAnswers();
    await expectUnknown(book(FLAT));
    expect(await book(FLAT)).toMatchObject({ kind: 'booked', repeated: true });
    expect(eventStarts()).toEqual([TEN]);
    expect(await findInvariantViolations(app)).toEqual([]);
  });

  test('leaves the next request of the call unknown while it cannot be settled', async () => {
    const caller = callerOn(ANN);
    failWrites();
    await expectUnknown(book(caller));
    failWrites();
    await expectUnknown(book(next(caller), { ...LAKE, start: named(ELEVEN) }));
    expect(await book(next(caller), { ...LAKE, start: named(ELEVEN) })).toMatchObject({ kind: 'booked' });
    await expectViewings(ELEVEN);
  });

  test.each([3, 7, 14])(
    'is removed if it comes after %s minutes, when its time is no longer held',
    async (late) => {
      delayWrites('POST');
      await expectUnknown(book(callerOn(ANN)));
      await sweepAfter(2);
      expect(await book(callerOn(BOB))).toMatchObject({ kind: 'booked' });
      await sweepAfter(late - 2);
      await app.microsoft.release();
      expect(eventStarts()).toEqual([TEN, TEN]);
      await sweepAfter(late < 5 ? 5 - late : 15 - late);
      expect(eventStarts()).toEqual([TEN]);
      expect(await find(callerOn(BOB))).toEqual([TEN]);
      await sweepAfter(15);
      expect(await app.rowsOf('pending')).toEqual([]);
      expect(await findInvariantViolations(app)).toEqual([]);
    },
  );
});

describe('a request that is still writing down how it ended', () => {
  test.each(['another time', 'a look-up'])('is waited for if its call goes on with %s', async (wish) => {
    const caller = callerOn(ANN);
    let mark: () => void = () => undefined;
    let reached: () => void = () => undefined;
    const isReached = new Promise<void>((resolve) => (reached = resolve));
    const mayMark = new Promise<void>((resolve) => (mark = resolve));
    const slow = await app.serviceOver(
      (calendar) => calendar,
      (bookings) => ({
        ...bookings,
        async apply(booking, transition, ...rest) {
          if (transition.inDoubt === true) {
            reached();
            await mayMark;
          }
          return bookings.apply(booking, transition, ...rest);
        },
      }),
    );
    loseAnswers();
    const first = slow.book(caller, LAKE).catch((error: unknown) => error);
    await isReached;
    app.microsoft.clearFaults();
    // The second request has looked at the row once before the first one has marked it.
    const service = await app.serviceOver(
      (calendar) => calendar,
      (bookings) => ({
        ...bookings,
        async lookUp(...args) {
          const known = await bookings.lookUp(...args);
          mark();
          return known;
        },
      }),
    );
    const again = next(caller);
    if (wish === 'another time') {
      const request = { ...LAKE, start: named(ELEVEN) };
      expect(await service.book(again, request)).toMatchObject({ kind: 'booked' });
    } else {
      expect(await service.find(again, {})).toMatchObject({ viewings: [{ start: TEN }] });
    }
    expect(await first).toMatchObject({ code: 'outcome_unknown' });
    await sweepAfter(15);
    await expectViewings(wish === 'another time' ? ELEVEN : TEN);
  });
});
