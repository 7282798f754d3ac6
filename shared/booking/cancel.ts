// Cancelling: mark, remove the event (an invited attendee is told by Outlook), free the time. A repeat finishes what was begun.
import { AppError } from '../core/errors.ts';
import type { CancelOutcome, Caller, ViewingQuery } from './booking.ts';
import { toViewing } from './context.ts';
import type { BookingContext } from './context.ts';
import { toPlainLine } from './event-draft.ts';
import { identify } from './find.ts';
import { finishCancelling } from './reconcile.ts';
import { toolCallKeys } from './idempotency-keys.ts';
import type { Booking } from './store.ts';

const MAX_COMMENT = 500;

export async function cancelViewing(
  context: BookingContext,
  caller: Caller,
  query: ViewingQuery,
  reason: string | undefined,
): Promise<CancelOutcome> {
  const { store, userId, now } = context;
  const requests = toolCallKeys(caller, 'cancel', now());
  const earlier = await store.findByRequest(userId, requests, now());
  if (earlier?.state === 'cancelled') return cancelled(earlier, true);
  const comment = toPlainLine(reason ?? '', MAX_COMMENT);
  if (earlier?.state === 'cancelling') return finish(context, earlier, comment, true);

  const found = await identify(context, caller, query, { cancelling: true });
  if (found.kind !== 'one') return found;
  if (found.booking.state === 'cancelling') return finish(context, found.booking, comment, true);
  const marked = await store.markCancelling(userId, found.booking, { requests, now: now() });
  if (marked !== null) return finish(context, marked, comment, false);
  // This very request may have been made at the same moment.
  const [meanwhile] = await store.get(userId, [found.booking.bookingId]);
  if (meanwhile?.state === 'cancelled') return cancelled(meanwhile, true);
  if (meanwhile?.state === 'cancelling') return finish(context, meanwhile, comment, true);
  throw new AppError('already_taken', 'The viewing was changed at the same moment');
}

function cancelled(booking: Booking, repeated: boolean): CancelOutcome {
  return {
    kind: 'cancelled',
    viewing: toViewing(booking),
    invited: booking.invited,
    repeated,
  };
}

async function finish(
  context: BookingContext,
  booking: Booking,
  comment: string,
  repeated: boolean,
): Promise<CancelOutcome> {
  return cancelled((await finishCancelling(context, booking, comment)) ?? booking, repeated);
}
