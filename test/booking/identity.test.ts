// Whose viewing it is: told by the number of the call, or by name and time together.
import { expect, test } from '@jest/globals';
import type { ViewingQuery } from '../../shared/booking/booking.ts';
import { MINUTE } from '../support/test-app.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { at, callerOn, useBookingApp } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';

const app = useBookingApp();

const TEN = at('2026-11-24 10:00');
const ELEVEN = at('2026-11-24 11:00');
const FRIDAY = at('2026-11-27 14:00');
const ANN = '+13125550100';
const BOB = '+13125550101';

async function book(number: string | null, start: number, attendeeName = 'Ann Lee', attendeePhone?: string) {
  const request = {
    start: named(start),
    propertyAddress: '12 Lake St',
    attendeeName,
    ...(attendeePhone && { attendeePhone }),
  };
  const outcome = await (await app.service()).book(callerOn(number), request);
  if (outcome.kind !== 'booked') throw new Error(outcome.kind);
  return outcome.viewing;
}
async function find(number: string | null, query: ViewingQuery = {}) {
  const found = await (await app.service()).find(callerOn(number), query);
  return found.kind === 'viewings' ? found.viewings.map(({ start }) => start) : found.kind;
}
async function move(number: string | null, query: ViewingQuery) {
  return (await app.service()).move(callerOn(number), query, named(FRIDAY));
}
async function cancel(number: string | null, query: ViewingQuery) {
  return (await app.service()).cancel(callerOn(number), query);
}

/** Nothing has been moved or cancelled. */
async function expectUntouched(...starts: number[]): Promise<void> {
  expect(app.events().map(({ when }) => !when.isAllDay && when.start)).toEqual(starts);
  expect(await findInvariantViolations(app)).toEqual([]);
}

test('a caller finds their own viewings across calls, in order of time, and nobody else’s', async () => {
  await book(ANN, FRIDAY);
  await book(ANN, TEN);
  await book(BOB, ELEVEN, 'Bob Ray');
  expect(await find(ANN)).toEqual([TEN, FRIDAY]);
  expect(await find(BOB)).toEqual([ELEVEN]);
  expect(await find('+13125550102')).toEqual([]);
});

test('another number cannot move or cancel a viewing, not even with its id or its time', async () => {
  const { bookingId } = await book(ANN, TEN);
  for (const query of [
    {},
    { bookingId },
    { start: TEN },
    { bookingId, start: TEN },
    { attendeeName: 'Ann Lee' },
  ]) {
    expect(await move(BOB, query)).toEqual({ kind: 'none_found' });
    expect(await cancel(BOB, query)).toEqual({ kind: 'none_found' });
  }
  await expectUntouched(TEN);
});

test('a caller who gives the id of another caller’s viewing hears of their own', async () => {
  const { bookingId } = await book(ANN, TEN);
  const own = await book(BOB, ELEVEN, 'Bob Ray');
  expect(await cancel(BOB, { bookingId })).toEqual({ kind: 'which', viewings: [own] });
  expect(await move(BOB, { bookingId })).toEqual({ kind: 'which', viewings: [own] });
  await expectUntouched(TEN, ELEVEN);
});

test('an id that does not exist, or that names another kind of row, finds no viewing', async () => {
  await book(ANN, TEN);
  for (const bookingId of ['', 'x', "' or 1 eq 1", '../t:000000000', 't:005984520'])
    expect(await cancel(BOB, { bookingId })).toEqual({ kind: 'none_found' });
  await expectUntouched(TEN);
});

test('a caller with several viewings names one by its id or its time, or is asked which', async () => {
  const first = await book(ANN, TEN);
  const second = await book(ANN, ELEVEN);
  expect(await cancel(ANN, {})).toEqual({ kind: 'which', viewings: [first, second] });
  expect(await cancel(ANN, { start: at('2026-11-25 10:00') })).toEqual({
    kind: 'which',
    viewings: [first, second],
  });
  await expectUntouched(TEN, ELEVEN);
  expect(await cancel(ANN, { start: TEN })).toMatchObject({ kind: 'cancelled', viewing: { start: TEN } });
  expect(await move(ANN, { bookingId: second.bookingId })).toMatchObject({ kind: 'rescheduled' });
  await expectUntouched(FRIDAY);
});

test('a caller with a withheld number needs the name and the time, and both must match', async () => {
  await book(ANN, TEN);
  for (const query of [
    {},
    { attendeeName: 'Ann Lee' },
    { start: TEN },
    { attendeeName: ' .,', start: TEN },
  ]) {
    expect(await find(null, query)).toBe('need_name_and_time');
    expect(await move(null, query)).toEqual({ kind: 'need_name_and_time' });
    expect(await cancel(null, query)).toEqual({ kind: 'need_name_and_time' });
  }
  for (const query of [
    { attendeeName: 'Bob Ray', start: TEN },
    { attendeeName: 'Ann', start: TEN },
    { attendeeName: 'Ann Lee', start: ELEVEN },
  ]) {
    expect(await find(null, query)).toEqual([]);
    expect(await cancel(null, query)).toEqual({ kind: 'none_found' });
  }
  await expectUntouched(TEN);
  expect(await find(null, { attendeeName: 'ANN  lee.', start: TEN })).toEqual([TEN]);
  expect(await move(null, { attendeeName: 'ann lee', start: TEN })).toMatchObject({ kind: 'rescheduled' });
  expect(await cancel(null, { attendeeName: 'ann lee', start: FRIDAY })).toMatchObject({ kind: 'cancelled' });
  expect(app.events()).toEqual([]);
});

test('from another phone, a name and a time find that one viewing and no other of the same person', async () => {
  await book(ANN, TEN);
  await book(ANN, ELEVEN);
  expect(await find(BOB, { attendeeName: 'Ann Lee', start: TEN })).toEqual([TEN]);
  expect(await cancel(BOB, { attendeeName: 'Ann Lee', start: TEN })).toMatchObject({ kind: 'cancelled' });
  await expectUntouched(ELEVEN);
});

test('a viewing without an attendee’s name cannot be found by a name', async () => {
  const request = { start: named(TEN), propertyAddress: '12 Lake St' };
  await (await app.service()).book(callerOn(ANN), request);
  expect(await cancel(null, { attendeeName: 'Guest', start: TEN })).toEqual({ kind: 'none_found' });
  await expectUntouched(TEN);
});

test('a number that is only said identifies nobody, whether the call has one or not', async () => {
  await book(BOB, TEN, 'Bob Ray', ANN);
  expect(await find(ANN)).toEqual([]);
  expect(await find(BOB)).toEqual([TEN]);
  await book(null, ELEVEN, 'Ann Lee', ANN);
  expect(await find(ANN)).toEqual([]);
  expect(await cancel(ANN, {})).toEqual({ kind: 'none_found' });
});

test('a viewing that has begun can no longer be found, moved or cancelled', async () => {
  await book(ANN, TEN);
  app.clock.now = TEN + MINUTE;
  expect(await find(ANN)).toEqual([]);
  expect(await find(null, { attendeeName: 'Ann Lee', start: TEN })).toEqual([]);
  expect(await move(ANN, {})).toEqual({ kind: 'none_found' });
  expect(await cancel(ANN, {})).toEqual({ kind: 'none_found' });
  await expectUntouched(TEN);
});

test('an invited attendee is told by Outlook with the reason; a caller without e-mail causes no mail', async () => {
  const number = '+13125550109';
  const request = { start: named(TEN), propertyAddress: '12 Lake St', attendeeEmail: 'ann@guests.example' };
  await (await app.service()).book(callerOn(number), request);
  await (await app.service()).cancel(callerOn(number), {}, 'I am\r\n ill');
  const { length } = app.microsoft.invitations();
  expect(app.microsoft.invitations().at(-1)).toMatchObject({
    kind: 'cancellation',
    to: 'ann@guests.example',
    comment: 'I am ill',
  });
  await book(ANN, ELEVEN);
  await cancel(ANN, {});
  expect(app.microsoft.invitations()).toHaveLength(length);
});

test('no number, name or address is in the tables unencrypted', async () => {
  await book(ANN, TEN);
  const text = JSON.stringify(await app.rowsOf('bookings'));
  expect(text).toContain('v:');
  for (const secret of [ANN, ANN.slice(1), 'Ann', 'Lee', 'Lake']) expect(text).not.toContain(secret);
});

test('after five wrong names and times, a call can look up no more viewings by name and time', async () => {
  await book(ANN, TEN);
  const ask = async (callId: string, start: number, number: string | null = null) => {
    const found = await (
      await app.service()
    ).find(callerOn(number, callId), { attendeeName: 'Ann Lee', start });
    return found.kind === 'viewings' ? found.viewings.length : found.kind;
  };
  for (let count = 0; count < 5; count += 1) expect(await ask('call-1', ELEVEN + count * MINUTE)).toBe(0);
  expect(await ask('call-1', TEN)).toBe('too_many_misses');
  for (const what of ['move', 'cancel'] as const) {
    const service = await app.service();
    const caller = callerOn(null, 'call-1');
    const query = { attendeeName: 'Ann Lee', start: TEN };
    const outcome = await (what === 'move'
      ? service.move(caller, query, named(FRIDAY))
      : service.cancel(caller, query));
    expect(outcome).toEqual({ kind: 'too_many_misses' });
  }
  // Another call, and whoever calls from their own number, is not concerned.
  expect(await ask('call-2', TEN)).toBe(1);
  expect(await ask('call-1', FRIDAY, ANN)).toBe(1);
  await expectUntouched(TEN);
});

test('many names and times at once on one call are tried no more often than one after the other', async () => {
  await book(ANN, TEN);
  const guess = async (index: number) => {
    const start = TEN + (index + 1) * MINUTE;
    const caller = callerOn(null, 'call-1');
    return (await (await app.service()).find(caller, { attendeeName: 'Ann Lee', start })).kind;
  };
  const kinds = await Promise.all(Array.from({ length: 16 }, (_, index) => guess(index)));
  expect(kinds.filter((kind) => kind === 'viewings')).toHaveLength(5);
  expect(kinds.filter((kind) => kind === 'too_many_misses')).toHaveLength(11);
});

test('a viewing that is found by its name and time does not count as a miss, however often it is asked for', async () => {
  await book(ANN, TEN);
  for (let count = 0; count < 7; count += 1) {
    const query = { attendeeName: 'Ann Lee', start: TEN };
    const found = await (await app.service()).find(callerOn(null, 'call-1'), query);
    expect(found).toMatchObject({ kind: 'viewings', viewings: [{ start: TEN }] });
  }
});

test('one wrong name and time counts as one miss, however often it is looked up', async () => {
  await book(ANN, TEN);
  const ask = async (attendeeName: string, start: number) => {
    const service = await app.service();
    const caller = callerOn(null, 'call-1');
    await service.find(caller, { attendeeName, start });
    await service.find(caller, { attendeeName, start }, { before: 'move' });
    return service.move(caller, { attendeeName, start }, named(FRIDAY));
  };
  for (const wrong of ['Anna Lee', 'Ann Leigh', 'Anne Lee', 'Ann Li'])
    expect(await ask(wrong, TEN)).toEqual({ kind: 'none_found' });
  expect(await ask('Ann Lee', TEN)).toMatchObject({ kind: 'rescheduled' });
});

test('a look-up that fails costs no try when it is repeated', async () => {
  await book(ANN, TEN);
  const query = { attendeeName: 'Ann Lee', start: TEN };
  const broken = await app.serviceOver(
    (calendar) => calendar,
    (bookings) => ({ ...bookings, listDays: () => Promise.reject(new Error('The tables do not answer')) }),
  );
  for (let count = 0; count < 6; count += 1)
    await expect(broken.find(callerOn(null, 'call-1'), query)).rejects.toThrow('The tables do not answer');
  const found = await (await app.service()).find(callerOn(null, 'call-1'), query);
  expect(found).toMatchObject({ kind: 'viewings', viewings: [{ start: TEN }] });
});

test('of more than twenty viewings, each can be cancelled by its id, and the soonest are listed', async () => {
  await app.manage({
    rules: { caller_limit: 30, grid_minutes: 15, duration_minutes: 15 },
    hours: { tue: [['09:00', '17:00']] },
  });
  const starts = Array.from({ length: 22 }, (_, index) => TEN + (21 - index) * 15 * MINUTE);
  const ids: string[] = [];
  for (const start of starts) ids.push((await book(ANN, start)).bookingId);
  expect(await find(ANN)).toEqual(starts.toReversed().slice(0, 20));
  for (const bookingId of [ids[0], ids[21]])
    expect(await cancel(ANN, { bookingId })).toMatchObject({ kind: 'cancelled', viewing: { bookingId } });
  await app.manage({});
});
