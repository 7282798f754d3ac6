// A manager moves and deletes viewings in Outlook. Their rows follow, so that the time is free again and the next call hears the
// truth.
import { isSame } from './busy-time.ts';
import type { CalendarEvent } from './calendar.ts';
import type { BookingContext } from './context.ts';
import { followEvent } from './reconcile.ts';
import { isFresh } from './state.ts';
import type { Booking, DayEntry } from './store.ts';

/** A viewing that the manager changed, before and after. Its state is `freed` if they deleted it. */
export interface FollowedViewing {
  readonly before: Booking;
  readonly after: Booking;
}

/** A request may still be working on it, or Outlook may not show our write yet. */
function isSettled({ state, heldAt, changedAt }: Booking, now: number): boolean {
  return state === 'booked' && !isFresh(heldAt, now) && !isFresh(changedAt, now);
}

/**
 * Compares viewings with what Graph has just shown, and updates the rows of those that differ. What we wrote ourselves is equal,
 * and what another run has updated has another version: neither is reported again.
 * @param entries viewings of the time that was read, as their days list them
 * @param events everything that Graph showed
 * @returns `isComplete`: false if some are too fresh to be judged
 */
export async function followCalendar(
  context: BookingContext,
  entries: readonly DayEntry[],
  events: readonly CalendarEvent[],
): Promise<{ readonly followed: readonly FollowedViewing[]; readonly isComplete: boolean }> {
  const { bookings, calendar, now } = context;
  const shown = events.filter(({ cancelled }) => !cancelled);
  const differing = entries.filter(
    ({ bookingId, interval }) =>
      !shown.some((event) => event.bookingId === bookingId && isSame(event.interval, interval)),
  );
  const found = await bookings.get([...new Set(differing.map(({ bookingId }) => bookingId))]);
  const settled = found.filter((booking) => isSettled(booking, now()));
  const followed: FollowedViewing[] = [];
  for (const before of settled) {
    // It may have been moved out of what was read.
    const [event = null] = await calendar.locate([before]);
    const after = await followEvent(context, before, event);
    if (after && after.version !== before.version) followed.push({ before, after });
  }
  return { followed, isComplete: settled.length === found.length };
}
