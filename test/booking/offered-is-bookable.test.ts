// What is offered can be booked, also after the rules changed and after the manager edited viewings in Outlook.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { at, callerOn, createBookingApp } from '../support/booking-harness.ts';
import type { BookingApp } from '../support/booking-harness.ts';
import { eventsByBooking, findInvariantViolations } from '../support/invariants.ts';
import { MINUTE } from '../support/test-app.ts';
import { named } from '../support/named-start.ts';

const RUNS = Number(process.env['OFFER_RUNS'] ?? 25);
const SEED = Number(process.env['OFFER_SEED'] ?? 20261126);
const TEN = at('2026-11-24 10:00');
const TUESDAY = { dates: { from: '2026-11-24', to: '2026-11-24' } };

let app: BookingApp;
let callers = 0;

beforeAll(async () => {
  app = await createBookingApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.clear();
  await app.manage({});
});

/** Somebody else each time. */
function somebody(): string {
  callers += 1;
  return `+1312555${1_000 + (callers % 9_000)}`;
}
async function book(start: number, number = somebody()) {
  return (await app.service()).book(callerOn(number), { start: named(start), propertyAddress: '12 Lake St' });
}
async function offered(near: string): Promise<number[]> {
  const offer = await (await app.service()).offer({ ...TUESDAY, near });
  return offer.kind === 'slots' && offer.fit === 'asked' ? offer.slots.map(({ start }) => start) : [];
}

test('after the buffer became smaller, the time next to a viewing can be booked', async () => {
  await app.manage({ rules: { buffer_minutes: 60 } });
  await book(TEN);
  await app.manage({ rules: { buffer_minutes: 0 } });
  app.clock.now += 10 * MINUTE;
  for (const minutes of [30, 60, -30]) {
    const start = TEN + minutes * MINUTE;
    expect(await offered('10:00')).toContain(start);
    expect(await book(start)).toMatchObject({ kind: 'booked' });
  }
});

test('after the buffer became smaller, a hold that somebody is at work on refuses nothing that is free', async () => {
  await app.manage({ rules: { buffer_minutes: 60 } });
  let inside: unknown;
  const service = await app.serviceOver((calendar) => ({
    ...calendar,
    async create(...args) {
      await app.manage({ rules: { buffer_minutes: 0 } });
      inside = await book(TEN + 30 * MINUTE);
      return calendar.create(...args);
    },
  }));
  // This request goes by the rules that it began with.
  const outcome = await service.book(callerOn(somebody()), {
    start: named(TEN),
    propertyAddress: '12 Lake St',
  });
  expect([inside, outcome]).toMatchObject([{ kind: 'booked' }, { kind: 'conflict', reason: 'busy' }]);
  expect(await findInvariantViolations(app)).toEqual([]);
});

test('after the manager shortened a viewing in Outlook, the time that became free can be booked', async () => {
  await app.manage({ rules: { duration_minutes: 60 } });
  await book(TEN);
  app.manager.move(app.events()[0]?.id ?? '', TEN, TEN + 30 * MINUTE);
  await app.manage({ rules: { duration_minutes: 30 } });
  app.clock.now += 10 * MINUTE;
  expect(await offered('10:30')).toContain(TEN + 30 * MINUTE);
  expect(await book(TEN + 30 * MINUTE)).toMatchObject({ kind: 'booked' });
  expect(await findInvariantViolations(app)).toEqual([]);
});

test('the last slot before midnight is offered, also if a buffer is kept', async () => {
  const hours = { tue: [['20:00', '24:00']], wed: [['00:00', '02:00']] };
  await app.manage({ hours, rules: { buffer_minutes: 10 } });
  const last = at('2026-11-24 23:30');
  expect(await offered('23:30')).toContain(last);
  await book(at('2026-11-25 00:00'));
  expect(await offered('23:30')).not.toContain(last);
  expect(await book(last)).toMatchObject({ kind: 'conflict', reason: 'busy' });
});

test('the last slot of the last day that can be booked is offered only if the buffer after it is free', async () => {
  const hours = { mon: [['09:00', '17:00']], tue: [['20:00', '24:00']] };
  await app.manage({ hours, rules: { buffer_minutes: 10, horizon_days: 2 } });
  const last = at('2026-11-24 23:30');
  expect(await offered('23:30')).toContain(last);
  app.manager.add(at('2026-11-25 00:00'), at('2026-11-25 01:00'));
  expect(await offered('23:30')).not.toContain(last);
  expect(await book(last)).toMatchObject({ kind: 'conflict', reason: 'busy' });
});

const fives = (min: number, max: number) => fc.integer({ min: min / 5, max: max / 5 }).map((n) => n * 5);
const rules = fc.record({
  duration_minutes: fc.constantFrom(15, 30, 60, 90),
  grid_minutes: fc.constantFrom(15, 30, 60),
  buffer_minutes: fc.constantFrom(0, 0, 15, 60),
  daily_limit: fc.constantFrom(null, null, 1, 3),
});
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('book' as const), pick: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rules' as const), rules }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      which: fc.nat(5),
      minutes: fives(-120, 120),
      length: fives(5, 120),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(1, 3) }) },
);

test('whatever changed before: every time that is offered can be booked', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 3, maxLength: 8 }),
    fc.nat(9),
    async (steps, pick) => {
      await app.clear();
      await app.manage({ rules: { caller_limit: 100 } });
      for (const one of steps) {
        const viewings = app.events();
        if (one.kind === 'wait') app.clock.now += one.minutes * MINUTE;
        if (one.kind === 'rules') await app.manage({ rules: one.rules });
        if (one.kind === 'book') {
          const starts = await offered('12:00');
          const start = starts[one.pick % Math.max(1, starts.length)];
          if (start !== undefined) expect(await book(start)).toMatchObject({ kind: 'booked' });
        }
        const event = viewings[('which' in one ? one.which : 0) % Math.max(1, viewings.length)];
        if (event === undefined || event.when.isAllDay) continue;
        if (one.kind === 'delete') app.manager.remove(event.id);
        if (one.kind === 'edit') {
          const start = event.when.start + one.minutes * MINUTE;
          app.manager.move(event.id, start, start + one.length * MINUTE);
        }
      }
      const starts = await offered('12:00');
      const start = starts[pick % Math.max(1, starts.length)];
      if (start !== undefined) expect(await book(start)).toMatchObject({ kind: 'booked' });
      const written = eventsByBooking(app);
      expect(new Set(written).size).toBe(written.length);
    },
  );
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
}, 600_000);
