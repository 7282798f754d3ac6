// A caller's own viewings, as Outlook has them now. They are the caller's if the number of the call says so, or name and time
// together.
import { addDays, localDate } from '../scheduling/zone.ts';
import type { Caller, FindOptions, FindOutcome, NotIdentified, Viewing, ViewingQuery } from './booking.ts';
import type { CalendarEvent } from './calendar.ts';
import { numberKey } from './caller-keys.ts';
import type { CallerKeyOf } from './caller-keys.ts';
import { toViewing } from './context.ts';
import type { BookingContext } from './context.ts';
import { callKeyOf } from './idempotency-keys.ts';
import { followEvent, reconcile } from './reconcile.ts';
import { settleDoubts } from './settle-doubts.ts';
import { isActive } from './state.ts';
import type { Booking } from './store.ts';

/** No caller would listen to a longer list. */
const MAX_LISTED = 20;
/** Wrong names and times that one call may try. This keeps strangers from guessing when and where somebody will be. */
const MAX_MISSES = 5;

/** A booking with its event as it was read; null if it was not read. */
interface Found {
  readonly booking: Booking;
  readonly event: CalendarEvent | null;
}

/** A name without case, accents and punctuation, so that spellings of it compare equal. Empty if it has no letter and no digit. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

/**
 * The active bookings, each brought to what Outlook says. What is being cancelled is left to the request that cancels.
 * @param isLeft what else is left as it is, because the request goes on with it
 */
async function refresh(
  context: BookingContext,
  bookings: readonly Booking[],
  isLeft: (booking: Booking) => boolean,
): Promise<Found[]> {
  const { calendar, now } = context;
  const active = bookings.filter(({ state, interval }) => isActive(state) && interval.end > now());
  const booked = active.filter(({ state }) => state === 'booked');
  const events = booked.length === 0 ? [] : await calendar.locate(booked);
  const found = await Promise.all(
    active.map(async (one) => {
      const event = events[booked.indexOf(one)] ?? null;
      if (one.state === 'cancelling' || isLeft(one)) return { booking: one, event };
      const followed = await (one.state === 'booked'
        ? followEvent(context, one, event)
        : reconcile(context, one));
      // One that somebody else changed is read again.
      const booking = followed ?? (await context.bookings.get([one.bookingId]))[0];
      return { booking, event };
    }),
  );
  return found
    .filter((one): one is Found => one.booking !== undefined)
    .filter(({ booking: { state, interval } }) => isListed(state) && interval.start > now())
    .sort((a, b) => a.booking.interval.start - b.booking.interval.start);
}

/** One whose event is known to be written. */
function isListed(state: Booking['state']): boolean {
  return state === 'booked' || state === 'moving' || state === 'returning' || state === 'cancelling';
}

async function findByNameAndStart(
  { bookings, schedule }: BookingContext,
  name: string,
  start: number,
): Promise<Booking[]> {
  const day = localDate(start, schedule.timeZone);
  // It may have been booked on the clock of another time zone.
  const { entries } = await bookings.listDays(addDays(day, -1), addDays(day, 1));
  const ids = entries.filter(({ interval }) => interval.start === start).map(({ bookingId }) => bookingId);
  const wanted = foldName(name);
  return (await bookings.get(ids)).filter(
    ({ attendeeName }) => attendeeName !== null && foldName(attendeeName) === wanted,
  );
}

/**
 * Looks a viewing up by name and time. It counts as a miss until it is found, so that many look-ups at once try no more than
 * one after the other. The same name and time count once: one request may look them up several times, and so may its repeat.
 */
async function lookUpByName(
  context: BookingContext,
  caller: Caller,
  keyOf: CallerKeyOf,
  { name, start }: { readonly name: string; readonly start: number },
): Promise<Booking[] | 'too_many_misses'> {
  const { bookings, log, now } = context;
  const callKey = callKeyOf(caller);
  const named = keyOf('viewing', foldName(name), String(start));
  if (callKey !== null && !(await bookings.addMiss(callKey, named, MAX_MISSES, now()))) {
    return 'too_many_misses';
  }
  const found = await findByNameAndStart(context, name, start);
  if (found.length === 0) log.info('viewing_not_found_by_name', { call: caller.callId });
  else if (callKey !== null) await bookings.removeMiss(callKey, named, now());
  return found;
}

/** The caller's future bookings, or why nobody can tell which they are. */
async function findBookings(
  context: BookingContext,
  caller: Caller,
  { attendeeName, start }: ViewingQuery,
  isLeft: (booking: Booking) => boolean = () => false,
): Promise<Found[] | 'need_name_and_time' | 'too_many_misses'> {
  const { bookings, now, signal } = context;
  const isNamed = attendeeName !== undefined && foldName(attendeeName) !== '' && start !== undefined;
  if (caller.number === null && !isNamed) return 'need_name_and_time';
  const keyOf = await context.callerKeys.load(signal);
  const [own, named] = await Promise.all([
    caller.number === null ? [] : bookings.listCaller(numberKey(keyOf, caller.number), now()),
    isNamed ? lookUpByName(context, caller, keyOf, { name: attendeeName, start }) : [],
  ]);
  if (named === 'too_many_misses' && caller.number === null) return named;
  const byName = named === 'too_many_misses' ? [] : named;
  const others = own.filter((id) => !byName.some(({ bookingId }) => bookingId === id));
  return refresh(context, [...byName, ...(await bookings.get(others))], isLeft);
}

/** The caller's future viewings, compared with Outlook, in order of time. @throws AppError as `BookingService` says */
export async function findViewings(
  context: BookingContext,
  caller: Caller,
  query: ViewingQuery,
  { before }: FindOptions = {},
): Promise<FindOutcome> {
  const isCancelling = ({ state }: Booking): boolean => before === 'cancel' && state === 'cancelling';
  const isLeft = (booking: Booking): boolean =>
    isCancelling(booking) || (before !== undefined && booking.state === 'moving');
  const { ofCall } = await context.bookings.lookUp([], callKeyOf(caller), context.now());
  await settleDoubts(context, ofCall, { resumes: isLeft });
  const found = await findBookings(context, caller, query, isLeft);
  if (typeof found === 'string') return { kind: found };
  const bookings = found.map(({ booking }) => booking);
  return {
    kind: 'viewings',
    viewings: bookings
      .filter((booking) => booking.state !== 'cancelling' || isCancelling(booking))
      .slice(0, MAX_LISTED)
      .map((booking) => toViewing(context, booking)),
  };
}

/** The viewing that this very request has found before, as Outlook has it now. */
export async function findAgain(
  context: BookingContext,
  booking: Booking,
  resumes: (booking: Booking) => boolean,
): Promise<({ readonly kind: 'one' } & Found) | NotIdentified> {
  const [found] = await refresh(context, [booking], resumes);
  return found === undefined || found.booking.state === 'cancelling'
    ? { kind: 'none_found' }
    : { kind: 'one', ...found };
}

/**
 * The one viewing that a caller means. An id counts only among the caller's own.
 * @param options.cancelling also one whose cancelling has begun. Default false.
 * @param options.resumes leaves work in doubt as it is, because this request goes on with it. Default: none.
 */
export async function identify(
  context: BookingContext,
  caller: Caller,
  query: ViewingQuery,
  {
    cancelling = false,
    resumes,
  }: { readonly cancelling?: boolean; readonly resumes?: (booking: Booking) => boolean } = {},
): Promise<({ readonly kind: 'one' } & Found) | NotIdentified> {
  const found = await findBookings(context, caller, query, resumes);
  if (typeof found === 'string') return { kind: found };
  const listed = found.filter(({ booking }) => cancelling || booking.state !== 'cancelling');
  const viewingOf = ({ booking }: Found): Viewing => toViewing(context, booking);
  const fitting = query.choose?.(listed.map(viewingOf)).map(({ bookingId }) => bookingId);
  const meant = listed.filter(
    ({ booking: { bookingId, interval } }) =>
      (query.bookingId === undefined || query.bookingId === bookingId) &&
      (query.start === undefined || query.start === interval.start) &&
      (fitting === undefined || fitting.includes(bookingId)),
  );
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return { kind: 'one', ...only };
  // No match: list the caller's viewings and let them choose.
  const choice = (meant.length > 0 ? meant : listed).map(viewingOf);
  return choice.length === 0 ? { kind: 'none_found' } : { kind: 'which', viewings: choice };
}
