/**
 * A request whose outcome is unknown leaves its booking in doubt. The next request of the same call brings it to rest first, so
 * that a caller never has two viewings for one wish, and no move comes after it was said to have failed.
 */
import { AppError } from '../core/errors.ts';
import { pause } from '../core/retry.ts';
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
  try {
    for (const found of ofCall) {
      const booking = resumes(found) ? null : await whenRequestEnds(context, found);
      if (booking === null || !isUnsettled(context, booking)) continue;
      const isReplaced = booking.state === 'held' && wanted !== undefined && isSameHome(booking, wanted);
      await (isReplaced ? undo(context, booking) : reconcile(context, booking, { afterMs: REQUEST_MS }));
    }
  } catch (cause) {
    throw new AppError('outcome_unknown', 'What this call asked for before cannot be settled now', { cause });
  }
}

function isUnsettled({ now }: BookingContext, booking: Booking): boolean {
  return isDecided(booking.state) || isInDoubt(booking, now(), REQUEST_MS);
}

/** How often, and after how many milliseconds each, a booking is looked at that another request of the call is at work on. */
const LOOKS = 20;
const LOOK_AFTER_MS = 150;

/**
 * The booking once no request of its call is at work on it. An answer that came at the deadline leaves its request writing down how
 * it ended, and the caller may ask for something else before that is done. Null if the booking is gone.
 * @throws AppError `concurrent_update` if it is at work for longer than that
 */
async function whenRequestEnds(context: BookingContext, booking: Booking): Promise<Booking | null> {
  let current: Booking | undefined = booking;
  for (let looks = 0; current !== undefined && isAtWork(context, current); looks += 1) {
    if (looks === LOOKS) throw new AppError('concurrent_update', 'Another request of the call is at work');
    await pause(LOOK_AFTER_MS, context.signal);
    [current] = await context.bookings.get([booking.bookingId]);
  }
  return current ?? null;
}

function isAtWork(context: BookingContext, booking: Booking): boolean {
  return (booking.state === 'held' || booking.state === 'moving') && !isUnsettled(context, booking);
}
