import { expect, test } from '@jest/globals';
import type { BookRequest, Caller, ViewingQuery } from '../../shared/booking/booking.ts';
import { MINUTE } from '../support/test-app.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { at, callerOn, useBookingApp } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';

const app = useBookingApp();

const TEN = at('2026-11-24 10:00');
const ELEVEN = at('2026-11-24 11:00');
const request: BookRequest = { start: named(TEN), propertyAddress: '12 Lake St', attendeeName: 'Ann Lee' };
const FLAT: Caller = { number: null, callId: null, toolCallId: null };

async function book(caller: Caller, changes: Partial<BookRequest> = {}) {
  return (await app.service()).book(caller, { ...request, ...changes });
}

async function expectOneViewing(): Promise<void> {
  expect(app.events()).toHaveLength(1);
  expect(await findInvariantViolations(app)).toEqual([]);
}

test('the same tool call again hears the first booking, word for word', async () => {
  const caller = callerOn();
  const first = await book(caller);
  const again = await book(caller);
  expect(first).toMatchObject({ kind: 'booked', repeated: false });
  expect(again).toEqual({ ...first, repeated: true });
  await expectOneViewing();
});

test('another tool call of the same call that asks for the same start hears the first booking', async () => {
  const first = await book(callerOn('+13125550100', 'call-1'));
  const again = await book(callerOn('+13125550100', 'call-1'), { propertyAddress: '12 Lake Street' });
  expect(again).toEqual({ ...first, repeated: true });
  await expectOneViewing();
});

test('the same start on another call is taken, even for the same number', async () => {
  await book(callerOn());
  expect(await book(callerOn())).toMatchObject({ kind: 'conflict', reason: 'busy' });
  await expectOneViewing();
});

test('another start on the same call is a second viewing', async () => {
  const one = callerOn('+13125550100', 'call-1');
  await book(one);
  const second = await book(callerOn('+13125550100', 'call-1'), { start: named(ELEVEN) });
  expect(second).toMatchObject({ kind: 'booked', repeated: false });
  expect(app.events()).toHaveLength(2);
});

test.each(['tool call', 'flat body'])(
  'two equal requests at once (%s) make one event, and both hear booked',
  async (kind) => {
    for (let round = 0; round < 8; round += 1) {
      await app.clear();
      const caller = kind === 'flat body' ? FLAT : callerOn();
      const outcomes = await Promise.all([book(caller), book(caller)]);
      expect(outcomes.map((outcome) => outcome.kind)).toEqual(['booked', 'booked']);
      const ids = outcomes.map((outcome) => outcome.kind === 'booked' && outcome.viewing.bookingId);
      expect(new Set(ids).size).toBe(1);
      await expectOneViewing();
    }
  },
);

test('two equal requests at once both hear booked where the day takes no second viewing', async () => {
  await app.manage({ rules: { daily_limit: 1 } });
  try {
    for (let round = 0; round < 5; round += 1) {
      await app.clear();
      const caller = callerOn();
      const outcomes = await Promise.all([book(caller), book(caller), book(caller)]);
      expect(outcomes.map((outcome) => outcome.kind)).toEqual(['booked', 'booked', 'booked']);
      await expectOneViewing();
    }
  } finally {
    await app.manage({});
  }
});

test('a flat request with the same words is the same request for ten minutes', async () => {
  const first = await book(FLAT);
  app.clock.now += 10 * MINUTE - 1;
  expect(await book(FLAT)).toEqual({ ...first, repeated: true });
  app.clock.now += 1;
  expect(await book(FLAT)).toMatchObject({ kind: 'conflict', reason: 'busy' });
  await expectOneViewing();
});

test.each([
  ['property', { propertyAddress: '7 Elm St' }],
  ['name', { attendeeName: 'Bob Ray' }],
  ['e-mail', { attendeeEmail: 'bob@guests.example' }],
  ['phone', { attendeePhone: '+13125550123' }],
])('a flat body with another %s is another request', async (_, changes) => {
  await book(FLAT);
  expect(await book(FLAT, changes)).toMatchObject({ kind: 'conflict', reason: 'busy' });
  await expectOneViewing();
});

test('after a cancellation the same start can be booked anew, on the same call and by the same flat body', async () => {
  for (const [first, second] of [
    [callerOn('+13125550100', 'call-1'), callerOn('+13125550100', 'call-1')],
    [FLAT, FLAT],
  ] as const) {
    await app.clear();
    const booked = await book(first);
    const query = first === FLAT ? { attendeeName: 'ann lee', start: TEN } : {};
    expect(await (await app.service()).cancel(first, query)).toMatchObject({ kind: 'cancelled' });
    expect(app.events()).toHaveLength(0);
    expect(await findInvariantViolations(app)).toEqual([]);
    const again = await book(second);
    expect(again).toMatchObject({ kind: 'booked', repeated: false });
    expect(again.kind === 'booked' && booked.kind === 'booked' && again.viewing.bookingId).not.toBe(
      booked.kind === 'booked' && booked.viewing.bookingId,
    );
    await expectOneViewing();
  }
});

test('the very same tool call, late, books nothing anew after its viewing was cancelled or moved', async () => {
  const caller = callerOn('+13125550100', 'call-1');
  const first = await book(caller);
  await (await app.service()).move(callerOn('+13125550100', 'call-1'), {}, named(ELEVEN));
  expect(await book(caller)).toMatchObject({ kind: 'booked', repeated: true, viewing: { start: ELEVEN } });
  await expectOneViewing();
  await (await app.service()).cancel(callerOn('+13125550100', 'call-1'), {});
  expect(await book(caller)).toMatchObject({
    kind: 'booked',
    repeated: true,
    viewing: { bookingId: first.kind === 'booked' ? first.viewing.bookingId : '' },
  });
  expect(app.events()).toHaveLength(0);
});

test('the very same tool call, late, books nothing anew while its viewing is being cancelled', async () => {
  const caller = callerOn('+13125550100', 'call-1');
  await book(caller);
  app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'DELETE', drop: 'before', times: 3 });
  const cancelled = (await app.service()).cancel(callerOn('+13125550100', 'call-1'), {});
  await expect(cancelled).rejects.toMatchObject({ code: 'outcome_unknown' });
  expect(await book(caller)).toMatchObject({ kind: 'booked', repeated: true });
  app.clock.now += 3 * MINUTE;
  await app.runTimer('sweep');
  expect(app.events()).toEqual([]);
});

test('a move that was carried out is not carried out again after the viewing has been moved on', async () => {
  const caller = () => callerOn('+13125550100', 'call-1');
  await book(caller());
  const mover = caller();
  const move = async (who: Caller, to: number) => (await app.service()).move(who, {}, named(to));
  await move(mover, ELEVEN);
  await move(caller(), TEN);
  expect(await move(mover, ELEVEN)).toMatchObject({ kind: 'rescheduled', repeated: true });
  expect(app.events().map(({ when }) => !when.isAllDay && when.start)).toEqual([TEN]);
});

test('a move that was taken back is made by its repeat, of the same viewing', async () => {
  const caller = () => callerOn('+13125550100', 'call-1');
  await book(caller());
  const mover = caller();
  const move = async (query: ViewingQuery) => (await app.service()).move(mover, query, named(ELEVEN));
  app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'PATCH', drop: 'before', times: 3 });
  await expect(move({})).rejects.toMatchObject({ code: 'outcome_unknown' });
  expect(await (await app.service()).find(caller(), {})).toMatchObject({ viewings: [{ start: TEN }] });
  await book(caller(), { start: named(ELEVEN + 60 * MINUTE), propertyAddress: '7 Elm St' });
  expect(await move({})).toMatchObject({ kind: 'rescheduled', viewing: { propertyAddress: '12 Lake St' } });
});

test('a repeat long after the manager deleted the viewing in Outlook does not call it booked', async () => {
  await book(callerOn('+13125550100', 'call-1'));
  app.manager.remove(app.events()[0]?.id ?? '');
  app.clock.now += 3 * MINUTE;
  expect(await book(callerOn('+13125550100', 'call-1'))).toMatchObject({ kind: 'booked', repeated: false });
  await expectOneViewing();
});

test('a repeated move and a repeated cancellation hear the first answer, also at once', async () => {
  const number = '+13125550100';
  await book(callerOn(number));
  const mover = callerOn(number);
  const moves = await Promise.all(
    [1, 2].map(async () => (await app.service()).move(mover, {}, named(ELEVEN))),
  );
  moves.push(await (await app.service()).move(mover, {}, named(ELEVEN)));
  for (const move of moves)
    expect(move).toMatchObject({
      kind: 'rescheduled',
      viewing: { start: ELEVEN },
      from: { start: TEN, end: TEN + 30 * MINUTE },
    });
  await expectOneViewing();

  const canceller = callerOn(number);
  const cancels = await Promise.all([1, 2].map(async () => (await app.service()).cancel(canceller, {})));
  cancels.push(await (await app.service()).cancel(canceller, {}));
  for (const cancel of cancels)
    expect(cancel).toMatchObject({ kind: 'cancelled', viewing: { start: ELEVEN } });
  expect(app.events()).toHaveLength(0);
  expect(await findInvariantViolations(app)).toEqual([]);
});
