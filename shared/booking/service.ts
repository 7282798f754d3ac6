// One manager's calendar and rules, opened for one request.
import { randomUUID } from 'node:crypto';
import { findSlots, lookAheadDates } from '../scheduling/slots.ts';
import { offerSlots } from '../scheduling/offer.ts';
import { dayInterval } from '../scheduling/zone.ts';
import type { Interval } from '../scheduling/schedule.ts';
import { bookViewing } from './book.ts';
import type { BookingService, OfferOutcome, BookingServiceFor, AvailabilityRequest } from './booking.ts';
import { cancelViewing } from './cancel.ts';
import { horizonWindow, readBusyTime } from './context.ts';
import type { BookingContext, OpenCalendar } from './context.ts';
import { findViewings } from './find.ts';
import { moveViewing } from './move.ts';
import type { BookingStore } from './store.ts';

export interface BookingServiceOptions {
  readonly store: BookingStore;
  readonly openCalendar: OpenCalendar;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The wished days, cut to what can be booked at all; null where none of them can. */
function wishedWindow(
  { schedule, now }: BookingContext,
  wish: AvailabilityRequest,
  horizon: Interval,
): Interval | null {
  const { from, to } = wish.dates ?? lookAheadDates(schedule, now(), wish.daysAhead);
  const start = Math.max(horizon.start, dayInterval(from, schedule.timeZone).start);
  const end = Math.min(horizon.end, dayInterval(to, schedule.timeZone).end);
  return start < end ? { start, end } : null;
}

/** Reads the wished days alone: the rest of the horizon only where they have nothing. */
async function offer(context: BookingContext, wish: AvailabilityRequest): Promise<OfferOutcome> {
  const { schedule, now } = context;
  const horizon = horizonWindow(context);
  const wished = wishedWindow(context, wish, horizon);
  if (wished !== null) {
    const occupied = await readBusyTime(context, wished);
    // What was not read counts as taken, so that only the wished days are offered.
    const unread = [
      { start: horizon.start, end: wished.start },
      { start: wished.end, end: horizon.end },
    ].filter(({ start, end }) => start < end);
    const known = { ...occupied, busy: [...occupied.busy, ...unread] };
    if (findSlots(schedule, known, now(), wished).length > 0) {
      const offered = offerSlots(schedule, known, now(), wish);
      if (offered.kind === 'slots' && offered.fit === 'asked') return offered;
    }
  }
  return offerSlots(schedule, await readBusyTime(context, horizon), now(), wish);
}

function toDesk(context: BookingContext): BookingService {
  return {
    schedule: context.schedule,
    offer: (wish) => offer(context, wish),
    book: (caller, request) => bookViewing(context, caller, request, randomUUID()),
    find: (caller, query) => findViewings(context, caller, query),
    move: (caller, query, newStart) => moveViewing(context, caller, query, newStart),
    cancel: (caller, query, reason) => cancelViewing(context, caller, query, reason),
  };
}

export function createBookingServiceFor({
  store,
  openCalendar,
  now,
}: BookingServiceOptions): BookingServiceFor {
  return async (userId, signal) => {
    const opened = await openCalendar(userId, signal);
    if (!opened.ok) return opened;
    const { schedule, calendar } = opened;
    return { ok: true, desk: toDesk({ userId, schedule, calendar, store, now }) };
  };
}
