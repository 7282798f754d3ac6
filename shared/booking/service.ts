// One manager's calendar and rules, opened for one request.
import { randomUUID } from 'node:crypto';
import type { Log } from '../core/log.ts';
import { chooseOffer, requestedWindow } from '../scheduling/offer.ts';
import type { BusyTime, Interval } from '../scheduling/schedule.ts';
import { findSlots } from '../scheduling/slots.ts';
import { bookViewing } from './book.ts';
import type { AvailabilityRequest, BookingService, BookingServiceFor, OfferOutcome } from './booking.ts';
import { busyTimeFrom } from './busy-time.ts';
import type { CallerKeys } from './caller-keys.ts';
import { cancelViewing } from './cancel.ts';
import { clashWindow, horizonWindow, readWindow } from './context.ts';
import type { BookingContext, OpenCalendar } from './context.ts';
import { findViewings } from './find.ts';
import { moveViewing } from './move.ts';
import type { BookingStore } from './store.ts';

export interface BookingServiceOptions {
  readonly store: BookingStore;
  readonly openCalendar: OpenCalendar;
  readonly callerKeys: CallerKeys;
  readonly log: Log;
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
    const slots = findSlots(schedule, await readListing(context, window), now(), window);
    const offered = chooseOffer(schedule, slots, now(), request);
    if (offered.kind === 'slots' && offered.fit === 'asked') return offered;
  }
  const slots = findSlots(schedule, await readListing(context, horizon), now());
  return chooseOffer(schedule, slots, now(), request);
}

/** The busy time of whole local days and of one buffer on each side. */
async function readListing(context: BookingContext, days: Interval): Promise<BusyTime> {
  const { events, entries } = await readWindow(context, context.listing, clashWindow(context, days));
  return busyTimeFrom(events, entries, context.now());
}

function toService(context: BookingContext): BookingService {
  return {
    schedule: context.schedule,
    offer: (request) => offer(context, request),
    book: (caller, request) => bookViewing(context, caller, request, randomUUID()),
    find: (caller, query) => findViewings(context, caller, query),
    move: (caller, query, newStart) => moveViewing(context, caller, query, newStart),
    cancel: (caller, query, reason) => cancelViewing(context, caller, query, reason),
  };
}

/** Opens what the steps of one request work with. */
export async function openContext(
  { store, openCalendar, callerKeys, log, now }: BookingServiceOptions,
  userId: string,
  signal: AbortSignal,
): Promise<
  { ok: true; context: BookingContext } | Extract<Awaited<ReturnType<OpenCalendar>>, { ok: false }>
> {
  const opened = await openCalendar(userId, signal);
  if (!opened.ok) return opened;
  const { schedule, calendar, listing = calendar } = opened;
  const bookings = store.of(userId, signal);
  return {
    ok: true,
    context: { userId, schedule, calendar, listing, bookings, callerKeys, signal, log, now },
  };
}

export function createBookingServiceFor(options: BookingServiceOptions): BookingServiceFor {
  return async (userId, signal) => {
    const opened = await openContext(options, userId, signal);
    return opened.ok ? { ok: true, desk: toService(opened.context) } : opened;
  };
}
