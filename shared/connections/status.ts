import type { ConnectionStatus } from './connection.ts';
import { scheduleOf } from './context.ts';
import type { ConnectionContext } from './context.ts';

export interface Status {
  readonly status: ConnectionStatus | 'not_connected';
  /** Of the access token, which is renewed; null unless connected. */
  readonly expiresAt: number | null;
  readonly calendarEmail: string | null;
  /** IANA: the manager's, with the defaults. Null for someone unknown. */
  readonly timeZone: string | null;
  readonly connectedAt: number | null;
  readonly lastRefreshedAt: number | null;
  readonly reconnectSince: number | null;
  /** In words. */
  readonly reason: string | null;
  readonly invite: { readonly sentAt: number; readonly expiresAt: number } | null;
}

const REASONS: Readonly<Record<Status['status'], string | null>> = {
  connected: null,
  not_connected: 'Nobody has connected a calendar yet.',
  reconnect_required: 'Microsoft no longer accepts the consent: the manager must connect again.',
  disconnected: 'The calendar was disconnected on purpose.',
};

/** @throws `storage_unavailable`, `deadline_exceeded` */
export async function readStatus(
  context: ConnectionContext,
  userId: string,
  signal: AbortSignal,
): Promise<Status> {
  const record = await context.store.open(userId, signal);
  const { manager, connection, invite } = record;
  const known = connection?.value;
  const status = known?.status ?? 'not_connected';
  return {
    status,
    expiresAt: status === 'connected' ? (known?.expiresAt ?? null) : null,
    calendarEmail: known?.calendarEmail ?? null,
    timeZone: manager || connection ? scheduleOf(context, record).timeZone : null,
    connectedAt: known?.connectedAt ?? null,
    lastRefreshedAt: known?.refreshedAt ?? null,
    reconnectSince: known?.reconnectSince ?? null,
    reason: known?.reason ?? REASONS[status],
    invite: invite && { sentAt: invite.value.sentAt, expiresAt: invite.value.expiresAt },
  };
}
