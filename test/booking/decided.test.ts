// What was decided is carried out, by the timer if not by the request.
import { describe, expect, test } from '@jest/globals';
import type { Calendar } from '../../shared/booking/calendar.ts';
import { sweepPending } from '../../shared/booking/sweep.ts';
import { at, callerOn } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';
import { DAY, HOUR, MINUTE } from '../support/test-app.ts';
import {
  app,
  TEN,
  ELEVEN,
  TWO,
  THREE,
  ANN,
  LAKE,
  book,
  eventStarts,
  sweepAfter,
  loseAnswers,
  expectUnknown,
  expectViewings,
  down,
} from './doubt-harness.ts';

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
