// A caller's own viewings, as Outlook has them now. Whose they are is told by the number of the call, or by name and time together.
import { localDate } from '../scheduling/zone.ts';
import type { Caller, FindOutcome, NotIdentified, Viewing, ViewingQuery } from './booking.ts';
import { toViewing } from './context.ts';
import type { BookingContext } from './context.ts';
import { followEvent, reconcile } from './reconcile.ts';
import { callerKeyOf } from './idempotency-keys.ts';
import type { Booking } from './store.ts';

/** Graph takes 20 in one batch; nobody hears a longer list. */
const MAX_VIEWINGS = 20;

/** Names as people say them: without case, accents or punctuation. */
function fold(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

function isActive({ state, interval }: Booking, now: number): boolean {
  return interval.end > now && state !== 'cancelled' && state !== 'freed';
}

/** The active bookings, each brought to what Outlook says. */
async function refresh(context: BookingContext, bookings: readonly Booking[]): Promise<Booking[]> {
  const { calendar, store, userId, now } = context;
  const active = bookings.filter((booking) => isActive(booking, now())).slice(0, MAX_VIEWINGS);
  const booked = active.filter(({ state }) => state === 'booked');
  const events = await calendar.get(booked.map(({ eventId }) => eventId ?? ''));
  const follow = async (booking: Booking): Promise<Booking | null> => {
    if (booking.state === 'booked')
      return followEvent(context, booking, events[booked.indexOf(booking)] ?? null);
    // Its event may have been written and the answer lost.
    const written = booking.state === 'held' ? await calendar.findByBooking(booking.bookingId) : null;
    return written === null ? reconcile(context, booking) : followEvent(context, booking, written);
  };
  const followed = await Promise.all(active.map(follow));
  // One that somebody else changed meanwhile is read again.
  const lost = active.filter((_, index) => followed[index] === null).map(({ bookingId }) => bookingId);
  const reread = lost.length > 0 ? await store.get(userId, lost) : [];
  return [...followed.filter((booking) => booking !== null), ...reread]
    .filter(({ state }) => state === 'booked' || state === 'moving' || state === 'cancelling')
    .filter(({ interval }) => interval.start > now())
    .sort((a, b) => a.interval.start - b.interval.start);
}

async function findByNameAndStart(context: BookingContext, name: string, start: number): Promise<Booking[]> {
  const { store, schedule, userId } = context;
  const day = localDate(start, schedule.timeZone);
  const entries = await store.listDays(userId, day, day);
  const ids = entries.filter(({ interval }) => interval.start === start).map(({ bookingId }) => bookingId);
  const bookings = await store.get(userId, ids);
  const wanted = fold(name);
  return bookings.filter(({ attendeeName }) => attendeeName !== null && fold(attendeeName) === wanted);
}

/** The caller's future bookings, or null where nothing tells who he is. */
async function findBookings(
  context: BookingContext,
  caller: Caller,
  query: ViewingQuery,
): Promise<Booking[] | null> {
  const { store, userId, now } = context;
  const { attendeeName, start } = query;
  const byName =
    attendeeName !== undefined && fold(attendeeName) !== '' && start !== undefined
      ? await findByNameAndStart(context, attendeeName, start)
      : null;
  if (caller.number === null && byName === null) return null;
  const ids = caller.number === null ? [] : await store.listCaller(userId, callerKeyOf(caller.number), now());
  const named = byName ?? [];
  const others = ids.filter((id) => !named.some(({ bookingId }) => bookingId === id));
  return refresh(context, [...named, ...(await store.get(userId, others))]);
}

export async function findViewings(
  context: BookingContext,
  caller: Caller,
  query: ViewingQuery,
): Promise<FindOutcome> {
  const bookings = await findBookings(context, caller, query);
  return bookings === null
    ? { kind: 'need_name_and_time' }
    : {
        kind: 'viewings',
        viewings: bookings.filter(({ state }) => state !== 'cancelling').map(toViewing),
      };
}

/**
 * The one viewing that a caller means. An id counts only among his own.
 * @param options.cancelling also one whose cancelling has begun.
 */
export async function identify(
  context: BookingContext,
  caller: Caller,
  query: ViewingQuery,
  { cancelling = false } = {},
): Promise<{ readonly kind: 'one'; readonly booking: Booking } | NotIdentified> {
  const found = await findBookings(context, caller, query);
  if (found === null) return { kind: 'need_name_and_time' };
  const bookings = found.filter(({ state }) => cancelling || state !== 'cancelling');
  const meant = bookings.filter(
    ({ bookingId, interval }) =>
      (query.bookingId === undefined || query.bookingId === bookingId) &&
      (query.start === undefined || query.start === interval.start),
  );
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return { kind: 'one', booking: only };
  // He has viewings, but not as he says: let him choose rather than guess.
  const choice: Viewing[] = (meant.length > 0 ? meant : bookings).map(toViewing);
  return choice.length === 0 ? { kind: 'none_found' } : { kind: 'which', viewings: choice };
}
