import type { Interval, BusyTime } from '../scheduling/schedule.ts';
import type { CalendarEvent } from './calendar.ts';
import type { DayEntry } from './store.ts';

/**
 * How long a claim counts by itself. After that Outlook's word decides: either the event stands there, or it never came to be, or
 * the manager has moved or deleted it.
 */
export const HOLD_MS = 2 * 60_000;

export function isFresh(since: number, now: number): boolean {
  return now - since < HOLD_MS;
}

export function overlaps(a: Interval, b: Interval): boolean {
  return a.start < b.end && b.start < a.end;
}

function isSame(a: Interval, b: Interval): boolean {
  return a.start === b.start && a.end === b.end;
}

/**
 * What stands in a manager's time: Outlook's events together with the claims that Outlook may not show yet. Our own viewings block
 * whatever the manager has them shown as.
 * @param except the booking that is being placed itself, with its event where it has one.
 */
export function busyTimeFrom(
  events: readonly CalendarEvent[],
  entries: readonly DayEntry[],
  now: number,
  except?: { readonly bookingId: string; readonly eventId: string | null },
): BusyTime {
  const others = events.filter(
    ({ bookingId, eventId, cancelled }) =>
      !cancelled && bookingId !== except?.bookingId && eventId !== except?.eventId,
  );
  const ours = others.filter(({ bookingId }) => bookingId !== null);
  const shown = new Set(ours.map(({ bookingId }) => bookingId));
  const unseen = entries.filter(
    ({ bookingId, interval, since }) =>
      bookingId !== except?.bookingId &&
      !shown.has(bookingId) &&
      (isFresh(since, now) || others.some((event) => event.blocks && isSame(event.interval, interval))),
  );
  const viewings = [...ours, ...unseen].map(({ interval }) => interval);
  return {
    busy: [...others.filter(({ blocks }) => blocks).map(({ interval }) => interval), ...viewings],
    viewings,
  };
}
