// The rows of a manager's partition that are about changes in the calendar. Their keys sort before the others'.
import type { CalendarChange, SnapshotHeader, Subscription } from '../managers/calendar-watch.ts';
import { managerKey, numberOf, ROW_VERSION, textOf } from './rows.ts';
import type { Row } from './tables.ts';

export const WATCH_KEYS = {
  subscription: 'calendar-subscription',
  change: 'calendar-change',
  snapshot: 'calendar-snapshot',
} as const;

/** Large enough to be stored as a 64-bit number like the others: only so can they be compared. */
const LONG_PAST = 1_000_000_000_000;

function keysOf(userId: string, part: keyof typeof WATCH_KEYS) {
  return {
    partitionKey: managerKey(userId),
    rowKey: WATCH_KEYS[part],
    version: ROW_VERSION,
    user_id: userId,
  };
}

/** Graph's subscription, or why there is none, as its row. */
export function subscriptionRow(userId: string, subscription: Subscription): Row {
  const keys = keysOf(userId, 'subscription');
  if (subscription.state === 'off')
    return { ...keys, state: 'off', reason: subscription.reason, since: subscription.since };
  return {
    ...keys,
    state: 'on',
    id: subscription.id,
    tenant: subscription.tenantId,
    object_id: subscription.objectId,
    expires_at: subscription.expiresAt,
    key_id: subscription.keyId,
  };
}

/** The subscription in a row that `subscriptionRow` made. */
export function toSubscription(row: Row): Subscription {
  if (row['state'] !== 'on')
    return { state: 'off', reason: textOf(row, 'reason') ?? '', since: numberOf(row, 'since') ?? 0 };
  return {
    state: 'on',
    id: textOf(row, 'id') ?? '',
    tenantId: textOf(row, 'tenant') ?? '',
    objectId: textOf(row, 'object_id') ?? '',
    expiresAt: numberOf(row, 'expires_at') ?? 0,
    keyId: textOf(row, 'key_id') ?? '',
  };
}

/** The last change that Graph notified us of, as its row. */
export function changeRow(userId: string, change: CalendarChange): Row {
  return {
    ...keysOf(userId, 'change'),
    change_id: change.changeId,
    changed_at: change.changedAt,
    pending: change.isPending,
    asked_at: Math.max(change.askedAt, LONG_PAST),
    removed_id: change.removedId,
    needs_renewal: change.needsRenewal,
  };
}

/** The change in a row that `changeRow` made. */
export function toChange(row: Row): CalendarChange {
  return {
    changeId: textOf(row, 'change_id') ?? '',
    changedAt: numberOf(row, 'changed_at') ?? 0,
    isPending: row['pending'] === true,
    askedAt: numberOf(row, 'asked_at') ?? 0,
    removedId: textOf(row, 'removed_id'),
    needsRenewal: row['needs_renewal'] === true,
  };
}

/** What the stored copy was made of, as its row. The copy itself is in the table `snapshots`. */
export function snapshotRow(userId: string, snapshot: SnapshotHeader): Row {
  return {
    ...keysOf(userId, 'snapshot'),
    snapshot_version: snapshot.version,
    read_at: snapshot.readAt,
    start: snapshot.window.start,
    end: snapshot.window.end,
    time_zone: snapshot.timeZone,
    subscription_id: snapshot.subscriptionId,
    account: snapshot.account,
    change_id: snapshot.changeId,
  };
}

/** The header in a row that `snapshotRow` made. */
export function toSnapshot(row: Row): SnapshotHeader {
  return {
    version: textOf(row, 'snapshot_version') ?? '',
    readAt: numberOf(row, 'read_at') ?? 0,
    window: { start: numberOf(row, 'start') ?? 0, end: numberOf(row, 'end') ?? 0 },
    timeZone: textOf(row, 'time_zone') ?? '',
    subscriptionId: textOf(row, 'subscription_id') ?? '',
    account: textOf(row, 'account') ?? '',
    changeId: textOf(row, 'change_id') ?? '',
  };
}
