// Work in doubt whose manager is deleted: nobody can look into the calendar any more, and the note of it does not stay for ever.
import { expect, test } from '@jest/globals';
import { callerOn, USER } from '../support/booking-harness.ts';
import { MINUTE } from '../support/test-app.ts';
import { ANN, app, book, delayWrites, expectUnknown, sweepAfter } from './doubt-harness.ts';

const DAY = 24 * 60 * MINUTE;

test('the note of a booking in doubt is kept as long as its row, and no longer', async () => {
  delayWrites('POST');
  await expectUnknown(book(callerOn(ANN)));
  const deleted = await app.request(`/managers/${encodeURIComponent(USER)}`, { method: 'DELETE' });
  expect(deleted.status).toBe(204);
  await sweepAfter(20);
  expect(await app.rowsOf('pending')).toHaveLength(1);
  app.clock.now += 32 * DAY;
  // The first run removes the row, the next one the note.
  for (let run = 0; run < 2; run += 1) await app.runTimer('sweep');
  expect(await app.rowsOf('bookings')).toEqual([]);
  expect(await app.rowsOf('pending')).toEqual([]);
});
