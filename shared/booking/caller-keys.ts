// How a caller is named in the tables, and which lists count a booking towards a limit.
import type { BookRequest, Caller } from './booking.ts';

/** Names texts in a table key by HMAC with a secret: nobody who reads the key can find out a number by trying. */
export type CallerKeyOf = (...texts: readonly string[]) => string;

/** The secret that callers' numbers are hashed with. */
export interface CallerKeys {
  /** Reads the secret once, or makes it. @throws AppError `storage_unavailable`, `deadline_exceeded` */
  load(signal: AbortSignal): Promise<CallerKeyOf>;
}

/** A list of bookings that count towards one limit. */
export interface CallerList {
  readonly key: string;
  readonly limit: number;
}

/** Future viewings of a manager that all flat requests together may have, because nobody knows who sends them. */
const FLAT_LIMIT = 20;

/** The list of a number that VAPI vouches for. Its viewings are found by that number. */
export function numberKey(keyOf: CallerKeyOf, number: string): string {
  return keyOf('number', number);
}

/**
 * The lists of a new booking. A call with a number counts by the number, one without by the call. A flat request has no call:
 * it counts by the number that was said, and all of them together by manager. A said number has a list of its own, so it
 * counts against nobody who owns it.
 * @param callerLimit future viewings of one caller
 */
export function callerLists(
  keyOf: CallerKeyOf,
  { number, callId }: Caller,
  { attendeePhone }: Pick<BookRequest, 'attendeePhone'>,
  callerLimit: number,
): CallerList[] {
  if (number !== null) return [{ key: numberKey(keyOf, number), limit: callerLimit }];
  if (callId !== null) return [{ key: keyOf('call', callId), limit: callerLimit }];
  const all = { key: keyOf('flat'), limit: FLAT_LIMIT };
  return attendeePhone === undefined
    ? [all]
    : [{ key: keyOf('said', attendeePhone), limit: callerLimit }, all];
}
