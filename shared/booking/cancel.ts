// Cancelling: mark the booking, remove the event (Outlook notifies an invited attendee), free the time. A repeat continues an
// interrupted cancellation.
import { AppError } from '../core/errors.ts';
import type { CancelOutcome, Caller, ViewingQuery } from './booking.ts';
import { apply, logLeftover, orUnknown, toViewing } from './context.ts';
import type { BookingContext } from './context.ts';
import { toPlainLine } from './event-draft.ts';
import { identify } from './find.ts';
import { callKeyOf, toolCallKeys } from './idempotency-keys.ts';
import { finishDecided } from './reconcile.ts';
import { settleDoubts } from './settle-doubts.ts';
import type { Booking, IdempotencyKey } from './store.ts';

const MAX_COMMENT = 500;

/**
 * Cancels the one viewing that the caller means. The decision is stored before the event is removed.
 * @param reason goes to an invited attendee with Outlook's cancellation, cut to 500 characters
 * @throws AppError as `BookingService` says
 */
export async function cancelViewing(
  context: BookingContext,
  caller: Caller,
  query: ViewingQuery,
  reason: string | undefined,
): Promise<CancelOutcome> {
  const { bookings, now } = context;
  const comment = toPlainLine(reason ?? '', MAX_COMMENT);
  const keys = toolCallKeys(caller, 'cancel', now());
  const callKey = callKeyOf(caller);
  const { byKey, ofCall } = await bookings.lookUp(keys, callKey, now());
  const earlier = byKey[0]?.booking;
  if (earlier?.state === 'cancelled') return cancelled(context, earlier, true);
  if (earlier?.state === 'cancelling') return finish(context, earlier, true);
  await settleDoubts(context, ofCall, { resumes: isBeingCancelled });

  const found = await identify(context, caller, query, { cancelling: true });
  if (found.kind !== 'one') return found;
  const { booking } = found;
  if (booking.state === 'cancelling') return takeOver(context, booking, keys, callKey);
  // What this call is cancelling besides is finished first.
  await settleDoubts(
    context,
    ofCall.filter((one) => isBeingCancelled(one) && one.bookingId !== booking.bookingId),
    {},
  );
  const marked = await orUnknown(
    apply(context, booking, { to: 'cancelling', cancelComment: comment, keys, callKey }),
  );
  if (marked !== null) return finish(context, marked, false);
  // This very request may have been made at the same moment.
  const [latest] = await bookings.get([booking.bookingId]);
  return takeOver(context, latest, keys, callKey);
}

/**
 * Goes on with what another request has decided. The key of this one is noted first: a repeat of it must find this viewing, because
 * by then its words may fit another one.
 */
async function takeOver(
  context: BookingContext,
  booking: Booking | undefined,
  keys: readonly IdempotencyKey[],
  callKey: string | null,
): Promise<CancelOutcome> {
  let current = booking;
  while (current?.state === 'cancelling' || current?.state === 'cancelled') {
    const noted = await orUnknown(apply(context, current, { to: current.state, keys, callKey }));
    if (noted?.state === 'cancelled') return cancelled(context, noted, true);
    if (noted !== null) return finish(context, noted, true);
    [current] = await context.bookings.get([current.bookingId]);
  }
  throw new AppError('concurrent_update', 'The viewing was changed at the same moment');
}

function isBeingCancelled({ state }: Booking): boolean {
  return state === 'cancelling';
}

function cancelled(context: BookingContext, booking: Booking, repeated: boolean): CancelOutcome {
  const { invitation } = booking;
  return { kind: 'cancelled', viewing: toViewing(context, booking), invitation, repeated };
}

/** The decision is written down: what cannot be done now, the next request or the timer does. */
async function finish(context: BookingContext, booking: Booking, repeated: boolean): Promise<CancelOutcome> {
  try {
    return cancelled(context, (await finishDecided(context, booking)) ?? booking, repeated);
  } catch (cause) {
    logLeftover(context, booking, cause);
    throw new AppError('outcome_unknown', 'It is not known whether the event was removed', { cause });
  }
}
