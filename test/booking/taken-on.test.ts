// Work that a repeat of the request has taken on: the request that began it ends nothing of it any more.
import { beforeEach, expect, test } from '@jest/globals';
import type { BookOutcome } from '../../shared/booking/booking.ts';
import { AppError } from '../../shared/core/errors.ts';
import { callerOn } from '../support/booking-harness.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import {
  ANN,
  app,
  delayWrites,
  eventStarts,
  expectViewings,
  LAKE,
  next,
  sweepAfter,
  TEN,
} from './doubt-harness.ts';

beforeEach(() => app.manage({}));

function event(): { readonly happened: Promise<void>; readonly happen: () => void } {
  let happen: () => void = () => undefined;
  const happened = new Promise<void>((resolve) => (happen = resolve));
  return { happened, happen };
}

/** The answer to a hold is lost. Before its request ends, its repeat is about to write the event; it goes on after that. */
async function loseHoldThatIsTakenOn(beforeCreate: () => void): Promise<BookOutcome | AppError> {
  const caller = callerOn(ANN);
  const [held, creating, ended] = [event(), event(), event()];
  const losing = await app.serviceOver(
    (calendar) => calendar,
    (bookings) => ({
      ...bookings,
      async hold(...args) {
        await bookings.hold(...args);
        held.happen();
        await creating.happened;
        throw new AppError('storage_unavailable', 'The answer is lost');
      },
    }),
  );
  const repeating = await app.serviceOver((calendar) => ({
    ...calendar,
    async create(...args) {
      creating.happen();
      await ended.happened;
      beforeCreate();
      return calendar.create(...args);
    },
  }));
  const first = losing.book(caller, LAKE).catch((error: unknown) => error);
  await held.happened;
  const repeat = repeating.book(next(caller), LAKE).catch((error: unknown) => error as AppError);
  expect(await first).toMatchObject({ code: 'storage_unavailable' });
  ended.happen();
  return repeat;
}

test('a hold whose answer is lost stays held if the repeat is at work on it', async () => {
  expect(await loseHoldThatIsTakenOn(() => undefined)).toMatchObject({ kind: 'booked' });
  await expectViewings(TEN);
});

test('an event that the repeat wrote late is removed once its time is no longer held', async () => {
  const outcome = await loseHoldThatIsTakenOn(() => {
    delayWrites('POST');
  });
  expect(outcome).toMatchObject({ code: 'outcome_unknown' });
  app.microsoft.clearFaults();
  await sweepAfter(3);
  await app.microsoft.release();
  expect(eventStarts()).toEqual([TEN]);
  await sweepAfter(15);
  expect(eventStarts()).toEqual([]);
  expect(await findInvariantViolations(app)).toEqual([]);
});
