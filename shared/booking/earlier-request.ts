/**
 * What a tool call has asked for before. A repeat goes by this and not by its words: since then the viewings may have moved, and
 * the same words may mean something else.
 */
import type { Caller, NamedStart } from './booking.ts';
import { toolCallKeys } from './idempotency-keys.ts';
import type { Change } from './idempotency-keys.ts';
import type { BookingStore } from './store.ts';

export type { Change };

/** A request of this very tool call that has got as far as holding time, or as deciding to cancel. */
export interface EarlierRequest {
  /** The manager whose calendar it is about. */
  readonly userId: string;
  readonly bookingId: string;
  /** The home; null if the manager lists none. */
  readonly propertyId: string | null;
  /** Empty if it can no longer be read. */
  readonly propertyAddress: string;
  /** The start asked for, epoch milliseconds; null for a cancellation, and for a request of an earlier version of the app. */
  readonly start: NamedStart | null;
  /** The booking came to nothing. One that was cancelled did not. */
  readonly isUndone: boolean;
}

/**
 * Finds what an earlier request for this tool call asked for. Null if there is none, and for a call or a tool call without an id.
 * @param userIds the managers whose calendars it may be about. One read for each.
 * @param signal aborts at the request's deadline
 * @throws AppError `storage_unavailable`, `deadline_exceeded`
 */
export type FindEarlierRequest = (
  userIds: readonly string[],
  caller: Caller,
  change: Change,
  signal: AbortSignal,
) => Promise<EarlierRequest | null>;

/** @param now epoch milliseconds */
export function createFindEarlierRequest(
  store: Pick<BookingStore, 'of'>,
  now: () => number,
): FindEarlierRequest {
  return async (userIds, caller, change, signal) => {
    const keys = toolCallKeys(caller, change, now());
    if (keys.length === 0) return null;
    const found = await Promise.all(
      userIds.map(async (userId): Promise<EarlierRequest | null> => {
        const [known = null] = (await store.of(userId, signal).lookUp(keys, null, now())).byKey;
        if (known === null) return null;
        const { bookingId, propertyId, propertyAddress, state } = known.booking;
        return {
          userId,
          bookingId,
          propertyId,
          propertyAddress,
          // Words named it when it was noted.
          start: known.start as NamedStart | null,
          isUndone: state === 'freed' || state === 'undoing',
        };
      }),
    );
    const requests = found.filter((one) => one !== null);
    return requests.find((one) => !one.isUndone) ?? requests[0] ?? null;
  };
}
