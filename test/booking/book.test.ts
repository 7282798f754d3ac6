import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callerOn, createBookingWorld } from '../support/booking-harness.ts';

let world: Awaited<ReturnType<typeof createBookingWorld>>;

beforeAll(async () => {
  world = await createBookingWorld();
});
afterAll(() => world.close());

test('books an offered slot in two Graph round trips, and offers it no more', async () => {
  const offered = await (await world.desk()).offer({});
  if (offered.kind !== 'slots') throw new Error('Nothing offered');
  const [slot] = offered.slots;
  if (!slot) throw new Error('No slot');
  world.reset();
  const booked = await (
    await world.desk()
  ).book(callerOn(), {
    start: slot.start,
    propertyAddress: '12 Lake St',
    attendeeEmail: 'ann@guests.example',
  });
  expect(booked).toMatchObject({ kind: 'booked', repeated: false, viewing: { start: slot.start } });
  expect(world.microsoft.requests().filter(({ inBatch }) => !inBatch)).toHaveLength(2);
  const after = await (await world.desk()).offer({});
  expect(after.kind === 'slots' && after.slots.map(({ start }) => start)).not.toContain(slot.start);
  const conflict = await (
    await world.desk()
  ).book(callerOn('+13125550101'), { start: slot.start, propertyAddress: '12 Lake St' });
  expect(conflict).toMatchObject({ kind: 'conflict', reason: 'busy' });
});

test("moves and cancels a caller's only viewing without its being named", async () => {
  const caller = callerOn('+13125550199');
  const offered = await (await world.desk()).offer({});
  if (offered.kind !== 'slots') throw new Error('Nothing offered');
  const [first, second] = offered.slots;
  if (!first || !second) throw new Error('Too few slots');
  await (await world.desk()).book(caller, { start: first.start, propertyAddress: '7 Elm' });
  const again = callerOn('+13125550199');
  const moved = await (await world.desk()).move(again, {}, second.start);
  expect(moved).toMatchObject({ kind: 'rescheduled', viewing: { start: second.start }, from: first });
  const cancelled = await (await world.desk()).cancel(callerOn('+13125550199'), {}, 'ill');
  expect(cancelled).toMatchObject({ kind: 'cancelled', viewing: { start: second.start } });
  const free = await (await world.desk()).offer({});
  expect(free.kind === 'slots' && free.slots.map(({ start }) => start)).toEqual(
    expect.arrayContaining([first.start, second.start]),
  );
});
