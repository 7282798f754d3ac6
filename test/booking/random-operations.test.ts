/**
 * Random mixes of booking, moving, cancelling and the manager's own edits, over a Graph that fails at random: whatever was answered,
 * bookings, holds and Outlook agree once the timer has run. MIX_RUNS sets how many; MIX_SEED repeats one.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../shared/core/errors.ts';
import type { FaultRule } from '../../sandbox/microsoft/faults.ts';
import type { Caller } from '../../shared/booking/booking.ts';
import { MINUTE } from '../support/test-app.ts';
import { eventsByBooking, findInvariantViolations } from '../support/invariants.ts';
import { at, callerOn, createBookingApp } from '../support/booking-harness.ts';
import type { BookingApp } from '../support/booking-harness.ts';

const RUNS = Number(process.env['MIX_RUNS'] ?? 100);
const SEED = Number(process.env['MIX_SEED'] ?? 20261123);
const HALF = 30 * MINUTE;
/** Few enough that everybody gets into everybody's way. */
const STARTS = ['2026-11-24 10:00', '2026-11-24 10:30', '2026-11-24 11:00', '2026-11-25 10:00'].map(at);
const NUMBERS = ['+13125550100', '+13125550101', '+13125550102'];

let app: BookingApp;

beforeAll(async () => {
  app = await createBookingApp();
});
afterAll(() => app.close());

type Step =
  | {
      readonly kind: 'book' | 'move' | 'cancel';
      readonly who: number;
      readonly start: number;
      readonly times: number;
    }
  | { readonly kind: 'edit'; readonly which: number; readonly to: number | null }
  | { readonly kind: 'busy'; readonly start: number }
  | { readonly kind: 'wait'; readonly minutes: number };

const who = fc.nat(NUMBERS.length - 1);
const start = fc.constantFrom(...STARTS);
const asked = fc.record({
  kind: fc.constantFrom('book' as const, 'book' as const, 'move' as const, 'cancel' as const),
  who,
  start,
  /** The same request sent so many times at once. */
  times: fc.constantFrom(1, 1, 1, 2),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: asked },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('edit' as const), which: fc.nat(5), to: fc.option(start) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('busy' as const), start }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(1, 3) }) },
);
const fault: fc.Arbitrary<FaultRule> = fc
  .record({
    path: fc.constantFrom('/v1.0/$batch', '/v1.0/me/events', '/v1.0/me/events/*', '/v1.0/me/calendarView'),
    after: fc.nat(4),
    times: fc.constantFrom(1, 1, 3),
    how: fc.constantFrom(
      { status: 429, retryAfter: 0 },
      { status: 429, retryAfter: 60 },
      { status: 503, retryAfter: 0 },
      { status: 403 },
      { drop: 'before' as const },
      { drop: 'after' as const },
      { delayMs: 250 },
    ),
  })
  .map(({ how, ...rest }) => ({ ...rest, ...how }));
/** What happens at the same moment. */
const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 5 });

function editable() {
  return app.events().filter(({ extendedProperties }) => extendedProperties.length > 0);
}

async function run(one: Step, moved: Set<string>, deadlineMs: number): Promise<void> {
  if (one.kind === 'wait') {
    app.clock.now += one.minutes * MINUTE;
    return;
  }
  if (one.kind === 'busy') {
    app.manager.add(one.start, one.start + HALF);
    return;
  }
  if (one.kind === 'edit') {
    const event = editable()[one.which];
    if (!event) return;
    if (one.to === null) app.manager.remove(event.id);
    else {
      app.manager.move(event.id, one.to, one.to + HALF);
      moved.add(event.extendedProperties[0]?.value ?? '');
    }
    return;
  }
  const caller: Caller = callerOn(NUMBERS[one.who]);
  const ask = async (): Promise<void> => {
    try {
      const service = await app.service(deadlineMs);
      if (one.kind === 'book')
        await service.book(caller, { start: one.start, propertyAddress: '12 Lake St' });
      if (one.kind === 'move') await service.move(caller, {}, one.start);
      if (one.kind === 'cancel') await service.cancel(caller, {});
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  };
  await Promise.all(Array.from({ length: one.times }, ask));
}

/** Nobody is at work: the timer has run, and everybody has asked what he has. */
async function comeToRest(): Promise<void> {
  app.microsoft.clearFaults();
  // A request that was given up may still be under way at Microsoft.
  await new Promise((resolve) => setTimeout(resolve, 300));
  app.clock.now += 3 * MINUTE;
  await app.runTimer('sweep');
  for (const number of NUMBERS) await (await app.service()).find(callerOn(number), {});
}

const CHECKS = { numRuns: RUNS, seed: SEED, endOnFailure: true };

test('whatever is asked and edited at the same moments: no overlap, nothing lost, nothing held for nothing', async () => {
  const property = fc.asyncProperty(rounds, async (plan) => {
    await app.clear();
    const moved = new Set<string>();
    for (const round of plan) await Promise.all(round.map((one) => run(one, moved, 20_000)));
    app.clock.now += 3 * MINUTE;
    await app.runTimer('sweep');
    for (const number of NUMBERS) await (await app.service()).find(callerOn(number), {});
    expect(await findInvariantViolations(app, { moved })).toEqual([]);
  });
  await fc.assert(property, { ...CHECKS, numRuns: Math.ceil(RUNS / 2) });
}, 600_000);

test('whatever Graph fails at on the way: never a second event, and all comes to rest', async () => {
  const property = fc.asyncProperty(
    rounds,
    fc.array(fault, { minLength: 1, maxLength: 3 }),
    async (plan, faults) => {
      await app.clear();
      const moved = new Set<string>();
      for (const one of faults) app.microsoft.setFault(one);
      for (const round of plan) {
        await Promise.all(round.map((one) => run(one, moved, 150)));
        const written = eventsByBooking(app);
        expect(new Set(written).size).toBe(written.length);
      }
      await comeToRest();
      expect(await findInvariantViolations(app, { moved })).toEqual([]);
    },
  );
  await fc.assert(property, { ...CHECKS, numRuns: Math.ceil(RUNS / 2) });
}, 600_000);
