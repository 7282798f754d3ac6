/**
 * The timer's part. A notification only marks a calendar. Here the calendars that have changed are looked at: copies that callers
 * may want are read again, viewings that the manager moved or deleted are followed, and subscriptions that Graph has ended are made
 * again.
 */
import { followCalendar } from '../booking/follow-calendar.ts';
import type { FollowedViewing } from '../booking/follow-calendar.ts';
import { SETTLING_MS } from '../booking/busy-time.ts';
import { openContext } from '../booking/service.ts';
import type { BookingServiceOptions } from '../booking/service.ts';
import type { DayEntry } from '../booking/store.ts';
import { listDaysOf, listingWindow } from '../booking/context.ts';
import type { BookingContext } from '../booking/context.ts';
import type { CalendarChangeStore, DueCalendar } from '../connections/calendar-changes.ts';
import { mapConcurrently } from '../core/concurrency.ts';
import { deadlineSignal } from '../core/deadline.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import { codeOf } from '../core/errors.ts';
import { hasConnection } from '../managers/manager-record.ts';
import type { ConnectedRecord } from '../managers/manager-record.ts';
import { judgeSnapshot, liveSubscription } from './judge-snapshot.ts';
import type { Question } from './judge-snapshot.ts';
import { renewSnapshot } from './renew-snapshot.ts';
import type { RenewOptions } from './renew-snapshot.ts';

/** What the timer that reads changed calendars works with. */
export interface RefreshOptions extends RenewOptions {
  readonly changes: CalendarChangeStore;
  readonly booking: BookingServiceOptions;
  /** Makes or renews a manager's subscription. */
  readonly renewSubscription: (userId: string, signal: AbortSignal) => Promise<void>;
  /**
   * Told of every viewing that the manager moved or deleted in Outlook, at most once: its row has followed already, and what this
   * throws is only logged.
   */
  readonly onFollowed: (userId: string, followed: FollowedViewing, signal: AbortSignal) => Promise<void>;
}

/** What one run did with the calendars that changed. */
export interface RefreshReport {
  /** Copies that were read again. */
  readonly refreshed: number;
  /** Viewings that the manager had moved or deleted. */
  readonly followed: number;
  readonly resubscribed: number;
  /** Left for the next run. */
  readonly unfinished: number;
}

/** The copy of a calendar is renewed if a caller asked about it within this time. */
const ASKED_MS = HOUR_MS;
/** A copy that would be too old before the next run is read again, too. */
const RENEW_AFTER_MS = 9 * MINUTE_MS;
/** How far ahead viewings are compared with Outlook. Later ones are followed when somebody asks for them. */
const FOLLOW_DAYS = 14;
const CONCURRENT_CALENDARS = 4;
const CALENDAR_MS = 30 * SECOND_MS;

type Outcome = { refreshed: number; followed: number; resubscribed: number };
const NOTHING: Outcome = { refreshed: 0, followed: 0, resubscribed: 0 };

/** Whether a caller who asks now would have to wait for Graph, or would before the next run. */
function isStale(
  { notifications, now }: RefreshOptions,
  record: ConnectedRecord,
  question: Question,
): boolean {
  if (judgeSnapshot(record, question, now(), notifications) !== 'good') return true;
  return now() - (record.snapshot?.value.readAt ?? 0) > RENEW_AFTER_MS;
}

/** Graph's reads may lag behind its notifications, so a change this recent is left to the next run. */
function isSettling({ change }: DueCalendar, now: number): boolean {
  const ageMs = now - change.changedAt;
  return ageMs >= 0 && ageMs < SETTLING_MS;
}

async function readCalendar(
  options: RefreshOptions,
  context: BookingContext,
  record: ConnectedRecord,
  { isPending, isWanted }: { isPending: boolean; isWanted: boolean },
): Promise<Outcome & { isComplete: boolean }> {
  const { schedule, calendar, signal } = context;
  const viewings = isPending ? await listUpcoming(context) : [];
  const window = listingWindow(context);
  const { timeZone } = schedule;
  const mustRefresh = isWanted && isStale(options, record, { window, timeZone });
  // No caller asks about it, and it has no viewings that could have been moved.
  if (viewings.length === 0 && !mustRefresh) return { ...NOTHING, isComplete: true };
  const events = await renewSnapshot(options, record, calendar, { window, timeZone }, signal);
  const { followed, isComplete } = await followCalendar(context, viewings, events);
  for (const one of followed) {
    try {
      await options.onFollowed(record.userId, one, signal);
    } catch (error) {
      options.log.error('change_listener_failed', { booking: one.after.bookingId }, error);
    }
  }
  return { refreshed: 1, followed: followed.length, resubscribed: 0, isComplete };
}

/** The viewings and holds of the next days. */
async function listUpcoming(context: BookingContext): Promise<readonly DayEntry[]> {
  const start = context.now();
  const { entries } = await listDaysOf(context, { start, end: start + FOLLOW_DAYS * DAY_MS });
  return entries.filter(({ interval }) => interval.start > start);
}

async function refreshCalendar(
  options: RefreshOptions,
  due: DueCalendar,
  runSignal: AbortSignal,
): Promise<Outcome> {
  const { managers, changes, booking, notifications, now } = options;
  const { userId, change } = due;
  const signal = deadlineSignal(CALENDAR_MS, runSignal);
  if (!notifications.isOn) {
    // Ends the subscription, and erases the copy with it.
    await options.renewSubscription(userId, signal);
    await changes.settle(due, signal);
    return NOTHING;
  }
  let record = await managers.load(userId, signal);
  let resubscribed = 0;
  const isRefused = record.subscription?.value.state === 'off';
  const mustSubscribe =
    hasConnection(record) && !isRefused && !liveSubscription(record, now(), notifications);
  if (mustSubscribe) {
    try {
      await options.renewSubscription(userId, signal);
      resubscribed = 1;
    } catch (error) {
      // Without one, the calendar can be read all the same. The next run tries again.
      options.log.warn('subscription_not_renewed', { code: codeOf(error) });
    }
    record = await managers.load(userId, signal);
  }
  const opened = await openContext(booking, userId, signal);
  if (!opened.ok || !hasConnection(record)) {
    await changes.settle(due, signal);
    return NOTHING;
  }
  const isWanted = change.askedAt > now() - ASKED_MS;
  const { isComplete, ...outcome } = await readCalendar(options, opened.context, record, {
    isPending: change.isPending,
    isWanted,
  });
  // A new subscription has replaced the row, so the next run handles its change. So it does if none could be made.
  if (change.isPending && !mustSubscribe && isComplete) await changes.settle(due, signal);
  return { ...outcome, resubscribed };
}

/** One run. A calendar that fails is left for the next one. @throws AppError `storage_unavailable` */
export async function refreshCalendars(options: RefreshOptions, signal: AbortSignal): Promise<RefreshReport> {
  const total = { ...NOTHING, unfinished: 0 };
  for await (const page of options.changes.listDue(options.now() - ASKED_MS, signal)) {
    const settled = page.filter((due) => !isSettling(due, options.now()));
    const outcomes = await mapConcurrently(settled, CONCURRENT_CALENDARS, async (due) => {
      if (signal.aborted) return null;
      try {
        return await refreshCalendar(options, due, signal);
      } catch (error) {
        options.log.error('calendar_not_refreshed', {}, error);
        return null;
      }
    });
    for (const outcome of outcomes) {
      if (!outcome) total.unfinished += 1;
      total.refreshed += outcome?.refreshed ?? 0;
      total.followed += outcome?.followed ?? 0;
      total.resubscribed += outcome?.resubscribed ?? 0;
    }
  }
  return total;
}
