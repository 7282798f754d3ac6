/**
 * Random mixes of booking, moving, cancelling and the manager's own edits, over a Graph that fails at random: whatever was answered,
 * bookings, holds and Outlook agree once the timer has run. MIX_RUNS sets how many; MIX_SEED repeats one.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../shared/core/errors.ts';
import type { Caller } from '../../shared/booking/booking.ts';
import { callKeyOf } from '../../shared/booking/idempotency-keys.ts';
import { callWorkKey } from '../../shared/storage/bookings/rows.ts';
import { PATIENT } from '../support/patient.ts';
import { MINUTE } from '../support/test-app.ts';
import { eventsByBooking, findInvariantViolations } from '../support/invariants.ts';
import { callerOn, createBookingApp } from '../support/booking-harness.ts';
import type { BookingApp } from '../support/booking-harness.ts';
import { named } from '../support/named-start.ts';
import { EXAMPLES, faults, NUMBERS, rounds, STARTS } from './random-rounds.ts';
import type { Round, Step } from './random-rounds.ts';

const RUNS = Number(process.env['MIX_RUNS'] ?? 100);
const SEED = Number(process.env['MIX_SEED'] ?? 20261123);
const HALF = 30 * MINUTE;
const EMAIL = 'ann@guests.example';
const STRANGER = '+13125550177';

let app: BookingApp;

beforeAll(async () => {
  app = await createBookingApp();
});
afterAll(() => app.close());

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

test('whatever Graph fails at, no viewing has a second event, and nothing stays unfinished', async () => {
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
