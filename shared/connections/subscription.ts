// Graph's subscription to a manager's calendar: made by a consent, renewed by the daily run, ended with the connection. Whatever
// becomes of it, the app works: without one, every listing asks Graph.
import { randomUUID } from 'node:crypto';
import { SECOND_MS } from '../core/duration.ts';
import { deadlineSignal } from '../core/deadline.ts';
import { codeOf } from '../core/errors.ts';
import { NOTIFICATIONS_PATH } from '../core/paths.ts';
import { AGAIN, done, retryConcurrent } from '../core/retry.ts';
import { accountOf } from '../managers/calendar-watch.ts';
import type { ActiveSubscription, CalendarChange, Subscription } from '../managers/calendar-watch.ts';
import { hasConnection, NO_CALENDAR_WATCH } from '../managers/manager-record.ts';
import type { ConnectedRecord, ManagerRecord } from '../managers/manager-record.ts';
import type { RecordChanges } from '../managers/repository.ts';
import { createTokenSource } from './access.ts';
import type { ConnectionContext } from './context.ts';
import type { TokenSource } from './microsoft.ts';
import { allowsNotifications } from './scopes.ts';

/** Nobody waits longer for the end of a subscription: it ends by itself within three days. */
const REMOVE_MS = 4 * SECOND_MS;

const NOT_GRANTED =
  'Calendars.Read was not granted. The manager has to connect again, or an administrator has to approve it.';

/** @param changedAt epoch milliseconds; 0 if there is nothing that the timer has to look at */
function newChange(changedAt: number, askedAt: number): CalendarChange {
  return {
    changeId: randomUUID(),
    changedAt,
    isPending: changedAt !== 0,
    askedAt,
    removedId: null,
    needsRenewal: false,
  };
}

/**
 * Graph may notify us before its answer to the request for a subscription has been stored, and a mark needs its row.
 * @returns null if the manager has disconnected since
 */
function prepareMark(
  context: ConnectionContext,
  record: ConnectedRecord,
  signal: AbortSignal,
): Promise<ManagerRecord | null> {
  if (record.change) return Promise.resolve(record);
  return saveWatch(context, record, ({ change }) => ({ change: change?.value ?? newChange(0, 0) }), signal);
}

/**
 * Writes what became of a subscription.
 * @returns null if the manager has disconnected or consented again since
 */
function saveWatch(
  context: ConnectionContext,
  read: ConnectedRecord,
  changesOf: (latest: ConnectedRecord) => RecordChanges,
  signal: AbortSignal,
): Promise<ManagerRecord | null> {
  const { connectedAt } = read.connection.value;
  let latest: ManagerRecord | null = read;
  return retryConcurrent(
    async () => {
      const record: ManagerRecord = latest ?? (await context.managers.load(read.userId, signal));
      latest = null;
      if (!hasConnection(record)) return done(null);
      const { status, connectedAt: storedAt } = record.connection.value;
      if (status !== 'connected' || storedAt !== connectedAt) return done(null);
      // The connection is written as it was, under its etag: of what is new here, nothing may come after a disconnect or a DELETE.
      const changes = { ...changesOf(record), connection: record.connection.value };
      const saved = await context.managers.save(record, changes, signal);
      return saved ? done(saved) : AGAIN;
    },
    { signal },
  );
}

async function saveOff(
  context: ConnectionContext,
  record: ConnectedRecord,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const stored = record.subscription?.value;
  const isKnown = stored?.state === 'off' && stored.reason === reason;
  if (isKnown && !record.change) return;
  const subscription: Subscription = isKnown ? stored : { state: 'off', reason, since: context.now() };
  await saveWatch(
    context,
    record,
    (latest) => ({
      subscription,
      ...(latest.change && { change: null }),
      ...(latest.snapshot && { snapshot: null }),
    }),
    signal,
  );
  await forgetCopy(context, record, signal);
  if (!isKnown) context.log.warn('notifications_off', { reason });
}

/** The subscription as it is stored, if it is this account's and Graph has not ended it. */
function usable(context: ConnectionContext, record: ConnectedRecord): ActiveSubscription | null {
  const subscription = record.subscription?.value;
  if (subscription?.state !== 'on' || !record.change) return null;
  if (accountOf(subscription) !== accountOf(record.connection.value)) return null;
  if (record.change.value.removedId === subscription.id) return null;
  // A client state under a key that is to be removed would soon be a stranger's.
  return context.clientStates.isCurrent(subscription.keyId) ? subscription : null;
}

/** Erases our copy of the calendar, whose header is erased already. What is left is deleted within a day. */
export async function forgetCopy(
  context: ConnectionContext,
  { userId, snapshot }: ManagerRecord,
  signal: AbortSignal,
): Promise<void> {
  if (!snapshot) return;
  try {
    await context.forgetCalendar(userId, signal);
  } catch (error) {
    context.log.warn('snapshot_not_deleted', { code: codeOf(error) });
  }
}

async function removeQuietly(
  context: ConnectionContext,
  source: TokenSource,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await context.subscriptions.remove(source, id, deadlineSignal(REMOVE_MS, signal));
  } catch (error) {
    context.log.warn('subscription_not_removed', { code: codeOf(error) });
  }
}

async function create(
  context: ConnectionContext,
  record: ConnectedRecord,
  source: TokenSource,
  signal: AbortSignal,
): Promise<void> {
  const { tenantId, objectId } = record.connection.value;
  const prepared = await prepareMark(context, record, signal);
  if (!prepared || !hasConnection(prepared)) return;
  const { clientState, keyId } = context.clientStates.make(context.changes.keyOf(record.userId));
  const notificationUrl = `${context.publicOrigin}${NOTIFICATIONS_PATH}`;
  const made = await context.subscriptions.create(source, { clientState, notificationUrl }, signal);
  if (made.kind === 'refused') {
    await saveOff(context, prepared, made.reason, signal);
    return;
  }
  const { id, expiresAt } = made;
  const subscription = { state: 'on' as const, id, tenantId, objectId, expiresAt, keyId };
  const saved = await saveWatch(
    context,
    prepared,
    ({ change }) => ({
      subscription,
      // Between two subscriptions, Graph sends no notifications. Before the first one there is nothing to miss.
      change: (!record.change && change?.value) || newChange(context.now(), change?.value.askedAt ?? 0),
    }),
    signal,
  );
  if (!saved) await removeQuietly(context, source, id, signal);
}

/**
 * Makes the account's subscription, or renews it. What Microsoft refuses is stored for the status.
 * @throws AppError `microsoft_unreachable`, `microsoft_throttled`, `microsoft_rejected`, `reconnect_required`,
 *   `storage_unavailable`, `deadline_exceeded`, `concurrent_update`: then the daily run tries again
 */
export async function ensureSubscription(
  context: ConnectionContext,
  record: ConnectedRecord,
  source: TokenSource,
  signal: AbortSignal,
): Promise<void> {
  const stored = record.subscription?.value;
  if (!context.wantsNotifications) {
    if (stored?.state === 'on') await removeQuietly(context, source, stored.id, signal);
    if (stored || record.change || record.snapshot)
      await saveWatch(context, record, () => NO_CALENDAR_WATCH, signal);
    await forgetCopy(context, record, signal);
    return;
  }
  if (!allowsNotifications(record.connection.value.scopes)) {
    await saveOff(context, record, NOT_GRANTED, signal);
    return;
  }
  const current = usable(context, record);
  if (current) {
    const renewed = await context.subscriptions.renew(source, current.id, signal);
    if (renewed.kind === 'renewed') {
      await saveWatch(
        context,
        record,
        (latest) => ({
          subscription: { ...current, expiresAt: renewed.expiresAt },
          ...(latest.change?.value.needsRenewal && {
            change: { ...latest.change.value, needsRenewal: false },
          }),
        }),
        signal,
      );
      return;
    }
    // A 400 does not prove that Graph has none, and two subscriptions would notify of each change twice.
    await removeQuietly(context, source, current.id, signal);
  } else if (stored?.state === 'on' && accountOf(stored) === accountOf(record.connection.value)) {
    await removeQuietly(context, source, stored.id, signal);
  }
  await create(context, record, source, signal);
}

/** The same for the timer, which meets a lifecycle message of Graph. Throws the same. */
export async function renewSubscription(
  context: ConnectionContext,
  userId: string,
  signal: AbortSignal,
): Promise<void> {
  const record = await context.managers.load(userId, signal);
  if (!hasConnection(record) || record.connection.value.status !== 'connected') return;
  await ensureSubscription(context, record, createTokenSource(context, record, signal), signal);
}

/**
 * Ends the subscription that a record had, once the record itself is erased. Never throws: what cannot be ended now ends by
 * itself, and its notifications reach nobody.
 * @param record as it was before
 */
export async function endSubscription(
  context: ConnectionContext,
  record: ManagerRecord,
  signal: AbortSignal,
): Promise<void> {
  const subscription = record.subscription?.value;
  if (subscription?.state !== 'on' || !hasConnection(record) || record.connection.value.tokens === null)
    return;
  await removeQuietly(context, createTokenSource(context, record, signal), subscription.id, signal);
}

/** As the status shows it. */
export type NotificationState =
  | { readonly state: 'on'; readonly expiresAt: number }
  /** In words for the operator. */
  | { readonly state: 'off'; readonly reason: string };

/** Whether Graph notifies us of changes in this calendar. */
export function notificationState(
  {
    wantsNotifications,
    clientStates,
    now,
  }: Pick<ConnectionContext, 'wantsNotifications' | 'clientStates' | 'now'>,
  { connection, subscription, change }: Pick<ManagerRecord, 'connection' | 'subscription' | 'change'>,
): NotificationState {
  if (!wantsNotifications) return { state: 'off', reason: 'CALENDAR_NOTIFICATIONS is false.' };
  if (connection?.value.status !== 'connected') return { state: 'off', reason: 'No calendar is connected.' };
  const stored = subscription?.value;
  if (!stored) return { state: 'off', reason: 'There is no subscription yet: the daily run makes one.' };
  if (stored.state === 'off') return { state: 'off', reason: stored.reason };
  if (!clientStates.isListed(stored.keyId))
    return {
      state: 'off',
      reason: 'The key of the subscription is no longer listed: a timer makes a new one.',
    };
  if (change?.value.removedId === stored.id)
    return { state: 'off', reason: 'Microsoft has ended the subscription: a timer makes a new one.' };
  if (stored.expiresAt <= now())
    return { state: 'off', reason: 'The subscription has expired: the daily run makes a new one.' };
  return { state: 'on', expiresAt: stored.expiresAt };
}
