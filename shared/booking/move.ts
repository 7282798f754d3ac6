// Moving a viewing: hold the new time, write the event and verify it, free the old time. Until then both times are held.
import { AppError } from '../core/errors.ts';
import type { Slot } from '../scheduling/schedule.ts';
import { checkRules } from '../scheduling/slots.ts';
import type { Caller, MoveOutcome, ViewingQuery } from './booking.ts';
import { clashWindow, conflictAt, orUnknown, refuseStart, shapeOf, toViewing } from './context.ts';
import type { BookingContext } from './context.ts';
import type { CalendarEvent } from './calendar.ts';
import { findAgain, identify } from './find.ts';
import { holdTime } from './hold-time.ts';
import { callKeyOf, toolCallKeys } from './idempotency-keys.ts';
import { createAdmit } from './limits.ts';
import { finishDecided, notShownYet, undo } from './reconcile.ts';
import { settleDoubts } from './settle-doubts.ts';
import { isFresh } from './state.ts';
import type { Booking, IdempotencyKey } from './store.ts';
import { writeAndVerify } from './write-and-verify.ts';
import type { WriteResult } from './write-and-verify.ts';

/** How often somebody else may change the event between our reading and our write. */
const MAX_ROUNDS = 3;

/**
 * Moves the one viewing that the caller means, by the rules of its home. A repeat gives the first outcome again.
 * @param managersContext opened under the manager's own rules
 * @param newStart epoch milliseconds
 * @throws AppError as `BookingService` says
 */
export async function moveViewing(
  managersContext: BookingContext,
  caller: Caller,
  query: ViewingQuery,
  newStart: number,
): Promise<MoveOutcome> {
  const { bookings, now } = managersContext;
  const keys = toolCallKeys(caller, 'move', now(), newStart);
  const callKey = callKeyOf(caller);
  const { byKey, ofCall } = await bookings.lookUp(keys, callKey, now());
  const [known = null] = byKey;
  const earlier = known?.booking ?? null;
  // A late repeat of this tool call is not carried out again, even if the viewing has changed since.
  if (known !== null && (known.isCarriedOut || isAt(known.booking, newStart)))
    return rescheduled(managersContext, known.booking, true);
  const resumes = (booking: Booking): boolean => isMovingTo(booking, newStart);
  await settleDoubts(managersContext, ofCall, { resumes });
  if (earlier !== null && isMovingTo(earlier, newStart)) {
    return carryOn(contextOfHome(managersContext, earlier), earlier, { newStart, keys });
  }

  // This tool call has found its viewing before: it goes on with that one, whatever its words would mean now.
  const found =
    earlier !== null && known?.start === newStart
      ? await findAgain(managersContext, earlier, resumes)
      : await identify(managersContext, caller, query, { resumes });
  if (found.kind !== 'one') return found;
  // Another viewing of the call that is moving there gives that time up.
  const others = ofCall.filter(({ bookingId }) => bookingId !== found.booking.bookingId);
  await settleDoubts(managersContext, others.filter(resumes), {});
  const context = contextOfHome(managersContext, found.booking);
  const { schedule } = context;
  if (isMovingTo(found.booking, newStart)) return carryOn(context, found.booking, { newStart, keys });
  const booking = await comeToRest(context, found.booking);
  if (booking.interval.start === newStart) return rescheduled(context, booking, true);

  const allowed = checkRules(schedule, now(), newStart);
  if (!allowed.ok) return refuseStart(context, newStart, allowed.reason);
  const outcome = await holdTime(
    context,
    allowed.slot,
    () =>
      bookings.holdMove(booking, allowed.slot, {
        ...shapeOf(context),
        keys,
        callKey,
        admit: createAdmit(schedule, { moving: booking.bookingId, now: now() }),
        now: now(),
      }),
    booking,
  );
  if (outcome.kind === 'held') {
    const event = booking === found.booking ? found.event : null;
    const mayBeUnseen = event === null && isFresh(booking.heldAt, now());
    return place(context, outcome.booking, allowed.slot, { event, mayBeUnseen, resumed: false, keys });
  }
  if (outcome.kind !== 'changed') return outcome;
  // This very request may have been made at the same moment.
  const [latest] = await bookings.get([booking.bookingId]);
  if (latest !== undefined && isAt(latest, newStart)) return rescheduled(context, latest, true);
  if (latest !== undefined && isMovingTo(latest, newStart))
    return carryOn(context, latest, { newStart, keys });
  throw concurrentChange();
}

/** The rules of a viewing's home apply to it. */
function contextOfHome(context: BookingContext, { propertyId }: Booking): BookingContext {
  return { ...context, schedule: context.scheduleOf(propertyId) };
}

function concurrentChange(): AppError {
  return new AppError('concurrent_update', 'The viewing was changed at the same moment');
}

function isAt({ state, interval }: Booking, start: number): boolean {
  return state === 'booked' && interval.start === start;
}

function isMovingTo({ state, movingTo }: Booking, start: number): boolean {
  return state === 'moving' && movingTo?.start === start;
}

function rescheduled(context: BookingContext, booking: Booking, repeated: boolean): MoveOutcome {
  return {
    kind: 'rescheduled',
    viewing: toViewing(context, booking),
    from: booking.movedFrom ?? booking.interval,
    invitation: booking.invitation,
    repeated,
  };
}

/** Undoes another move that was begun, and makes sure that it cannot be carried out later, before this one begins. */
async function comeToRest(context: BookingContext, booking: Booking): Promise<Booking> {
  if (booking.state === 'booked') return booking;
  const rested =
    (booking.state === 'moving' ? await undo(context, booking) : await finishDecided(context, booking)) ??
    // Somebody else may have carried it out at the same moment.
    (await context.bookings.get([booking.bookingId]))[0];
  if (rested?.state !== 'booked') throw concurrentChange();
  return rested;
}

/** Goes on with a move to this time that an earlier request began, or is still at. */
async function carryOn(
  context: BookingContext,
  earlier: Booking,
  { newStart, keys }: { readonly newStart: number; readonly keys: readonly IdempotencyKey[] },
): Promise<MoveOutcome> {
  let current: Booking | undefined = earlier;
  while (current !== undefined && isMovingTo(current, newStart) && current.movingTo !== null) {
    const renewed = await orUnknown(context.bookings.renew(current, context.now(), { keys }));
    if (renewed !== null) {
      const mayBeUnseen = isFresh(current.heldAt, context.now());
      return place(context, renewed, current.movingTo, { event: null, mayBeUnseen, resumed: true, keys });
    }
    [current] = await context.bookings.get([earlier.bookingId]);
  }
  if (current !== undefined && isAt(current, newStart)) return rescheduled(context, current, true);
  throw concurrentChange();
}

/**
 * From the held new time to the moved viewing.
 * @param from.event as it was read; null if it has to be read
 * @param from.mayBeUnseen it was written so lately that Outlook may not show it yet
 * @param from.keys of the request that moves it
 */
async function place(
  context: BookingContext,
  booking: Booking,
  to: Slot,
  from: {
    readonly event: CalendarEvent | null;
    readonly mayBeUnseen: boolean;
    readonly resumed: boolean;
    readonly keys: readonly IdempotencyKey[];
  },
): Promise<MoveOutcome> {
  const write = async (): Promise<WriteResult> => {
    const result = await moveEvent(context, booking, to, from.event);
    if (result.kind === 'gone' && from.mayBeUnseen) throw notShownYet();
    return result;
  };
  const outcome = await writeAndVerify(context, {
    booking,
    slot: to,
    resumed: from.resumed,
    keys: from.keys,
    write,
  });
  switch (outcome.kind) {
    case 'confirmed':
      return rescheduled(context, outcome.booking, outcome.repeated);
    case 'conflict':
      return conflictAt(context, to.start, outcome.reason, outcome.known);
    case 'gone':
      return { kind: 'none_found' };
    case 'superseded':
      throw concurrentChange();
  }
}

/** Moves the event as it was read. If it was changed since, it is read again, unless the booking was taken by somebody else. */
async function moveEvent(
  context: BookingContext,
  booking: Booking,
  to: Slot,
  known: CalendarEvent | null,
): Promise<WriteResult> {
  const { calendar, bookings } = context;
  let event = known;
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    event ??= await locate(context, booking, to);
    if (event === null) return { kind: 'gone' };
    const written = await calendar.move(event, to, clashWindow(context, to));
    if (written.kind !== 'changed') return written;
    const [current] = await bookings.get([booking.bookingId]);
    if (current?.state !== 'moving' || current.movingTo?.start !== to.start) return { kind: 'superseded' };
    event = null;
  }
  throw new AppError('concurrent_update', 'The event was changed again and again');
}

async function locate(
  { calendar }: BookingContext,
  booking: Booking,
  to: Slot,
): Promise<CalendarEvent | null> {
  const [atOld = null, atNew = null] = await calendar.locate([booking, { ...booking, interval: to }]);
  return atOld ?? atNew;
}
