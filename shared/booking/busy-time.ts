import { SECOND_MS } from '../core/duration.ts';
import type { BusyTime, Interval, ViewingTime } from '../scheduling/schedule.ts';
import type { BusyEvent } from './calendar.ts';
import { isFresh } from './state.ts';
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

/**
 * The events of the calendar that a booking wrote: the one with its id, else those with our property. A copy that the manager made
 * of the event has the property too.
 */
export function eventsOf<T extends BusyEvent>({ bookingId, eventId }: OwnBooking, events: readonly T[]): T[] {
  const written = events.filter((event) => event.eventId === eventId);
  return written.length > 0 ? written : events.filter((event) => event.bookingId === bookingId);
}

/** A viewing or hold as our tables have it. */
interface ListedTimes {
  /** Two while it moves, or may be moving. */
  readonly times: readonly Interval[];
  /** When its time was held, in epoch milliseconds. */
  readonly heldAt: number;
}

/**
 * The times that a viewing or hold blocks. Listings and bookings both ask this, so they cannot differ. Outlook decides, unless it
 * may not show our write yet. A move in doubt may end at either of its times, so it blocks both.
 * @param shown where Outlook shows its event; empty if it does not
 */
export function blockedTimes(
  { times, heldAt }: ListedTimes,
  shown: readonly Interval[],
  now: number,
): readonly Interval[] {
  if (shown.length === 0) return isFresh(heldAt, now) ? times : [];
  return times.length > 1 ? [...times, ...shown] : shown;
}

/** By the booking that each is of. What is of none is left out. */
function byBooking<T extends { readonly bookingId: string | null }>(all: readonly T[]): Map<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const one of all) {
    if (one.bookingId === null) continue;
    const same = grouped.get(one.bookingId);
    if (same === undefined) grouped.set(one.bookingId, [one]);
    else same.push(one);
  }
  return grouped;
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
  const current = events.filter(({ cancelled }) => !cancelled);
  const own = new Set(ignoring === undefined ? [] : eventsOf(ignoring, current));
  const others = current.filter((event) => !own.has(event));
  const shown = byBooking(others);
  const listed = byBooking(entries.filter(({ bookingId }) => bookingId !== ignoring?.bookingId));
  const viewings = [...new Set([...shown.keys(), ...listed.keys()])].flatMap((bookingId): ViewingTime[] => {
    const rows = listed.get(bookingId) ?? [];
    const times = rows.map(({ interval }) => interval);
    const at = (shown.get(bookingId) ?? []).map(({ interval }) => interval);
    const blocked = blockedTimes({ times, heldAt: Math.max(...rows.map(({ since }) => since)) }, at, now);
    // One whose property is gone from its event still counts as a viewing.
    const isThere = (time: Interval): boolean =>
      others.some(({ blocks, interval }) => blocks && isSame(interval, time));
    const counted = blocked.length > 0 ? blocked : times.filter(isThere);
    const propertyId = rows[0]?.propertyId ?? null;
    return counted.map((interval) => ({ ...interval, bookingId, propertyId }));
  });
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
