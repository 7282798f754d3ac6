/**
 * Random mixes of booking, moving, cancelling and the manager's own edits, over a Graph that fails at random: whatever was answered,
 * bookings, holds and Outlook agree once the timer has run. MIX_RUNS sets how many; MIX_SEED repeats one.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../shared/core/errors.ts';
import type { FaultRule } from '../../sandbox/microsoft/faults.ts';
import type { Caller } from '../../shared/booking/booking.ts';
import { callKeyOf } from '../../shared/booking/idempotency-keys.ts';
import { callWorkKey } from '../../shared/storage/bookings/rows.ts';
import { PATIENT } from '../support/patient.ts';
import { MINUTE } from '../support/test-app.ts';
import { eventsByBooking, findInvariantViolations } from '../support/invariants.ts';
import { at, callerOn, createBookingApp } from '../support/booking-harness.ts';
import type { BookingApp } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';

const RUNS = Number(process.env['MIX_RUNS'] ?? 100);
const SEED = Number(process.env['MIX_SEED'] ?? 20261123);
const HALF = 30 * MINUTE;
/** Few enough that everybody gets into everybody's way. */
const STARTS = ['2026-11-24 10:00', '2026-11-24 10:30', '2026-11-24 11:00', '2026-11-25 10:00'].map(at);
const EMAIL = 'ann@guests.example';
const STRANGER = '+13125550177';
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
      /** Which of two homes is booked. */
      readonly home: string;
      /** Whether an e-mail address is given. */
      readonly email: boolean;
      /** Points at the viewing heard of last, and not at the only one there is. */
      readonly pointed: boolean;
      /** On the call that this person is on already. */
      readonly sameCall: boolean;
    }
  | { readonly kind: 'edit'; readonly which: number; readonly to: number | 'deleted' | 'archived' }
  | { readonly kind: 'busy'; readonly start: number }
  | { readonly kind: 'wait'; readonly minutes: number }
  /** What Microsoft has put off is carried out. */
  | { readonly kind: 'land' };

/** See `round`. */
interface Round {
  readonly steps: readonly Step[];
  readonly asks: number | null;
}

const who = fc.nat(NUMBERS.length - 1);
const start = fc.constantFrom(...STARTS);
const asked = fc.record({
  kind: fc.constantFrom('book' as const, 'book' as const, 'move' as const, 'cancel' as const),
  who,
  start,
  /** The same request sent so many times at once. */
  times: fc.constantFrom(1, 1, 1, 2),
  home: fc.constantFrom('12 Lake St', '12 Lake St', '99 Elm Ave'),
  email: fc.boolean(),
  pointed: fc.boolean(),
  sameCall: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: asked },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      which: fc.nat(5),
      to: fc.oneof(start, fc.constantFrom('deleted' as const, 'archived' as const)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('busy' as const), start }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(1, 3) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'land' as const }) },
);
const fault: fc.Arbitrary<FaultRule> = fc
  .record({
    path: fc.constantFrom(
      '/v1.0/$batch',
      '/v1.0/me/events',
      '/v1.0/me/events/*',
      '/v1.0/me/calendarView',
      '/v1.0/me/calendar/events',
    ),
    after: fc.nat(4),
    times: fc.constantFrom(1, 1, 3),
    how: fc.constantFrom(
      { status: 429, retryAfter: 0 },
      { status: 429, retryAfter: 60 },
      { status: 503, retryAfter: 0 },
      { status: 403 },
      { status: 412, code: 'ErrorIrresolvableConflict' },
      { drop: 'before' as const },
      { drop: 'after' as const },
      // Carried out after its caller gave up, or heard that nothing came.
      { lands: 'on_release' as const },
      { lands: 'on_release' as const, drop: 'before' as const },
    ),
  })
  .map(({ how, ...rest }) => ({ ...rest, ...how }));
/** What happens at the same moment, and which of the times that are offered after it somebody else asks for. */
const round = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  asks: fc.option(fc.nat(STARTS.length - 1), { freq: 2 }),
});
const rounds = fc.array(round, { minLength: 2, maxLength: 5 });

/** What the people on the line were told. */
interface Heard {
  readonly calls: Map<string, { onlyBooked: boolean; homes: Set<string>; lastIsKnown: boolean }>;
  readonly viewings: Set<string>;
  /** The viewing that a person heard of last. */
  readonly last: Map<number, string>;
  /** Bookings that an invitation was said to be on its way for. */
  readonly invited: Set<string>;
  /** Bookings that the manager moved. */
  readonly moved: Set<string>;
}

function listen(): Heard {
  return { calls: new Map(), viewings: new Set(), last: new Map(), invited: new Set(), moved: new Set() };
}

function editable() {
  return app.events().filter(({ extendedProperties }) => extendedProperties.length > 0);
}

function edit({ which, to }: Extract<Step, { kind: 'edit' }>, moved: Set<string>): void {
  const event = editable()[which];
  if (!event) return;
  if (to === 'deleted') app.manager.remove(event.id);
  else if (to === 'archived')
    app.microsoft.moveToCalendar('pete@lakeviewrentals.example', event.id, 'Archive');
  else {
    app.manager.move(event.id, to, to + HALF);
    moved.add(event.extendedProperties[0]?.value ?? '');
  }
}

/** Steps of one call come one after the other; everything else comes at once. */
async function runRound({ steps, asks }: Round, heard: Heard, deadlineMs: number): Promise<void> {
  const lines = new Map<string, Promise<void>>();
  await Promise.all(
    steps.map((one, index) => {
      const line = 'who' in one && one.sameCall ? `call-${one.who}` : `step-${index}`;
      const before = lines.get(line) ?? Promise.resolve();
      const work = before.then(() => run(one, heard, deadlineMs));
      lines.set(line, work);
      return work;
    }),
  );
  if (asks !== null) await askWhatIsOffered(asks, Math.max(deadlineMs, 1_000));
}

/** Nobody is at work: what somebody else is offered now is theirs if they ask for it. */
async function askWhatIsOffered(which: number, deadlineMs: number): Promise<void> {
  try {
    const service = await app.service(deadlineMs);
    const offer = await service.offer({ within: STARTS.map((start) => ({ start, end: start + 1 })) });
    if (offer.kind !== 'slots' || offer.fit !== 'asked') return;
    const start = offer.slots[which % offer.slots.length]?.start ?? 0;
    const outcome = await service.book(callerOn(STRANGER), {
      start: named(start),
      propertyAddress: '7 Oak St',
    });
    expect(outcome).toMatchObject({ kind: 'booked' });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

async function run(one: Step, heard: Heard, deadlineMs: number): Promise<void> {
  if (one.kind === 'wait') app.clock.now += one.minutes * MINUTE;
  if (one.kind === 'busy') app.manager.add(one.start, one.start + HALF);
  if (one.kind === 'land') await app.microsoft.release();
  if (one.kind === 'edit') edit(one, heard.moved);
  if (!('who' in one)) return;

  const caller: Caller = callerOn(NUMBERS[one.who], ...(one.sameCall ? [`call-${one.who}`] : []));
  const call = heard.calls.get(caller.callId ?? '') ?? {
    onlyBooked: true,
    homes: new Set(),
    lastIsKnown: true,
  };
  heard.calls.set(caller.callId ?? '', call);
  call.onlyBooked &&= one.kind === 'book';
  call.homes.add(one.home);
  const query = one.pointed ? { bookingId: heard.last.get(one.who) } : {};
  const request = {
    start: named(one.start),
    propertyAddress: one.home,
    ...(one.email && { attendeeEmail: EMAIL }),
  };
  let isKnown = true;
  const ask = async (): Promise<void> => {
    try {
      const service = await app.service(deadlineMs);
      const outcome =
        one.kind === 'book'
          ? await service.book(caller, request)
          : one.kind === 'move'
            ? await service.move(caller, query, named(one.start))
            : await service.cancel(caller, query);
      if (!('viewing' in outcome)) return;
      const { bookingId } = outcome.viewing;
      heard.viewings.add(bookingId);
      heard.last.set(one.who, bookingId);
      if ('invitation' in outcome && outcome.invitation === 'sent') heard.invited.add(bookingId);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      isKnown = false;
    }
  };
  await Promise.all(Array.from({ length: one.times }, ask));
  call.lastIsKnown = isKnown;
}

/** Viewings that stand although their caller heard, as the last word, that something else is so. */
async function findUnheard({ calls, viewings }: Heard): Promise<string[]> {
  const standing = new Set(
    (await app.bookings()).filter(({ state }) => state === 'booked').map(({ bookingId }) => bookingId),
  );
  const rows = await app.rowsOf('bookings');
  return [...calls].flatMap(([callId, { onlyBooked, homes, lastIsKnown }]) => {
    const callKey = callKeyOf({ number: null, callId, toolCallId: null }) ?? '';
    const ofCall = rows
      .filter(({ rowKey }) => rowKey.startsWith(callWorkKey(callKey, '')))
      .map((row) => String(row['booking']));
    // Bookings of two homes may both stand.
    return onlyBooked && homes.size === 1 && lastIsKnown
      ? ofCall.filter((id) => standing.has(id) && !viewings.has(id)).map((id) => `${id} was never told of`)
      : [];
  });
}

/** Events without a guest, although somebody was told of an invitation, or the booking says so. */
async function findUninvited({ invited }: Heard): Promise<string[]> {
  const said = new Set(invited);
  for (const { bookingId, invitation } of await app.bookings())
    if (invitation === 'sent') said.add(bookingId);
  return editable()
    .filter(({ extendedProperties: [property], attendees }) => {
      return said.has(property?.value ?? '') && attendees.length === 0;
    })
    .map(({ extendedProperties: [property] }) => `${property?.value ?? ''} invites nobody`);
}

/** Nobody is at work, and nothing is under way: the timer has run, and everybody has asked what they have. */
async function comeToRest({ isLate = false } = {}): Promise<void> {
  app.microsoft.clearFaults();
  if (!isLate) await app.microsoft.release();
  app.clock.now += 3 * MINUTE;
  await app.runTimer('sweep');
  await app.microsoft.release();
  app.clock.now += 15 * MINUTE;
  await app.runTimer('sweep');
  for (const number of [...NUMBERS, STRANGER]) await (await app.service()).find(callerOn(number), {});
}

const CHECKS = { numRuns: Math.ceil(RUNS / 2), seed: SEED, endOnFailure: true };

test('whatever is asked and edited at the same moments, no viewings overlap, none is lost and no time is held in vain', async () => {
  const property = fc.asyncProperty(rounds, async (plan) => {
    await app.clear();
    const heard = listen();
    for (const round of plan) await runRound(round, heard, PATIENT.toolDeadlineMs);
    await comeToRest();
    expect(await findInvariantViolations(app, heard)).toEqual([]);
    expect(await findUnheard(heard)).toEqual([]);
    expect(await findUninvited(heard)).toEqual([]);
  });
  await fc.assert(property, CHECKS);
}, 3_600_000);

function asking(kind: 'book' | 'move', start: number, email = false): Round {
  const request = { who: 0, times: 1, home: '12 Lake St', email, pointed: false, sameCall: true } as const;
  return { steps: [{ ...request, kind, start: STARTS[start] ?? 0 }], asks: 0 };
}
/** Always tried: a move in doubt beside the listing of somebody else, and an address that the repeat no longer has. */
const EXAMPLES: [Round[], FaultRule[], boolean, number][] = [
  [
    [asking('book', 0), asking('move', 2)],
    [{ path: '/v1.0/me/events/*', drop: 'after', times: 3 }],
    false,
    PATIENT.toolDeadlineMs,
  ],
  [
    [asking('book', 0, true), asking('book', 0)],
    [{ path: '/v1.0/$batch', status: 503, retryAfter: 0, times: 3 }],
    false,
    PATIENT.toolDeadlineMs,
  ],
];

test('whatever Graph fails at, no viewing has a second event, and nothing stays unfinished', async () => {
  const faults = fc.array(fault, { minLength: 1, maxLength: 3 });
  // Long enough for some requests, and too short for others.
  const deadline = fc.constantFrom(150, 150, 600);
  const property = fc.asyncProperty(
    rounds,
    faults,
    fc.boolean(),
    deadline,
    async (plan, rules, isLate, ms) => {
      await app.clear();
      app.microsoft.setDeletedItems({ get: 200, delete: 403 });
      const heard = listen();
      for (const rule of rules) app.microsoft.setFault(rule);
      for (const round of plan) {
        await runRound(round, heard, ms);
        const written = eventsByBooking(app);
        expect(new Set(written).size).toBe(written.length);
      }
      await comeToRest({ isLate });
      expect(await findInvariantViolations(app, heard)).toEqual([]);
      expect(await findUnheard(heard)).toEqual([]);
      expect(await findUninvited(heard)).toEqual([]);
    },
  );
  await fc.assert(property, { ...CHECKS, examples: EXAMPLES });
}, 3_600_000);
