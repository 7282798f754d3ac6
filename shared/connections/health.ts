import { MINUTE_MS } from '../core/duration.ts';
import type { Subscription } from '../managers/calendar-watch.ts';
import type { ConnectionStatus } from '../managers/manager-record.ts';
import { isTimeZoneAssumed } from '../managers/schedule.ts';
import type { ConnectionContext } from './context.ts';

/** Counts of connections, for `/health` and the metrics. */
export interface ConnectionsHealth {
  readonly connections: Readonly<Record<ConnectionStatus, number>>;
  /** Of the connected ones, in epoch milliseconds; null if there are none. */
  readonly oldestRefreshAt: number | null;
  /** Connected managers whose time zone is the default, because their mailbox names none that can be read. */
  readonly assumedTimeZones: number;
  /** Connected managers without change notifications, although these are switched on. */
  readonly notificationsOff: number;
  /** Connected managers with change notifications. */
  readonly notificationsOn: number;
}

const CACHE_MS = MINUTE_MS;

function isSubscribed(subscription: Subscription | null, now: number): boolean {
  return subscription?.state === 'on' && subscription.expiresAt > now;
}

/**
 * Counts the connections. Anybody may ask, as often as they like, so the tables are read once a minute.
 * @returns a function that throws AppError `storage_unavailable`, `deadline_exceeded`
 */
export function createConnectionsHealth(
  context: ConnectionContext,
): (signal: AbortSignal) => Promise<ConnectionsHealth> {
  let cached: { readonly until: number; readonly health: Promise<ConnectionsHealth> } | undefined;

  const count = async (signal: AbortSignal): Promise<ConnectionsHealth> => {
    const connections = { connected: 0, reconnect_required: 0, disconnected: 0 };
    let oldestRefreshAt: number | null = null;
    let assumedTimeZones = 0;
    let notificationsOff = 0;
    let notificationsOn = 0;
    for await (const { profile, connection, subscription } of context.managers.list(signal)) {
      if (!connection) continue;
      const { status, refreshedAt, mailbox } = connection;
      connections[status]++;
      if (status !== 'connected') continue;
      if (refreshedAt !== null) oldestRefreshAt = Math.min(oldestRefreshAt ?? refreshedAt, refreshedAt);
      if (isTimeZoneAssumed(profile, mailbox)) assumedTimeZones++;
      if (!context.wantsNotifications) continue;
      if (isSubscribed(subscription, context.now())) notificationsOn++;
      else notificationsOff++;
    }
    return { connections, oldestRefreshAt, assumedTimeZones, notificationsOff, notificationsOn };
  };

  return (signal) => {
    if (cached && cached.until > context.now()) return cached.health;
    const health = count(signal);
    cached = { until: context.now() + CACHE_MS, health };
    // A failure is not remembered, but everybody who waits for this answer gets it.
    health.catch(() => (cached = undefined));
    return health;
  };
}
