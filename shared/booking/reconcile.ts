/**
 * Outlook's word is the last one: a manager moves and deletes viewings there, and a crash leaves claims whose event nobody knows of.
 * Here a booking is brought to what Outlook says.
 */
import type { CalendarEvent } from './calendar.ts';
import { limitsOf } from './context.ts';
import type { BookingContext } from './context.ts';
import { isFresh } from './busy-time.ts';
import type { Booking, Transition } from './store.ts';

async function settle(context: BookingContext, booking: Booking, to: Transition): Promise<Booking | null> {
  const { store, userId, schedule, now } = context;
  return store.settle(userId, booking, to, limitsOf(schedule), now());
}

/** The booking as its event has it; freed where the event is gone. Null where somebody else changed it meanwhile. */
export async function followEvent(
  context: BookingContext,
  booking: Booking,
  event: CalendarEvent | null,
): Promise<Booking | null> {
  if (event === null) return settle(context, booking, { state: 'freed', interval: null });
  const { start, end } = event.interval;
  const moved = start !== booking.interval.start || end !== booking.interval.end;
  if (booking.state === 'booked' && !moved) return booking;
  const { eventId, webLink } = event;
  return settle(context, booking, { state: 'booked', interval: event.interval, eventId, webLink });
}

/** Carries a cancellation to its end. */
export async function finishCancelling(
  context: BookingContext,
  booking: Booking,
  comment: string,
): Promise<Booking | null> {
  const { eventId, invited } = booking;
  if (eventId !== null) await context.calendar.remove(eventId, { invited, comment });
  return settle(context, booking, { state: 'cancelled', interval: null });
}

function isInFlight({ state }: Booking): boolean {
  return state === 'held' || state === 'moving' || state === 'cancelling';
}

/**
 * Work in flight that may still be somebody's is left alone; what its maker must have given up is finished or freed.
 * @returns the booking as it stands now, null where somebody else changed it meanwhile.
 */
export async function reconcile(context: BookingContext, booking: Booking): Promise<Booking | null> {
  const { calendar, now } = context;
  if (isInFlight(booking) && isFresh(booking.changedAt, now())) return booking;
  if (booking.state === 'cancelled' || booking.state === 'freed')
    return settle(context, booking, { state: booking.state, interval: null });
  if (booking.state === 'cancelling') return finishCancelling(context, booking, '');
  if (booking.eventId === null)
    return followEvent(context, booking, await calendar.findByBooking(booking.bookingId));
  const [event = null] = await calendar.get([booking.eventId]);
  return followEvent(context, booking, event);
}
