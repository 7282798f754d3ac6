// One manager's calendar and rules, opened for one request.
import { randomUUID } from 'node:crypto';
import { chooseOffer, requestedWindow } from '../scheduling/offer.ts';
import { findSlots } from '../scheduling/slots.ts';
import { bookViewing } from './book.ts';
import type { BookingService, OfferOutcome, BookingServiceFor, AvailabilityRequest } from './booking.ts';
import { cancelViewing } from './cancel.ts';
import { clashWindow, horizonWindow, readBusyTime } from './context.ts';
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

/** Reads the requested days alone, and the rest of the horizon only if they have nothing. */
async function offer(context: BookingContext, request: AvailabilityRequest): Promise<OfferOutcome> {
  const { schedule, now } = context;
  const horizon = horizonWindow(context);
  const requested = requestedWindow(schedule, now(), request);
  const start = Math.max(horizon.start, requested.start);
  const end = Math.min(horizon.end, requested.end);
  if (start < end) {
    const window = { start, end };
    const busyTime = await readBusyTime(context, clashWindow(context, window));
    const offered = chooseOffer(schedule, findSlots(schedule, busyTime, now(), window), now(), request);
    if (offered.kind === 'slots' && offered.fit === 'asked') return offered;
  }
  const busyTime = await readBusyTime(context, clashWindow(context, horizon));
  return chooseOffer(schedule, findSlots(schedule, busyTime, now()), now(), request);
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
