/**
 * Moving a viewing: claim the new time, look at Outlook, move the event, read its surroundings back, let the old time go.
 *
 * The old time is held until the event has moved, so whatever fails on the way leaves the caller with the viewing he had.
 */
import { AppError, isAppError } from '../core/errors.ts';
import type { Interval } from '../scheduling/schedule.ts';
import { checkRules } from '../scheduling/slots.ts';
import type { Caller, MoveOutcome, ViewingQuery } from './booking.ts';
import { claimTime } from './hold-time.ts';
import {
  clashAt,
  clashWindow,
  conflictAt,
  limitsOf,
  readBusyTime,
  refuseStart,
  toViewing,
  windowAround,
} from './context.ts';
import type { BookingContext } from './context.ts';
import { identify } from './find.ts';
import { busyTimeFrom } from './busy-time.ts';
import { followEvent } from './reconcile.ts';
import { toolCallKeys } from './idempotency-keys.ts';
import type { Booking, Transition } from './store.ts';

export async function moveViewing(
  context: BookingContext,
  caller: Caller,
  query: ViewingQuery,
  newStart: number,
): Promise<MoveOutcome> {
  const { store, schedule, userId, now } = context;
  const requests = toolCallKeys(caller, 'move', now());
  const earlier = await store.findByRequest(userId, requests, now());
  if (earlier?.state === 'booked' && earlier.interval.start === newStart) return rescheduled(earlier, true);
  if (earlier?.state === 'moving' && earlier.movingTo?.start === newStart)
    return carryOut(context, earlier, earlier.movingTo, true);

  const found = await identify(context, caller, query);
  if (found.kind !== 'one') return found;
  const booking = found.booking.state === 'moving' ? await finishMove(context, found.booking) : found.booking;
  if (booking.interval.start === newStart) return rescheduled(booking, true);

  const allowed = checkRules(schedule, now(), newStart);
  if (!allowed.ok) return refuseStart(context, newStart, allowed.reason);
  const to = allowed.slot;
  const outcome = await claimTime(
    context,
    newStart,
    () => store.claimMove(userId, booking, to, { requests, limits: limitsOf(schedule), now: now() }),
    booking,
  );
  if (outcome.kind === 'claimed') return carryOut(context, outcome.booking, to, false);
  if (outcome.kind === 'repeat') throw new TypeError('A move has no repeat');
  if (outcome.kind !== 'changed') return outcome;
  // This very request may have been made at the same moment.
  const [meanwhile] = await store.get(userId, [booking.bookingId]);
  if (meanwhile?.state === 'booked' && meanwhile.interval.start === newStart)
    return rescheduled(meanwhile, true);
  if (meanwhile?.state === 'moving' && meanwhile.movingTo?.start === newStart)
    return carryOut(context, meanwhile, meanwhile.movingTo, true);
  throw crossed();
}

function crossed(): AppError {
  return new AppError('already_taken', 'The viewing was changed at the same moment');
}

/** An earlier move whose answer was lost comes to rest where Outlook has it, before another one begins. */
async function finishMove(context: BookingContext, booking: Booking): Promise<Booking> {
  const [event = null] = await context.calendar.get([booking.eventId ?? '']);
  const settled = await followEvent(context, booking, event);
  if (settled?.state !== 'booked') throw crossed();
  return settled;
}

function rescheduled(booking: Booking, repeated: boolean): MoveOutcome {
  return {
    kind: 'rescheduled',
    viewing: toViewing(booking),
    from: booking.movedFrom ?? booking.interval,
    invited: booking.invited,
    repeated,
  };
}

/** From a claim on the new time to the moved viewing. */
async function carryOut(
  context: BookingContext,
  booking: Booking,
  to: Interval,
  resumed: boolean,
): Promise<MoveOutcome> {
  const { calendar, store, schedule, userId, now } = context;
  const eventId = booking.eventId ?? '';
  const window = windowAround(context, to.start);
  const settle = (settlement: Transition): Promise<Booking | null> =>
    store.settle(userId, booking, settlement, limitsOf(schedule), now());
  const stay = (): Promise<Booking | null> => settle({ state: 'booked', interval: booking.interval });

  let mayHaveMoved = resumed;
  try {
    const before = await readBusyTime(context, window, booking);
    const taken = clashAt(context, before, to.start);
    if (taken !== null) {
      const [event = null] = await calendar.get([eventId]);
      await followEvent(context, booking, event);
      return await conflictAt(context, to.start, taken, { window, occupied: before });
    }
    mayHaveMoved = true;
    const moved = await calendar.move(eventId, to, clashWindow(context, to));
    if (moved === null) {
      await followEvent(context, booking, null);
      return { kind: 'none_found' };
    }
    const after = busyTimeFrom(moved.around, [], now(), booking);
    if (clashAt(context, after, to.start) !== null) {
      await calendar.move(eventId, booking.interval, booking.interval);
      await stay();
      const occupied = { busy: [...before.busy, ...after.busy], viewings: before.viewings };
      return await conflictAt(context, to.start, 'busy', { window, occupied });
    }
    const settled = await settle({ state: 'booked', interval: to });
    if (settled !== null) return rescheduled(settled, resumed);
    // A repeat of this request or the sweeping timer was faster.
    const [meanwhile] = await store.get(userId, [booking.bookingId]);
    if (meanwhile?.state === 'booked' && meanwhile.interval.start === to.start)
      return rescheduled(meanwhile, true);
    throw crossed();
  } catch (error) {
    // Where the event surely stayed, so does the claim on its time alone. A failure of that must not hide this one.
    try {
      if (!mayHaveMoved) await stay();
      else if (isAppError(error, 'microsoft_rejected')) {
        const [event = null] = await calendar.get([eventId]);
        await followEvent(context, booking, event);
      }
    } catch {
      // Left to the next attempt or the sweeping timer.
    }
    throw error;
  }
}
