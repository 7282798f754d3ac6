// How many viewings a day and a caller may have. Pure: storage asks inside its transaction, so the answer holds when many ask at once.
import type { Schedule } from '../scheduling/schedule.ts';
import type { CallerList } from './caller-keys.ts';
import type { DayEntry } from './store.ts';

/** A limit that is reached, with the bookings that count towards it. */
export type LimitReached =
  | { readonly kind: 'day_full'; readonly bookingIds: readonly string[] }
  | { readonly kind: 'caller_limit'; readonly limit: number; readonly bookingIds: readonly string[] };

/**
 * Whether one more viewing fits; null if it does.
 * @param day the entries of its local day.
 * @param callers the entries of each of its caller's lists, in the order of the lists.
 */
export type Admit = (
  day: readonly DayEntry[],
  callers: readonly (readonly DayEntry[])[],
) => LimitReached | null;

/**
 * The limits of a schedule for a new booking, or for the move of one.
 * @param lists none for a move: the caller has that viewing already.
 * @param moving the booking that moves: it does not count against itself.
 */
export function createAdmit(
  { rules, home }: Schedule,
  { lists = [], moving, now }: { lists?: readonly CallerList[]; moving?: string; now: number },
): Admit {
  return (day, callers) => {
    const others = day.filter(({ bookingId }) => bookingId !== moving);
    const full =
      countDay(others, rules.dailyLimit) ??
      countDay(
        others.filter(({ propertyId }) => propertyId !== null && propertyId === home?.propertyId),
        home?.dailyLimit ?? null,
      );
    if (full !== null) return full;
    for (const [index, { limit }] of lists.entries()) {
      const future = (callers[index] ?? []).filter(({ interval }) => interval.end > now);
      if (future.length >= limit) return { kind: 'caller_limit', limit, bookingIds: idsOf(future) };
    }
    return null;
  };
}

function countDay(entries: readonly DayEntry[], limit: number | null): LimitReached | null {
  // A viewing that moves within its day is listed twice.
  const bookingIds = idsOf(entries);
  return limit !== null && bookingIds.length >= limit ? { kind: 'day_full', bookingIds } : null;
}

function idsOf(entries: readonly DayEntry[]): string[] {
  return [...new Set(entries.map(({ bookingId }) => bookingId))];
}
