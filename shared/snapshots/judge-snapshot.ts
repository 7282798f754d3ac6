// Decides whether a stored copy of a calendar may answer a listing. Pure: `now` is passed in.
import { SETTLING_MS } from '../booking/busy-time.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import { accountOf } from '../managers/calendar-watch.ts';
import type {
  ActiveSubscription,
  CalendarChange,
  SnapshotHeader,
  Subscription,
} from '../managers/calendar-watch.ts';
import type { ConnectedRecord } from '../managers/manager-record.ts';
import type { Interval } from '../scheduling/schedule.ts';

/** The oldest copy that answers while Graph notifies us: notifications are known to have stopped for days. */
export const MAX_AGE_MS = 15 * MINUTE_MS;
/** The oldest copy that answers if Graph does not. */
export const MAX_PROVISIONAL_AGE_MS = DAY_MS;
/** How far two machines' clocks may differ. */
const CLOCK_SKEW_MS = 5 * SECOND_MS;

/** What the request has read about one calendar. */
export type CalendarWatch = Pick<ConnectedRecord, 'connection' | 'subscription' | 'change' | 'snapshot'>;

/** Which notifications of Graph count. */
export interface NotificationRules {
  /** CALENDAR_NOTIFICATIONS. Without it no copy is kept, and none that was kept before answers. */
  readonly isOn: boolean;
  /** Whether a client state under this key is still believed: under a dropped one, notifications count as a stranger's. */
  isListed(keyId: string): boolean;
}

/** What a listing needs of a copy. */
export interface Question {
  readonly window: Interval;
  /** IANA name. */
  readonly timeZone: string;
}

/** Whether a copy may answer a listing, and if not, why. `changed`: Graph notified us of a change after it was read. */
export type Verdict =
  'good' | 'none' | 'not_subscribed' | 'other_account' | 'other_zone' | 'too_small' | 'too_old' | 'changed';

function findSubscription({ subscription }: CalendarWatch): ActiveSubscription | null {
  const stored: Subscription | undefined = subscription?.value;
  return stored?.state === 'on' ? stored : null;
}

/**
 * The subscription, if its notifications count, it is the connected account's, and Graph has neither ended it nor asked to renew
 * it.
 */
export function liveSubscription(
  watch: CalendarWatch,
  now: number,
  rules: NotificationRules,
): ActiveSubscription | null {
  const subscription = findSubscription(watch);
  const change: CalendarChange | undefined = watch.change?.value;
  if (!subscription || !change) return null;
  const isLive =
    rules.isOn &&
    rules.isListed(subscription.keyId) &&
    subscription.expiresAt > now &&
    accountOf(subscription) === accountOf(watch.connection.value) &&
    change.removedId !== subscription.id &&
    !change.needsRenewal;
  return isLive ? subscription : null;
}

/** What must hold for a copy of any age. */
function judgeContent(
  snapshot: SnapshotHeader | undefined,
  watch: CalendarWatch,
  { window, timeZone }: Question,
): Exclude<Verdict, 'not_subscribed' | 'too_old' | 'changed'> {
  if (!snapshot) return 'none';
  if (snapshot.account !== accountOf(watch.connection.value)) return 'other_account';
  if (snapshot.timeZone !== timeZone) return 'other_zone';
  const covers = snapshot.window.start <= window.start && window.end <= snapshot.window.end;
  return covers ? 'good' : 'too_small';
}

/** A time in the future was written by a wrong clock, so it says nothing about the age. */
function isWithin(ageMs: number, maxMs: number): boolean {
  return ageMs >= -CLOCK_SKEW_MS && ageMs <= maxMs;
}

/**
 * Whether the copy may answer as if Graph had been asked. It was read at least 15 seconds after the last change that we were
 * told of, and nothing has been told since: neither clock decides alone.
 */
export function judgeSnapshot(
  watch: CalendarWatch,
  question: Question,
  now: number,
  rules: NotificationRules,
): Verdict {
  const snapshot = watch.snapshot?.value;
  const content = judgeContent(snapshot, watch, question);
  if (content !== 'good' || !snapshot) return content;
  const subscription = liveSubscription(watch, now, rules);
  const change: CalendarChange | undefined = watch.change?.value;
  if (!change || subscription?.id !== snapshot.subscriptionId) return 'not_subscribed';
  if (!isWithin(now - snapshot.readAt, MAX_AGE_MS)) return 'too_old';
  const isSettled = change.changedAt === 0 || snapshot.readAt >= change.changedAt + SETTLING_MS;
  return isSettled && snapshot.changeId === change.changeId ? 'good' : 'changed';
}

/** Whether the copy may answer while Graph does not, with a line that says so. */
export function isGoodWhileGraphFails(
  watch: CalendarWatch,
  question: Question,
  now: number,
  rules: NotificationRules,
): boolean {
  const snapshot = watch.snapshot?.value;
  return (
    rules.isOn &&
    snapshot !== undefined &&
    findSubscription(watch) !== null &&
    judgeContent(snapshot, watch, question) === 'good' &&
    isWithin(now - snapshot.readAt, MAX_PROVISIONAL_AGE_MS)
  );
}
