/**
 * Brings a booking to rest: by what was decided, else by what Outlook shows. A manager moves and deletes viewings in Outlook,
 * and a lost answer or a crash leaves holds whose event nobody knows of.
 */
import { AppError } from '../core/errors.ts';
import { isSame, overlaps } from './busy-time.ts';
import type { CalendarEvent } from './calendar.ts';
import { apply, clashWindow, readBusyTime } from './context.ts';
import type { BookingContext } from './context.ts';
import { isDecided, isFresh, isInDoubt } from './state.ts';
import type { Booking } from './store.ts';

/** How often somebody else may change the event between our reading and our write. */
const MAX_ROUNDS = 4;

/** A viewing that Outlook does not show may have been written a moment ago. Only after 2 minutes is it taken to be gone. */
export function notShownYet(): AppError {
  return new AppError(
    'microsoft_unreachable',
    'Outlook does not show the viewing, and may do so in a moment',
  );
}

async function locateOne(context: BookingContext, booking: Booking): Promise<CalendarEvent | null> {
  const [event = null] = await context.calendar.locate([booking]);
  return event;
}

/**
 * The booking as its event has it.
 * @param event null if it is not in the calendar: then the time is free again, unless it was held less than 2 minutes ago.
 * @param options.recut adjusts the holds although the time is the same. Default false.
 * @returns null if somebody else changed the booking.
 */
export async function followEvent(
  context: BookingContext,
  booking: Booking,
  event: CalendarEvent | null,
  { recut = false } = {},
): Promise<Booking | null> {
  if (event === null) {
    const isNew = booking.state === 'booked' && isFresh(booking.heldAt, context.now());
    if (isNew) return recut ? apply(context, booking, { to: 'booked', recut }) : booking;
    return apply(context, booking, { to: 'freed' });
  }
  const { eventId, webLink, interval } = event;
  if (booking.state === 'booked' && isSame(interval, booking.interval) && !recut) return booking;
  return apply(context, booking, { to: 'booked', interval, eventId, webLink, recut });
}

/**
 * Settles a booking in doubt by its event: `booked` if the event clashes with nothing or the manager has moved it, `freed` if
 * there is none.
 */
async function settleHeld(context: BookingContext, booking: Booking): Promise<Booking | null> {
  const event = await locateOne(context, booking);
  // A create that was given up may still be carried out: the timer goes on looking for it.
  if (event === null) return apply(context, booking, { to: 'freed', watch: true });
  if (isSame(event.interval, booking.interval) && (await clashes(context, booking)))
    return undo(context, booking);
  const { eventId, webLink, interval } = event;
  return apply(context, booking, { to: 'booked', interval, eventId, webLink });
}

async function clashes(context: BookingContext, booking: Booking): Promise<boolean> {
  const window = clashWindow(context, booking.interval);
  const { busy } = await readBusyTime(context, window, booking);
  return busy.some((other) => overlaps(other, window));
}

/** Decides that a hold shall not become a viewing, and carries it out. Null if somebody else changed the booking. */
export async function undo(context: BookingContext, booking: Booking): Promise<Booking | null> {
  const decided = await apply(context, booking, { to: booking.state === 'moving' ? 'returning' : 'undoing' });
  return decided && finishDecided(context, decided);
}

/** Carries out what was decided. Each step may be repeated. */
export async function finishDecided(context: BookingContext, booking: Booking): Promise<Booking | null> {
  const removal = { invited: booking.invitation === 'sent', comment: booking.cancelComment };
  switch (booking.state) {
    case 'cancelling':
      if (booking.eventId !== null) await context.calendar.remove(booking, removal);
      return apply(context, booking, { to: 'cancelled' });
    case 'undoing': {
      const event = await locateOne(context, booking);
      if (event !== null) await context.calendar.remove({ ...event, bookingId: booking.bookingId }, removal);
      return apply(context, booking, { to: 'freed', watch: true });
    }
    case 'returning':
      return finishReturning(context, booking);
    default:
      throw new TypeError('Nothing was decided');
  }
}

/**
 * Moves the event back to the time that the caller heard last. An event that is there already gets a new version, so that a
 * PATCH that is still on its way has no effect.
 */
async function finishReturning(context: BookingContext, booking: Booking): Promise<Booking | null> {
  const { calendar } = context;
  const { interval, movingTo } = booking;
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const event = await locateMoving(context, booking);
    if (event === null) {
      if (isFresh(booking.heldAt, context.now())) throw notShownYet();
      return apply(context, booking, { to: 'freed' });
    }
    const isMoved = movingTo !== null && isSame(event.interval, movingTo);
    const written = isMoved ? await calendar.move(event, interval, interval) : await calendar.fence(event);
    switch (written.kind) {
      case 'written':
        return apply(context, booking, { to: 'booked', interval });
      case 'fenced':
        // Its time now: the first time, or the one that the manager has moved it to.
        return apply(context, booking, { to: 'booked', interval: event.interval });
      case 'refused':
        throw written.error;
      case 'gone':
      case 'changed':
    }
  }
  throw new AppError('concurrent_update', 'The event was changed again and again');
}

/** Looks at the second time first: there it is more often than not, if the move was carried out. */
async function locateMoving(context: BookingContext, booking: Booking): Promise<CalendarEvent | null> {
  const interval = booking.movingTo ?? booking.interval;
  const [atSecond = null, atFirst = null] = await context.calendar.locate([
    { ...booking, interval },
    booking,
  ]);
  return atSecond ?? atFirst;
}

/**
 * Work in flight that may still be somebody's is left alone. What was decided is carried out, what is in doubt is settled, and
 * what was at rest follows its event.
 * @param options.afterMs how long a request may still work on it, in milliseconds. Default: 2 minutes.
 * @returns the booking as it is then, null if somebody else changed it.
 */
export async function reconcile(
  context: BookingContext,
  booking: Booking,
  { afterMs }: { readonly afterMs?: number } = {},
): Promise<Booking | null> {
  const { state } = booking;
  if (isDecided(state)) return finishDecided(context, booking);
  // What such a booking still holds is left from a crash.
  if (state === 'cancelled' || state === 'freed')
    return apply(context, booking, { to: state, watch: booking.workId !== null });
  if (state === 'booked') return followEvent(context, booking, await locateOne(context, booking));
  if (!isInDoubt(booking, context.now(), afterMs)) return booking;
  return state === 'held' ? settleHeld(context, booking) : undo(context, booking);
}
