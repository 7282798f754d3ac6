// One manager's calendar and rules, opened for one request.
import { randomUUID } from 'node:crypto';
import type { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { chooseOffer, requestedWindow } from '../scheduling/offer.ts';
import type { BusyTime, Interval, Offer, Schedule } from '../scheduling/schedule.ts';
import { findSlots } from '../scheduling/slots.ts';
import { bookViewing } from './book.ts';
import type {
  AvailabilityRequest,
  BookingService,
  BookingServiceFor,
  HomeSchedules,
  OfferOptions,
  OfferOutcome,
} from './booking.ts';
import { busyTimeFrom, busyTimeFromCopy } from './busy-time.ts';
import type { BusyReader, ListingReader } from './calendar.ts';
import type { CallerKeys } from './caller-keys.ts';
import { cancelViewing } from './cancel.ts';
import { clashWindow, horizonWindow, listDaysOf } from './context.ts';
import type { BookingContext, OpenCalendar } from './context.ts';
import { findViewings } from './find.ts';
import { moveViewing } from './move.ts';
import type { BookingStore } from './store.ts';

/** What bookings need from outside. */
export interface BookingServiceOptions {
  readonly store: BookingStore;
  readonly openCalendar: OpenCalendar;
  readonly callerKeys: CallerKeys;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Reads the whole horizon at once. Slots are found in the requested days alone, and in the rest only if they have none. */
async function offer(
  context: BookingContext,
  request: AvailabilityRequest,
  { mayBeProvisional = false }: OfferOptions = {},
): Promise<OfferOutcome> {
  const { schedule, now } = context;
  const horizon = horizonWindow(context);
  const { busyTime, failure } = await readListing(context, horizon);
  const requested = requestedWindow(schedule, now(), request);
  const start = Math.max(horizon.start, requested.start);
  const end = Math.min(horizon.end, requested.end);
  const choose = (within?: Interval): Offer =>
    chooseOffer(schedule, findSlots(schedule, busyTime, now(), within), now(), request);

  const asked = start < end ? choose({ start, end }) : null;
  const offered = asked?.kind === 'slots' && asked.fit === 'asked' ? asked : choose();
  if (failure === null) return offered;
  // That nothing was free a while ago does not mean that nothing is.
  if (offered.kind === 'none' || !mayBeProvisional) throw failure;
  return { ...offered, provisional: true };
}

/** The busy time of whole local days and of one buffer on each side. */
async function readListing(
  context: BookingContext,
  days: Interval,
): Promise<{ readonly busyTime: BusyTime; readonly failure: AppError | null }> {
  const window = clashWindow(context, days);
  const [{ events, copiedAt, failure }, listed] = await Promise.all([
    context.listing.list(window),
    listDaysOf(context, window),
  ]);
  const busyTime =
    copiedAt === null
      ? busyTimeFrom(events, listed.entries, context.now())
      : busyTimeFromCopy(events, copiedAt, listed, context.now());
  return { busyTime, failure };
}

/** Lists from Graph alone. */
function listFrom(calendar: BusyReader): ListingReader {
  return {
    list: async (window) => ({ events: await calendar.read(window), copiedAt: null, failure: null }),
  };
}

function toService(context: BookingContext): BookingService {
  return {
    schedule: context.schedule,
    forHome: (propertyId) => toService({ ...context, schedule: context.scheduleOf(propertyId) }),
    offer: (request, options) => offer(context, request, options),
    book: (caller, request) => bookViewing(context, caller, request, randomUUID()),
    find: (caller, query, options) => findViewings(context, caller, query, options),
    move: (caller, query, newStart) => moveViewing(context, caller, query, newStart),
    cancel: (caller, query, reason) => cancelViewing(context, caller, query, reason),
  };
}

/** Opens what the steps of one request work with. */
export async function openContext(
  { store, openCalendar, callerKeys, log, now }: BookingServiceOptions,
  userId: string,
  signal: AbortSignal,
  homes?: HomeSchedules,
): Promise<
  { ok: true; context: BookingContext } | Extract<Awaited<ReturnType<OpenCalendar>>, { ok: false }>
> {
  const opened = await openCalendar(userId, signal);
  if (!opened.ok) return opened;
  const { schedule: managers, calendar, listing = listFrom(calendar) } = opened;
  function scheduleOf(propertyId: string | null): Schedule {
    return homes === undefined || propertyId === null ? managers : homes.scheduleOf(managers, propertyId);
  }
  const schedule = scheduleOf(homes?.propertyId ?? null);
  const bookings = store.of(userId, signal);
  return {
    ok: true,
    context: { userId, schedule, scheduleOf, calendar, listing, bookings, callerKeys, signal, log, now },
  };
}

/** Makes the function that opens one manager's calendar for one request. */
export function createBookingServiceFor(options: BookingServiceOptions): BookingServiceFor {
  return async (userId, signal, homes) => {
    const opened = await openContext(options, userId, signal, homes);
    return opened.ok ? { ok: true, service: toService(opened.context) } : opened;
  };
}
