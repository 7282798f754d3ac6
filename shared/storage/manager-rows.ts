// The partition of one manager: his settings, his connection and his open invite, side by side so that one read gets all.
import type { Connection, ConnectionStatus, Invite } from '../connections/connection.ts';
import type { Mailbox } from '../managers/schedule.ts';
import type { Manager } from '../managers/manager.ts';
import type { WeeklyHours } from '../scheduling/schedule.ts';
import type { Row } from './tables.ts';
import { jsonOf, managerKey, textOf } from './rows.ts';

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
function timeOf(row: Row, name: string): number | null {
  const text = textOf(row, name);
  return text === null ? null : Date.parse(text);
}

export function settingsRow(manager: Manager): Row {
  return {
    partitionKey: managerKey(manager.userId),
    rowKey: 'settings',
    user_id: manager.userId,
    name: manager.name,
    notify_email: manager.notifyEmail,
    assistant_ids: JSON.stringify(manager.assistantIds),
    phone_numbers: JSON.stringify(manager.phoneNumbers),
    portfolio: manager.portfolio,
    policies: JSON.stringify(manager.policies),
    language: manager.language,
    time_zone: manager.timeZone,
    hours: manager.hours && JSON.stringify(manager.hours),
    rules: JSON.stringify(manager.rules),
  };
}

export function toManager(row: Row): Manager {
  return {
    userId: textOf(row, 'user_id') ?? '',
    name: textOf(row, 'name'),
    notifyEmail: textOf(row, 'notify_email'),
    assistantIds: jsonOf(row, 'assistant_ids') as string[],
    phoneNumbers: jsonOf(row, 'phone_numbers') as string[],
    portfolio: textOf(row, 'portfolio'),
    policies: (jsonOf(row, 'policies') ?? {}) as Manager['policies'],
    language: textOf(row, 'language'),
    timeZone: textOf(row, 'time_zone'),
    hours: jsonOf(row, 'hours') as WeeklyHours | null,
    rules: jsonOf(row, 'rules') as Manager['rules'],
  };
}

export function toMailbox(row: Row): Mailbox {
  return {
    timeZone: textOf(row, 'mailbox_time_zone'),
    hours: jsonOf(row, 'mailbox_hours') as WeeklyHours | null,
  };
}

/** Without the tokens: those stand sealed in `tokens0`, `tokens1`, ... */
export function connectionRow(connection: Connection): Row {
  return {
    partitionKey: managerKey(connection.userId),
    rowKey: 'connection',
    user_id: connection.userId,
    status: connection.status,
    calendar_email: connection.calendarEmail,
    tenant: connection.tenantId,
    object_id: connection.objectId,
    scope: connection.scope,
    mailbox_time_zone: connection.mailbox.timeZone,
    mailbox_hours: connection.mailbox.hours && JSON.stringify(connection.mailbox.hours),
    link_id: connection.linkId,
    created_at: iso(connection.createdAt),
    connected_at: iso(connection.connectedAt),
    updated_at: iso(connection.updatedAt),
    refreshed_at: iso(connection.refreshedAt),
    expires_at: iso(connection.expiresAt),
    reconnect_since: iso(connection.reconnectSince),
    reason: connection.reason,
    reconnect_mailed_at: iso(connection.reconnectMailedAt),
  };
}

export function toConnection(row: Row): Connection {
  return {
    userId: textOf(row, 'user_id') ?? '',
    status: textOf(row, 'status') as ConnectionStatus,
    calendarEmail: textOf(row, 'calendar_email') ?? '',
    tenantId: textOf(row, 'tenant') ?? '',
    objectId: textOf(row, 'object_id') ?? '',
    scope: textOf(row, 'scope') ?? '',
    mailbox: toMailbox(row),
    linkId: textOf(row, 'link_id') ?? '',
    createdAt: timeOf(row, 'created_at') ?? 0,
    connectedAt: timeOf(row, 'connected_at') ?? 0,
    updatedAt: timeOf(row, 'updated_at') ?? 0,
    refreshedAt: timeOf(row, 'refreshed_at'),
    expiresAt: timeOf(row, 'expires_at'),
    reconnectSince: timeOf(row, 'reconnect_since'),
    reason: textOf(row, 'reason'),
    reconnectMailedAt: timeOf(row, 'reconnect_mailed_at'),
  };
}

export function inviteRow(invite: Invite): Row {
  return {
    partitionKey: managerKey(invite.userId),
    rowKey: 'invite',
    user_id: invite.userId,
    id: invite.id,
    calendar_email: invite.calendarEmail,
    sent_at: iso(invite.sentAt),
    expires_at: iso(invite.expiresAt),
  };
}

export function toInvite(row: Row): Invite {
  return {
    userId: textOf(row, 'user_id') ?? '',
    id: textOf(row, 'id') ?? '',
    calendarEmail: textOf(row, 'calendar_email'),
    sentAt: timeOf(row, 'sent_at') ?? 0,
    expiresAt: timeOf(row, 'expires_at') ?? 0,
  };
}
