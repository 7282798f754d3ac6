// The timer: carries out what was decided, settles what is in doubt, and looks for events that come late.
import { MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import { deadlineSignal } from '../core/deadline.ts';
import type { BookingContext } from './context.ts';
import { reconcile } from './reconcile.ts';
import { openContext } from './service.ts';
import type { BookingServiceOptions } from './service.ts';
import { HOLD_MS, isFinal } from './state.ts';
import type { Booking, PendingWork } from './store.ts';

/** What one run did with the work that was left. */
export interface SweepReport {
  readonly finished: number;
  /** Left for the next run. */
  readonly failed: number;
}

/** For one booking. */
const DEADLINE_MS = 30 * SECOND_MS;
/** A create that was given up is looked for at these ages. Its event, if it comes late, is removed. */
const LOOKS_MS = [HOLD_MS, 5 * MINUTE_MS, 15 * MINUTE_MS];

/** How many looks are due at this age. */
function looksDue(since: number, now: number): number {
  return LOOKS_MS.filter((age) => now - since >= age).length;
}

/** @returns the work that is left; null if nothing is. */
async function finish(options: BookingServiceOptions, work: PendingWork): Promise<PendingWork | null> {
  const signal = deadlineSignal(DEADLINE_MS);
  const [booking] = await options.store.of(work.userId, signal).get([work.bookingId]);
  // Of a hold that was never made, or of work before the present one.
  if (booking === undefined || booking.workId !== work.workId) return null;
  if (isFinal(booking.state) && booking.state !== 'freed') return null;
  const due = looksDue(work.since, options.now());
  if (booking.state === 'freed' && due <= work.looks) return leftToWatch(work);

  const opened = await openContext(options, work.userId, signal);
  // Nobody can look before the manager has connected again. What was decided is not forgotten.
  if (!opened.ok) return work;
  if (booking.state === 'freed') {
    await removeLateEvent(opened.context, booking);
    return leftToWatch({ ...work, looks: due });
  }
  const after = await reconcile(opened.context, booking);
  if (after === null || !isFinal(after.state)) return work;
  return after.state === 'freed' ? leftToWatch({ ...work, looks: due }) : null;
}

function leftToWatch(work: PendingWork): PendingWork | null {
  return work.looks < LOOKS_MS.length ? work : null;
}

/** The row no longer holds the time, so the event has to be removed. */
async function removeLateEvent({ calendar, log }: BookingContext, booking: Booking): Promise<void> {
  const [event = null] = await calendar.locate([booking]);
  if (event === null) return;
  log.warn('late_event_removed', { booking: booking.bookingId });
  const invited = booking.invitation === 'sent';
  await calendar.remove({ ...event, bookingId: booking.bookingId }, { invited, comment: '' });
}

/** A manager's calendar that has failed so often in one run is left for the next, so that others get their turn. */
const MAX_FAILURES = 3;

/** Brings all work to rest that nobody can be at any more. What fails is left for the next run. */
export async function sweepPending(
  options: BookingServiceOptions,
  signal: AbortSignal,
): Promise<SweepReport> {
  const { store, now, log } = options;
  let finished = 0;
  let failed = 0;
  const failures = new Map<string, number>();
  for await (const work of store.listPending()) {
    if (signal.aborted) break;
    if (now() - work.since < HOLD_MS) continue;
    const earlier = failures.get(work.userId) ?? 0;
    if (earlier >= MAX_FAILURES) {
      failed += 1;
      continue;
    }
    try {
      const left = await finish(options, work);
      if (left === null) {
        await store.forgetPending(work);
        finished += 1;
      } else if (left.looks !== work.looks) await store.savePending(left);
    } catch (error) {
      failed += 1;
      failures.set(work.userId, earlier + 1);
      log.error('sweep_failed', { booking: work.bookingId }, error);
    }
  }
  return { finished, failed };
}
