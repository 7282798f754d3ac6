import { AppError } from '../core/errors.ts';
import { addDays, isLocalDate, localDate, toIsoWithOffset } from '../scheduling/zone.ts';
import { isStanding } from './state.ts';
import type { Booking, BookingStore } from './store.ts';

/** A booking with its local times. */
export interface ListedViewing {
  readonly booking: Booking;
  /** Local date, `YYYY-MM-DD`. */
  readonly date: string;
  /** ISO 8601 with the manager's offset. */
  readonly startTime: string;
  readonly endTime: string;
}

/** One page of a list of viewings. */
export interface ViewingsPage {
  readonly viewings: readonly ListedViewing[];
  /** The `after` of the next page; null at the end. */
  readonly next: string | null;
}

/** Which viewings are listed. */
export interface ViewingsQuery {
  /** Local date, `YYYY-MM-DD`. Default today. */
  readonly from: string | null;
  /** Local date, included. Default 60 days later. */
  readonly to: string | null;
  /** `next` of the page before this one. */
  readonly after: string | null;
  readonly limit: number;
}

const DEFAULT_DAYS = 60;
const MAX_DAYS = 366;

/**
 * A manager's viewings in every state, in order of time.
 * @param when the time now, and the manager's time zone
 * @throws `invalid_request` if the days are none, or more than a year of them
 */
export async function listViewings(
  { store, userId }: { readonly store: BookingStore; readonly userId: string },
  query: ViewingsQuery,
  when: { readonly now: number; readonly timeZone: string },
  signal: AbortSignal,
): Promise<ViewingsPage> {
  const from = query.from ?? localDate(when.now, when.timeZone);
  if (!isLocalDate(from)) throw invalid('from', 'must be a date, YYYY-MM-DD');
  const to = query.to ?? addDays(from, DEFAULT_DAYS);
  if (!isLocalDate(to) || to < from || to > addDays(from, MAX_DAYS)) {
    throw invalid('to', `must be a date, YYYY-MM-DD, from \`from\` to ${MAX_DAYS} days after it`);
  }
  // What was booked on the clock of another time zone is filed by that.
  const filed = await store.of(userId, signal).listViewings(addDays(from, -1), addDays(to, 1));
  const all = filed.filter(({ interval, movingTo }) =>
    [interval, movingTo].some((time) => {
      const day = time === null ? '' : localDate(time.start, when.timeZone);
      return from <= day && day <= to;
    }),
  );
  const rest = query.after === null ? all : all.filter((viewing) => keyOf(viewing) > (query.after ?? ''));
  const shown = rest.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).slice(0, query.limit);
  const last = shown.at(-1);
  const viewings = shown.map((booking) => ({
    booking,
    date: localDate(booking.interval.start, when.timeZone),
    startTime: toIsoWithOffset(booking.interval.start, when.timeZone),
    endTime: toIsoWithOffset(booking.interval.end, when.timeZone),
  }));
  return { viewings, next: last && rest.length > shown.length ? keyOf(last) : null };
}

/** The viewings of some homes that are still to come, in order of time. */
export async function listFutureViewingsOf(
  { store, userId }: { readonly store: BookingStore; readonly userId: string },
  propertyIds: readonly string[],
  from: number,
  signal: AbortSignal,
): Promise<readonly Booking[]> {
  const wanted = new Set(propertyIds);
  // One day more on either side than any zone is away from UTC.
  const first = addDays(localDate(from, 'UTC'), -1);
  const all = await store.of(userId, signal).listViewings(first, addDays(first, MAX_DAYS + 1));
  return all.filter(
    ({ propertyId, interval, state }) =>
      propertyId !== null && wanted.has(propertyId) && interval.start >= from && isStanding(state),
  );
}

/** In the order of time; equal starts in the order of their ids. */
function keyOf({ interval, bookingId }: Booking): string {
  return `${String(interval.start).padStart(14, '0')}.${bookingId}`;
}

function invalid(field: string, message: string): AppError {
  return new AppError('invalid_request', `${field}: ${message}`, { details: [{ field, message }] });
}
