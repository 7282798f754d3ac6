// What is offered can be booked, and what is held is not offered: while writes are in doubt, and whatever the age of a hold.
import { expect, test } from '@jest/globals';
import { busyTimeFromCopy } from '../../shared/booking/busy-time.ts';
import { callerOn } from '../support/booking-harness.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { named } from '../support/named-start.ts';
import { MINUTE } from '../support/test-app.ts';
import {
  ANN,
  app,
  BOB,
  book,
  delayWrites,
  ELEVEN,
  ELM,
  expectUnknown,
  failWrites,
  LAKE,
  loseAnswers,
  move,
  next,
  TEN,
  THREE,
  TWO,
} from './doubt-harness.ts';

const SECOND = MINUTE / 60;

async function isOffered(start: number): Promise<boolean> {
  const offer = await (await app.service()).offer({ within: [{ start, end: start + 1 }] });
  return offer.kind === 'slots' && offer.fit === 'asked';
}
/** Whether somebody else gets a time. If so, they have it. */
async function isBookable(start: number): Promise<boolean> {
  const outcome = await book(callerOn(BOB), { ...ELM, start: named(start) });
  return outcome.kind === 'booked';
}
/** Asked in this order, because a booking may change what it meets. */
async function offeredAndBookable(start: number): Promise<readonly [boolean, boolean]> {
  return [await isOffered(start), await isBookable(start)];
}
function loseMoves(): void {
  app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'PATCH', drop: 'after', times: 3 });
}

test.each([
  [
    'is not yet carried out',
    () => {
      delayWrites('PATCH');
    },
  ],
  ['was carried out', loseMoves],
] as const)('a move in doubt that %s keeps both of its times', async (_, fail) => {
  await book(callerOn(ANN));
  app.clock.now += 5 * MINUTE;
  fail();
  await expectUnknown(move(callerOn(ANN), TWO));
  for (const start of [TEN, TWO]) expect(await offeredAndBookable(start)).toEqual([false, false]);
  const refused = await book(callerOn(BOB), { ...ELM, start: named(TWO) });
  const alternatives = refused.kind === 'conflict' ? refused.alternatives.map(({ start }) => start) : [];
  expect(alternatives).toHaveLength(2);
  expect(alternatives).not.toContain(TEN);
  expect(await offeredAndBookable(THREE)).toEqual([true, true]);
});

test('a move in doubt that was carried out keeps its first time also after two minutes, because it goes back there', async () => {
  await book(callerOn(ANN));
  loseMoves();
  await expectUnknown(move(callerOn(ANN), TWO));
  app.clock.now += 3 * MINUTE;
  expect(await offeredAndBookable(TEN)).toEqual([false, false]);
  expect(await offeredAndBookable(TWO)).toEqual([true, true]);
  expect(await findInvariantViolations(app)).toEqual([]);
});

test('a move in doubt within one day counts once towards the limit of the day', async () => {
  await app.manage({ rules: { daily_limit: 2 } });
  await book(callerOn(ANN));
  delayWrites('PATCH');
  await expectUnknown(move(callerOn(ANN), TWO));
  expect(await offeredAndBookable(THREE)).toEqual([true, true]);
  expect(await offeredAndBookable(ELEVEN)).toEqual([false, false]);
});

test('a viewing that moves keeps both times in a copy of the calendar that was read since', () => {
  const viewing = { bookingId: 'ann', propertyId: null, since: 0, changedAt: 0 };
  const at = (start: number) => ({ start, end: start + 30 * MINUTE });
  const { busy } = busyTimeFromCopy(
    [{ eventId: 'e', bookingId: 'ann', interval: at(TEN), blocks: true, cancelled: false }],
    MINUTE,
    {
      entries: [
        { ...viewing, interval: at(TEN) },
        { ...viewing, interval: at(TWO) },
      ],
      removed: [],
    },
    MINUTE,
  );
  expect(busy).toContainEqual(expect.objectContaining(at(TEN)));
  expect(busy).toContainEqual(expect.objectContaining(at(TWO)));
});

test('a viewing that was moved within its day a minute ago keeps its time, although Outlook does not show it', async () => {
  await book(callerOn(ANN));
  app.clock.now += 5 * MINUTE;
  await move(callerOn(ANN), TWO);
  app.manager.remove(app.events()[0]?.id ?? '');
  app.clock.now += MINUTE;
  expect(await offeredAndBookable(TWO)).toEqual([false, false]);
  app.clock.now += MINUTE;
  expect(await offeredAndBookable(TWO)).toEqual([true, true]);
});

test('a cancellation that Outlook has carried out frees its time at once, although its answer was lost', async () => {
  await book(callerOn(ANN));
  app.clock.now += 5 * MINUTE;
  app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'DELETE', drop: 'after', times: 3 });
  await expectUnknown((await app.service()).cancel(callerOn(ANN), {}));
  expect(await offeredAndBookable(TEN)).toEqual([true, true]);
  expect(await findInvariantViolations(app)).toEqual([]);
});

test('a booking in doubt that the manager has moved in Outlook keeps the time that it has there', async () => {
  loseAnswers();
  await expectUnknown(book(callerOn(ANN)));
  app.manager.move(app.events()[0]?.id ?? '', TWO, TWO + 30 * MINUTE);
  expect(await offeredAndBookable(TWO)).toEqual([false, false]);
  expect(await offeredAndBookable(TEN)).toEqual([true, true]);
  expect(await findInvariantViolations(app)).toEqual([]);
});

test.each([90, 130, 200, 225])(
  'a booking in doubt that was repeated after 100 seconds is held or free for all alike, %s seconds after it began',
  async (seconds) => {
    const begin = app.clock.now;
    const caller = callerOn(ANN);
    failWrites();
    await expectUnknown(book(caller));
    if (seconds > 100) {
      app.clock.now = begin + 100 * SECOND;
      failWrites();
      await expectUnknown(book(caller));
    }
    app.clock.now = begin + seconds * SECOND;
    const isFree = seconds > 220;
    expect(await offeredAndBookable(TEN)).toEqual([isFree, isFree]);
  },
);

test('a hold is as old for bookings as for listings, however long its request took to mark its doubt', async () => {
  const begin = app.clock.now;
  const slow = await app.serviceOver((calendar) => ({
    ...calendar,
    create() {
      app.clock.now = begin + 8 * SECOND;
      return Promise.reject(new Error('No answer came'));
    },
  }));
  await expectUnknown(slow.book(callerOn(ANN), LAKE));
  app.clock.now = begin + 119 * SECOND;
  expect(await offeredAndBookable(TEN)).toEqual([false, false]);
  app.clock.now = begin + 121 * SECOND;
  expect(await offeredAndBookable(TEN)).toEqual([true, true]);
});

test('a booking that is being undone is as old as its hold', async () => {
  const begin = app.clock.now;
  const caller = callerOn(ANN);
  failWrites();
  await expectUnknown(book(caller));
  app.clock.now = begin + 100 * SECOND;
  failWrites();
  // The other time for the same home replaces it, but Outlook cannot be asked.
  await expectUnknown(book(next(caller), { ...LAKE, start: named(TWO) }));
  expect(await app.bookings()).toMatchObject([{ state: 'undoing' }]);
  app.clock.now = begin + 130 * SECOND;
  expect(await offeredAndBookable(TEN)).toEqual([true, true]);
  expect((await app.bookings()).map(({ state }) => state).sort()).toEqual(['booked', 'freed']);
});

test('a viewing that is being cancelled does not count towards the limit of its caller’s next call', async () => {
  await app.manage({ rules: { caller_limit: 1 } });
  await book(callerOn(ANN));
  app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'DELETE', drop: 'before', times: 3 });
  await expectUnknown((await app.service()).cancel(callerOn(ANN), {}));
  expect(await book(callerOn(ANN), { ...LAKE, start: named(TWO) })).toMatchObject({ kind: 'booked' });
  expect(await findInvariantViolations(app)).toEqual([]);
});
