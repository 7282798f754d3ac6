// Answers of Microsoft that get lost: what is left is finished or freed, by the next attempt or by the timer.
import { describe, expect, test } from '@jest/globals';
import type { BookingService } from '../../shared/booking/booking.ts';
import type { Calendar } from '../../shared/booking/calendar.ts';
import { deadlineExceeded } from '../../shared/core/deadline.ts';
import { AppError } from '../../shared/core/errors.ts';
import { at, callerOn } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';
import {
  LOST_MOVE,
  BATCH,
  ELEVEN,
  NUMBER,
  TEN,
  app,
  book,
  cancel,
  expectBooked,
  expectFree,
  find,
  heldStarts,
  move,
  request,
  sweep,
} from './lost-answers-harness.ts';

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

  test('a cancellation that was noted, though the answer to that was lost, is said to be uncertain', async () => {
    await book(callerOn(NUMBER));
    const service = await app.serviceOver(
      (calendar) => calendar,
      (bookings) => ({
        ...bookings,
        async apply(...args) {
          await bookings.apply(...args);
          throw new AppError('storage_unavailable', 'The answer was lost');
        },
      }),
    );
    await expect(service.cancel(callerOn(NUMBER), {})).rejects.toMatchObject({ code: 'outcome_unknown' });
    await sweep();
    await expectFree();
  });

  test('the guest hears why, also if the timer carries the cancellation out', async () => {
    const guest = { attendeeEmail: 'ann@guests.example' };
    await (await app.service()).book(callerOn(NUMBER), { ...request, ...guest });
    app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'POST', drop: 'before', times: 3 });
    const cancelled = (await app.service()).cancel(callerOn(NUMBER), {}, 'Found a place');
    await expect(cancelled).rejects.toMatchObject({ code: 'outcome_unknown' });
    await sweep();
    expect(app.microsoft.invitations().at(-1)).toMatchObject({
      kind: 'cancellation',
      comment: 'Found a place',
    });
    expect(await app.bookings()).toMatchObject([{ state: 'cancelled', cancelComment: '' }]);
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

  test.each(['before', 'after'] as const)(
    'a cancellation whose mark was lost, %s it was written, is in doubt, and the same request finishes it',
    async (when) => {
      await book(callerOn(NUMBER));
      const caller = callerOn(NUMBER);
      const losing = await app.serviceOver(
        (calendar) => calendar,
        (bookings) => ({
          ...bookings,
          async apply(booking, transition, ...rest) {
            if (when === 'after') await bookings.apply(booking, transition, ...rest);
            throw new AppError('storage_unavailable', 'The tables cannot be reached');
          },
        }),
      );
      await expect(losing.cancel(caller, {})).rejects.toMatchObject({ code: 'outcome_unknown' });
      expect(await cancel(caller)).toMatchObject({ kind: 'cancelled', viewing: { start: TEN } });
      await expectFree();
    },
  );

  test.each(['booking', 'move'] as const)(
    'a %s in doubt whose repeat cannot take it on stays in doubt',
    async (what) => {
      const caller = callerOn(NUMBER);
      if (what === 'move') await book(callerOn(NUMBER));
      app.microsoft.setFault(
        what === 'move' ? { ...LOST_MOVE, times: 3 } : { path: BATCH, drop: 'after', times: 3 },
      );
      const ask = (service: BookingService) =>
        what === 'move' ? service.move(caller, {}, named(ELEVEN)) : service.book(caller, request);
      await expect(ask(await app.service())).rejects.toMatchObject({ code: 'outcome_unknown' });
      const losing = await app.serviceOver(
        (calendar) => calendar,
        (bookings) => ({
          ...bookings,
          renew: () => Promise.reject(new AppError('storage_unavailable', 'The tables cannot be reached')),
        }),
      );
      await expect(ask(losing)).rejects.toMatchObject({ code: 'outcome_unknown' });
      await sweep();
      await expectBooked(TEN);
    },
  );
});
