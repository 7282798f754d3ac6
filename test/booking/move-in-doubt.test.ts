// A move whose outcome nobody knows: another request settles it, or the timer.
import { describe, expect, test } from '@jest/globals';
import { callerOn } from '../support/booking-harness.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { named } from '../support/named-start.ts';
import {
  app,
  TEN,
  ELEVEN,
  TWO,
  THREE,
  ANN,
  BOB,
  next,
  book,
  move,
  eventStarts,
  sweepAfter,
  delayWrites,
  ELM,
  expectUnknown,
  expectViewings,
} from './doubt-harness.ts';

const DAY = '2026-11-24';
const LOST_MOVE = { path: '/v1.0/me/events/*', method: 'PATCH', drop: 'after', times: 3 } as const;

describe('while a move is in doubt', () => {
  test.each([
    [
      'has not been carried out',
      () => {
        delayWrites('PATCH');
      },
    ],
    [
      'has been carried out',
      () => {
        app.microsoft.setFault(LOST_MOVE);
      },
    ],
  ])('and %s, neither of its times is offered, nor named as an alternative', async (_, fault) => {
    const caller = callerOn(ANN);
    await book(caller);
    fault();
    await expectUnknown(move(next(caller), TWO));
    for (const near of ['10:00', '14:00']) {
      const offer = await (await app.service()).offer({ dates: { from: DAY, to: DAY }, near });
      const offered = offer.kind === 'slots' ? offer.slots.map(({ start }) => start) : [];
      expect(offered).not.toContain(TEN);
      expect(offered).not.toContain(TWO);
    }
    for (const start of [TEN, TWO]) {
      const refused = await book(callerOn(BOB), { ...ELM, start: named(start) });
      expect(refused).toMatchObject({ kind: 'conflict', reason: 'busy' });
      const alternatives = refused.kind === 'conflict' ? refused.alternatives.map((slot) => slot.start) : [];
      expect(alternatives).toHaveLength(2);
      expect(alternatives).not.toContain(TEN);
      expect(alternatives).not.toContain(TWO);
    }
  });

  test('its two times count as one viewing of the day', async () => {
    await app.manage({ rules: { daily_limit: 2 } });
    const caller = callerOn(ANN);
    await book(caller);
    delayWrites('PATCH');
    await expectUnknown(move(next(caller), TWO));
    expect(await book(callerOn(BOB), { ...ELM, start: named(THREE) })).toMatchObject({ kind: 'booked' });
  });
});

describe('a move whose answer never came', () => {
  test('cannot be carried out after the caller has moved to another time', async () => {
    const caller = callerOn(ANN);
    await book(caller);
    delayWrites('PATCH');
    await expectUnknown(move(next(caller), TWO));
    expect(await move(next(caller), THREE)).toMatchObject({ kind: 'rescheduled', viewing: { start: THREE } });
    await app.microsoft.release();
    await expectViewings(THREE);
    expect(await book(callerOn(BOB), { ...ELM, start: named(THREE) })).toMatchObject({ kind: 'conflict' });
  });

  test('cannot be carried out over another caller who took the time meanwhile', async () => {
    const caller = callerOn(ANN);
    await book(caller);
    delayWrites('PATCH');
    await expectUnknown(move(next(caller), TWO));
    await move(next(caller), THREE);
    expect(await book(callerOn(BOB), { ...ELM, start: named(TWO) })).toMatchObject({ kind: 'booked' });
    await app.microsoft.release();
    await sweepAfter(15);
    expect(eventStarts()).toEqual([TWO, THREE]);
    expect(await findInvariantViolations(app)).toEqual([]);
  });

  test('that was carried out before the next move is taken into account', async () => {
    const caller = callerOn(ANN);
    await book(caller);
    delayWrites('PATCH');
    await expectUnknown(move(next(caller), TWO));
    await app.microsoft.release();
    expect(await move(next(caller), THREE)).toMatchObject({
      kind: 'rescheduled',
      viewing: { start: THREE },
      from: { start: TEN },
    });
    await expectViewings(THREE);
  });

  test('goes back to where the caller was told it is if the call says nothing more', async () => {
    const caller = callerOn(ANN);
    await book(caller);
    delayWrites('PATCH');
    await expectUnknown(move(next(caller), TWO));
    await app.microsoft.release();
    expect(eventStarts()).toEqual([TWO]);
    await sweepAfter(2);
    await expectViewings(TEN);
  });

  test('does not come after the timer has settled it', async () => {
    const caller = callerOn(ANN);
    await book(caller);
    delayWrites('PATCH');
    await expectUnknown(move(next(caller), TWO));
    await sweepAfter(2);
    await app.microsoft.release();
    await expectViewings(TEN);
  });

  test('is carried on with if the caller asks for the same time again', async () => {
    const caller = callerOn(ANN);
    await book(caller);
    delayWrites('PATCH');
    await expectUnknown(move(next(caller), TWO));
    expect(await move(next(caller), TWO)).toMatchObject({ kind: 'rescheduled', viewing: { start: TWO } });
    await app.microsoft.release();
    await expectViewings(TWO);
  });

  test('gives its new time up to another viewing that the caller moves there', async () => {
    const caller = callerOn(ANN);
    await book(caller);
    await book(next(caller), { ...ELM, start: named(ELEVEN) });
    const { bookings } = await app.context();
    const [lake, elm] = (await app.bookings()).sort((a, b) => a.interval.start - b.interval.start);
    const moveOne = async (bookingId = '') =>
      (await app.service()).move(next(caller), { bookingId }, named(TWO));
    delayWrites('PATCH');
    await expectUnknown(moveOne(lake?.bookingId));
    expect(await moveOne(elm?.bookingId)).toMatchObject({
      kind: 'rescheduled',
      viewing: { propertyAddress: '99 Elm Ave', start: TWO },
    });
    await app.microsoft.release();
    expect(await bookings.get([lake?.bookingId ?? ''])).toMatchObject([
      { state: 'booked', interval: { start: TEN } },
    ]);
    await expectViewings(TEN, TWO);
  });

  test('ends with the viewing cancelled if the caller cancels', async () => {
    const caller = callerOn(ANN);
    await book(caller);
    delayWrites('PATCH');
    await expectUnknown(move(next(caller), TWO));
    expect(await (await app.service()).cancel(next(caller), {})).toMatchObject({
      kind: 'cancelled',
      viewing: { start: TEN },
    });
    await app.microsoft.release();
    await expectViewings();
  });

  test('is stopped by another request that moves the same viewing at the same moment', async () => {
    await book(callerOn(ANN));
    let reached: () => void = () => undefined;
    let settled: () => void = () => undefined;
    const isReached = new Promise<void>((resolve) => (reached = resolve));
    const isSettled = new Promise<void>((resolve) => (settled = resolve));
    const slow = await app.serviceOver((calendar) => ({
      ...calendar,
      async move(...args) {
        reached();
        await isSettled;
        return calendar.move(...args);
      },
    }));
    const first = slow.move(callerOn(ANN), {}, named(TWO));
    await isReached;
    expect(await move(callerOn(ANN), THREE)).toMatchObject({ kind: 'rescheduled' });
    settled();
    await expect(first).rejects.toMatchObject({ code: 'concurrent_update' });
    await expectViewings(THREE);
  });
});
