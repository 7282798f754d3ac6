/**
 * A request whose outcome is unknown leaves its booking in doubt. The next request of the same call brings it to rest first, so
 * that a caller never has two viewings for one wish, and no move comes after it was said to have failed.
 */
import { AppError } from '../core/errors.ts';
import type { BookingContext } from './context.ts';
import { reconcile, undo } from './reconcile.ts';
import { isSameHome } from './same-home.ts';
import type { HomeReference } from './same-home.ts';
import { isDecided, isInDoubt, REQUEST_MS } from './state.ts';
import type { Booking } from './store.ts';

/** What the caller asks for now. */
export interface NextRequest {
  /** The home to be booked: another time for it replaces a booking of it that is in doubt. */
  readonly booking?: HomeReference;
  /** Whether this request goes on with that booking itself. Default: it does not. */
  readonly resumes?: (booking: Booking) => boolean;
}

/**
 * Brings the bookings of a call that are in doubt to rest.
 * @throws AppError `outcome_unknown` if that cannot be done now
 */
export async function settleDoubts(
  context: BookingContext,
  ofCall: readonly Booking[],
  { booking: wanted, resumes = () => false }: NextRequest,
): Promise<void> {
  const unsettled = ofCall.filter(
    (booking) =>
      !resumes(booking) && (isDecided(booking.state) || isInDoubt(booking, context.now(), REQUEST_MS)),
  );
  try {
    for (const booking of unsettled) {
      const isReplaced = booking.state === 'held' && wanted !== undefined && isSameHome(booking, wanted);
      await (isReplaced ? undo(context, booking) : reconcile(context, booking, { afterMs: REQUEST_MS }));
    }
  } catch (cause) {
    throw new AppError('outcome_unknown', 'What this call asked for before cannot be settled now', { cause });
  }
}
