// A write whose outcome nobody knows: the call's next request settles it, or the same request, or the timer.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BookRequest, Caller } from '../../shared/booking/booking.ts';
import type { Calendar } from '../../shared/booking/calendar.ts';
import { sweepPending } from '../../shared/booking/sweep.ts';
import { AppError } from '../../shared/core/errors.ts';
import { at, callerOn, useBookingApp } from '../support/booking-harness.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { DAY, HOUR, MINUTE } from '../support/test-app.ts';
import { named } from '../support/named-start.ts';

const app = useBookingApp();
beforeEach(() => app.manage({}));

const TEN = at('2026-11-24 10:00');
const ELEVEN = at('2026-11-24 11:00');
const TWO = at('2026-11-24 14:00');
const THREE = at('2026-11-24 15:00');
const ANN = '+13125550100';
const BOB = '+13125550177';
const LAKE: BookRequest = { start: named(TEN), propertyAddress: '12 Lake St', attendeeName: 'Ann Lee' };
const ELM: BookRequest = { ...LAKE, propertyAddress: '99 Elm Ave' };
const FLAT: Caller = { number: null, callId: null, toolCallId: null };

/** The next tool call of the same call. */
function next(caller: Caller): Caller {
  return { ...caller, toolCallId: randomUUID() };
}
async function book(caller: Caller, request = LAKE) {
  return (await app.service()).book(caller, request);
}
async function move(caller: Caller, to: number) {
  return (await app.service()).move(caller, {}, named(to));
}
async function find(caller: Caller) {
  const found = await (await app.service()).find(caller, {});
  return found.kind === 'viewings' ? found.viewings.map(({ start }) => start) : found.kind;
}
function eventStarts(): number[] {
  return app
    .events()
    .filter(({ subject }) => subject.startsWith('Property Viewing'))
    .map(({ when }) => (when.isAllDay ? 0 : when.start))
    .sort((a, b) => a - b);
}
async function sweepAfter(minutes: number): Promise<void> {
  app.clock.now += minutes * MINUTE;
  await app.runTimer('sweep');
}

/** Microsoft never answers the write. It is carried out when the test says so. */
function delayWrites(method: 'POST' | 'PATCH'): void {
  const path = method === 'POST' ? '/v1.0/me/events' : '/v1.0/me/events/*';
  app.microsoft.setFault({ path, method, name: 'late', lands: 'on_release', drop: 'before', times: 3 });
}
/** Microsoft carries the write out, and its answers are lost. */
function loseAnswers(): void {
  app.microsoft.setFault({ path: '/v1.0/$batch', drop: 'after', times: 3, after: 0 });
}
/** Microsoft fails before it does anything. */
function failWrites(): void {
  app.microsoft.setFault({ path: '/v1.0/$batch', status: 503, retryAfter: 0, times: 3 });
}
async function expectUnknown(outcome: Promise<unknown>): Promise<void> {
  await expect(outcome).rejects.toMatchObject({ code: 'outcome_unknown' });
  app.microsoft.clearFaults();
}
/** Everybody agrees that the viewings are at these times. */
async function expectViewings(...starts: number[]): Promise<void> {
  expect(eventStarts()).toEqual(starts);
  expect(await findInvariantViolations(app)).toEqual([]);
  expect(await find(callerOn(ANN))).toEqual(starts);
}
function down(): AppError {
  return new AppError('microsoft_unreachable', 'Microsoft is down');
}

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

test('a calendar that keeps failing is left for the next run of the timer, so that others get their turn', async () => {
  for (const [index, start] of [TEN, ELEVEN, TWO, THREE].entries()) {
    loseAnswers();
    await expectUnknown(book(callerOn(`+1312555020${index}`), { ...LAKE, start: named(start) }));
  }
  app.clock.now += 3 * MINUTE;
  app.microsoft.setFault({ path: '/v1.0/$batch', status: 503, retryAfter: 0, times: 100 });
  app.microsoft.clearRequests();
  expect(await sweepPending(app.options, app.signal())).toEqual({ finished: 0, failed: 4 });
  // Three of them were tried, each as often as a request to Graph is repeated.
  expect(app.microsoft.graphTrips()).toBe(9);
  app.microsoft.clearFaults();
  expect(await sweepPending(app.options, app.signal())).toEqual({ finished: 4, failed: 0 });
  expect(eventStarts()).toEqual([TEN, ELEVEN, TWO, THREE]);
});

describe('what was decided is carried out', () => {
  test('by the timer, if a viewing that came second could not be removed', async () => {
    const service = await app.serviceOver((calendar): Calendar => ({
      ...calendar,
      async create(...args) {
        app.manager.add(TEN, TEN + 30 * MINUTE);
        return calendar.create(...args);
      },
      remove: () => Promise.reject(down()),
    }));
    expect(await service.book(callerOn(ANN), LAKE)).toMatchObject({ kind: 'conflict', reason: 'busy' });
    expect((await app.bookings()).map(({ state }) => state)).toEqual(['undoing']);
    await sweepAfter(2);
    await expectViewings();
    expect((await app.bookings()).map(({ state }) => state)).toEqual(['freed']);
  });

  test('by the timer, if a move that came second could not be taken back', async () => {
    await book(callerOn(ANN));
    let moves = 0;
    const service = await app.serviceOver((calendar): Calendar => ({
      ...calendar,
      async move(...args) {
        moves += 1;
        if (moves > 1) throw down();
        app.manager.add(TWO, TWO + 30 * MINUTE);
        return calendar.move(...args);
      },
    }));
    expect(await service.move(callerOn(ANN), {}, named(TWO))).toMatchObject({
      kind: 'conflict',
      reason: 'busy',
    });
    expect(eventStarts()).toEqual([TWO]);
    await sweepAfter(2);
    await expectViewings(TEN);
  });

  test('by one of two equal requests, and both hear the same', async () => {
    const caller = callerOn(ANN);
    const events: (() => void)[] = [];
    const happened = [0, 1].map((index) => new Promise<void>((resolve) => (events[index] = resolve)));
    const [reachedRemoval, firstIsDone] = happened;
    const repeat = await app.serviceOver((calendar): Calendar => ({
      ...calendar,
      async remove(...args) {
        events[0]?.();
        await firstIsDone;
        return calendar.remove(...args);
      },
    }));
    let second: Promise<unknown> = Promise.resolve();
    const service = await app.serviceOver((calendar): Calendar => ({
      ...calendar,
      async create(...args) {
        const written = await calendar.create(...args);
        app.manager.add(TEN, TEN + 30 * MINUTE);
        second = repeat.book(caller, LAKE);
        await reachedRemoval;
        return written;
      },
    }));
    const first = await service.book(caller, LAKE);
    events[1]?.();
    expect([first, await second]).toMatchObject([{ kind: 'conflict' }, { kind: 'conflict' }]);
    await expectViewings();
  });

  test.each(['cancelling', 'moving', 'undoing'] as const)(
    'after the manager has connected again, however long that took (%s)',
    async (state) => {
      const friday = at('2026-11-27 10:00');
      if (state !== 'undoing') await book(callerOn(ANN), { ...LAKE, start: named(friday) });
      const service = await app.serviceOver((calendar): Calendar => ({
        ...calendar,
        create: async (...args) => {
          app.manager.add(friday, friday + 30 * MINUTE);
          return calendar.create(...args);
        },
        remove: () => Promise.reject(down()),
        move: async (...args) => {
          await calendar.move(...args);
          throw down();
        },
      }));
      if (state === 'cancelling') await expectUnknown(service.cancel(callerOn(ANN), {}));
      if (state === 'moving') await expectUnknown(service.move(callerOn(ANN), {}, named(friday + HOUR)));
      if (state === 'undoing') await service.book(callerOn(ANN), { ...LAKE, start: named(friday) });
      await app.post('/calendar/auth/disconnect', { user_id: '+15555551234' });
      app.clock.now += DAY + HOUR;
      await app.runTimer('sweep');
      expect(await app.rowsOf('pending')).toHaveLength(1);
      await app.connect(await app.startLink('+15555551234'), 'pete@lakeviewrentals.example');
      await app.runTimer('sweep');
      await expectViewings(...(state === 'moving' ? [friday] : []));
    },
  );
});

describe('the same start on the same call', () => {
  test('for another home is refused, and the first one is named', async () => {
    const caller = callerOn(ANN);
    await book(caller);
    expect(await book(next(caller), ELM)).toMatchObject({
      kind: 'already_booked',
      viewing: { propertyAddress: '12 Lake St', start: TEN },
      alternatives: [{ start: TEN - 30 * MINUTE }, { start: TEN + 30 * MINUTE }],
    });
    await expectViewings(TEN);
  });

  test('for two homes at once books one of them', async () => {
    const callId = randomUUID();
    const outcomes = await Promise.all([LAKE, ELM].map((request) => book(callerOn(ANN, callId), request)));
    expect(outcomes.map(({ kind }) => kind)).toContain('booked');
    expect(outcomes.filter(({ kind }) => kind === 'booked')).toHaveLength(1);
    await expectViewings(TEN);
  });

  test('for another home is booked if the first one came to nothing', async () => {
    const caller = callerOn(ANN);
    failWrites();
    await expectUnknown(book(caller));
    expect(await book(next(caller), ELM)).toMatchObject({
      kind: 'booked',
      repeated: false,
      viewing: { propertyAddress: '99 Elm Ave' },
    });
    await expectViewings(TEN);
  });

  test('with an e-mail address that came later invites its owner to the event that is there', async () => {
    const caller = callerOn(ANN);
    const request = { ...LAKE, accessNote: 'Lockbox 0420' };
    await book(caller, request);
    expect(app.events()[0]?.body.content).toContain('0420');
    const before = app.microsoft.invitations().length;
    const again = { ...request, attendeeEmail: 'ann@guests.example' };
    expect(await book(next(caller), again)).toMatchObject({
      kind: 'booked',
      invitation: 'sent',
      repeated: true,
    });
    expect(app.microsoft.invitations().slice(before)).toMatchObject([{ to: 'ann@guests.example' }]);
    expect(await book(next(caller), again)).toMatchObject({ kind: 'booked', invitation: 'sent' });
    expect(app.microsoft.invitations()).toHaveLength(before + 1);
    await expectViewings(TEN);
    expect(app.events()[0]?.body.content).not.toContain('0420');
    await (await app.service()).cancel(next(caller), {});
    expect(app.microsoft.invitations().at(-1)).toMatchObject({
      kind: 'cancellation',
      to: 'ann@guests.example',
    });
  });
});

test('an address that Graph refuses is left out, and the viewing is booked', async () => {
  const attendeeEmail = 'ann@refused.example';
  app.microsoft.setFault({ path: '/v1.0/me/events*', attendee: attendeeEmail, status: 400, times: 9 });
  const caller = callerOn(ANN);
  const outcome = { kind: 'booked', invitation: 'unreadable_email' };
  expect(await book(caller, { ...LAKE, attendeeEmail })).toMatchObject(outcome);
  for (const again of [caller, next(caller)])
    expect(await book(again, { ...LAKE, attendeeEmail })).toMatchObject({ ...outcome, repeated: true });
  await expectViewings(TEN);
});
