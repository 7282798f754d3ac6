import { SECOND_MS } from '../core/duration.ts';
import type { BusyTime, Interval, ViewingTime } from '../scheduling/schedule.ts';
import type { BusyEvent } from './calendar.ts';
import { isFresh } from './state.ts';
import { toViewingTime } from './store.ts';
import type { DayEntry, ListedDays } from './store.ts';

/** The booking that is being placed. Its own hold and its own event do not block it. */
export interface OwnBooking {
  readonly bookingId: string;
  readonly eventId: string | null;
}

/** Touching is no overlap. */
export function overlaps(a: Interval, b: Interval): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Whether two intervals are equal. */
export function isSame(a: Interval, b: Interval): boolean {
  return a.start === b.start && a.end === b.end;
}

/** Whether an event of the calendar is the one that a booking wrote: by our property in it, or by its id. */
export function isEventOf({ bookingId, eventId }: OwnBooking, event: BusyEvent): boolean {
  return event.bookingId === bookingId || event.eventId === eventId;
}

/**
 * Busy time: Outlook's events together with the holds that Outlook may not show yet. Our own viewings block whatever the
 * manager has them shown as.
 * @param ignoring the booking that is being placed
 */
export function busyTimeFrom(
  events: readonly BusyEvent[],
  entries: readonly DayEntry[],
  now: number,
  ignoring?: OwnBooking,
): BusyTime {
  const others = events.filter(
    (event) => !event.cancelled && !(ignoring !== undefined && isEventOf(ignoring, event)),
  );
  const ours = others.filter(({ bookingId }) => bookingId !== null);
  const shown = new Set(ours.map(({ bookingId }) => bookingId));
  const homes = new Map(entries.map(({ bookingId, propertyId }) => [bookingId, propertyId]));
  const unseen = entries.filter(
    ({ bookingId, interval, since }) =>
      bookingId !== ignoring?.bookingId &&
      !shown.has(bookingId) &&
      (isFresh(since, now) || others.some((event) => event.blocks && isSame(event.interval, interval))),
  );
  const viewings: ViewingTime[] = [
    ...ours.map(({ bookingId, interval }) => ({
      ...interval,
      propertyId: homes.get(bookingId ?? '') ?? null,
    })),
    ...unseen.map(toViewingTime),
  ];
  return {
    busy: [...others.filter(({ blocks }) => blocks).map(({ interval }) => interval), ...viewings],
    viewings,
  };
}

/** In milliseconds: for so long Graph may not show a write, and so late may its notification come. */
export const SETTLING_MS = 15 * SECOND_MS;

/**
 * The same from a copy of the calendar that was read a while ago. A viewing of ours whose row has changed since then is taken from
 * its row alone.
 * @param readAt when the copy was read
 */
export function busyTimeFromCopy(
  events: readonly BusyEvent[],
  readAt: number,
  { entries, removed }: ListedDays,
  now: number,
): BusyTime {
  const since = readAt - SETTLING_MS;
  const changed = new Set([
    ...entries.filter(({ changedAt }) => changedAt > since).map(({ bookingId }) => bookingId),
    ...removed.filter(({ removedAt }) => removedAt > since).map(({ bookingId }) => bookingId),
  ]);
  return busyTimeFrom(
    events.filter(({ bookingId }) => bookingId === null || !changed.has(bookingId)),
    // It counts like one that Outlook does not show yet.
    entries.map((entry) => (changed.has(entry.bookingId) ? { ...entry, since: now } : entry)),
    now,
  );
}
