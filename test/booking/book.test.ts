import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callerOn, createBookingApp } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';

let app: Awaited<ReturnType<typeof createBookingApp>>;

beforeAll(async () => {
  app = await createBookingApp();
});
afterAll(() => app.close());

test('books an offered slot in two Graph round trips, and offers it no more', async () => {
  const offered = await (await app.service()).offer({});
  if (offered.kind !== 'slots') throw new Error('Nothing offered');
  const [slot] = offered.slots;
  if (!slot) throw new Error('No slot');
  app.reset();
  const booked = await (
    await app.service()
  ).book(callerOn(), {
    start: named(slot.start),
    propertyAddress: '12 Lake St',
    attendeeEmail: 'ann@guests.example',
  });
  expect(booked).toMatchObject({ kind: 'booked', repeated: false, viewing: { start: slot.start } });
  expect(app.microsoft.requests().filter(({ inBatch }) => !inBatch)).toHaveLength(2);
  const after = await (await app.service()).offer({});
  expect(after.kind === 'slots' && after.slots.map(({ start }) => start)).not.toContain(slot.start);
  const conflict = await (
    await app.service()
  ).book(callerOn('+13125550101'), { start: named(slot.start), propertyAddress: '12 Lake St' });
  expect(conflict).toMatchObject({ kind: 'conflict', reason: 'busy' });
});

test("moves and cancels a caller's only viewing without its being named", async () => {
  const caller = callerOn('+13125550199');
  const offered = await (await app.service()).offer({});
  if (offered.kind !== 'slots') throw new Error('Nothing offered');
  const [first, second] = offered.slots;
  if (!first || !second) throw new Error('Too few slots');
  await (await app.service()).book(caller, { start: named(first.start), propertyAddress: '7 Elm' });
  const again = callerOn('+13125550199');
  const moved = await (await app.service()).move(again, {}, named(second.start));
  expect(moved).toMatchObject({ kind: 'rescheduled', viewing: { start: second.start }, from: first });
  const cancelled = await (await app.service()).cancel(callerOn('+13125550199'), {}, 'ill');
  expect(cancelled).toMatchObject({ kind: 'cancelled', viewing: { start: second.start } });
  const free = await (await app.service()).offer({});
  expect(free.kind === 'slots' && free.slots.map(({ start }) => start)).toEqual(
    expect.arrayContaining([first.start, second.start]),
  );
});
