import type { ConnectionStatus } from '../managers/manager-record.ts';
import { isTimeZoneAssumed } from '../managers/schedule.ts';
import { scheduleOf } from './context.ts';
import type { ConnectionContext } from './context.ts';
import { notificationState } from './subscription.ts';
import type { NotificationState } from './subscription.ts';

/** Times are epoch milliseconds. */
export interface Status {
  readonly status: ConnectionStatus | 'not_connected';
  /** Of the access token, which is renewed; null unless connected. */
  readonly expiresAt: number | null;
  readonly calendarEmail: string | null;
  /** IANA name: the manager's, with the defaults. Null for somebody unknown. */
  readonly timeZone: string | null;
  /** The zone is the default: neither the profile nor the connected mailbox tells one. */
  readonly timeZoneAssumed: boolean;
  readonly connectedAt: number | null;
  readonly lastRefreshedAt: number | null;
  readonly reconnectSince: number | null;
  /** In words for the operator. */
  readonly reason: string | null;
  /** Whether Graph tells of changes in the calendar. */
  readonly notifications: NotificationState;
  readonly invite: { readonly sentAt: number; readonly expiresAt: number } | null;
}

const REASONS: Readonly<Record<Status['status'], string | null>> = {
  connected: null,
  not_connected: 'Nobody has connected a calendar yet.',
  reconnect_required: 'Microsoft no longer accepts the consent: the manager must connect again.',
  disconnected: 'The calendar was disconnected on purpose.',
};

/** @throws AppError `storage_unavailable`, `deadline_exceeded` */
export async function readStatus(
  context: ConnectionContext,
  userId: string,
  signal: AbortSignal,
): Promise<Status> {
  const record = await context.managers.load(userId, signal);
  const { profile, invite } = record;
  const connection = record.connection?.value ?? null;
  const status = connection?.status ?? 'not_connected';
  return {
    status,
    expiresAt: status === 'connected' ? (connection?.expiresAt ?? null) : null,
    calendarEmail: connection?.calendarEmail ?? null,
    timeZone: profile || connection ? scheduleOf(context, record).timeZone : null,
    timeZoneAssumed: connection !== null && isTimeZoneAssumed(profile?.value ?? null, connection.mailbox),
    connectedAt: connection?.connectedAt ?? null,
    lastRefreshedAt: connection?.refreshedAt ?? null,
    reconnectSince: connection?.reconnectSince ?? null,
    reason: connection?.reason ?? REASONS[status],
    notifications: notificationState(context, record),
    invite: invite && { sentAt: invite.value.sentAt, expiresAt: invite.value.expiresAt },
  };
}
