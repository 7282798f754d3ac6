// What a crash or a lost answer left behind: finished or freed, by what Outlook says.
import type { Log } from '../core/log.ts';
import type { OpenCalendar } from './context.ts';
import { HOLD_MS } from './busy-time.ts';
import { reconcile } from './reconcile.ts';
import type { BookingStore, PendingWork } from './store.ts';

export interface SweepOptions {
  readonly store: BookingStore;
  readonly openCalendar: OpenCalendar;
  readonly now: () => number;
  readonly log: Log;
}

export interface SweepReport {
  readonly finished: number;
  /** Left for the next run. */
  readonly failed: number;
}

/** For one booking, in milliseconds. */
const DEADLINE_MS = 30_000;
const DAY_MS = 24 * 60 * 60_000;

function isAtRest(state: string): boolean {
  return state === 'booked' || state === 'cancelled' || state === 'freed';
}

/** True where nothing is left to do. */
async function finish({ store, openCalendar, now }: SweepOptions, work: PendingWork): Promise<boolean> {
  const { userId, bookingId, since } = work;
  const [booking] = await store.get(userId, [bookingId]);
  if (booking === undefined || isAtRest(booking.state)) return true;
  const opened = await openCalendar(userId, AbortSignal.timeout(DEADLINE_MS));
  // A manager who does not come back: nobody can look, and nobody is booked meanwhile.
  if (!opened.ok) return now() - since > DAY_MS;
  const context = { userId, store, now, schedule: opened.schedule, calendar: opened.calendar };
  const after = await reconcile(context, booking);
  return after !== null && isAtRest(after.state);
}

/** Finishes or frees all work that its maker must have given up. One that fails is left for the next run. */
export async function sweepPending(options: SweepOptions, signal: AbortSignal): Promise<SweepReport> {
  let finished = 0;
  let failed = 0;
  for await (const work of options.store.listPending(options.now() - HOLD_MS)) {
    if (signal.aborted) break;
    try {
      if (!(await finish(options, work))) continue;
      await options.store.forgetPending(work);
      finished += 1;
    } catch (error) {
      failed += 1;
      options.log.error('sweep_failed', { booking: work.bookingId }, error);
    }
  }
  return { finished, failed };
}
