// The rows of one manager's partition, side by side, so that one read gets all of them.
import { tokenContext } from '../connections/tokens.ts';
import type { Encrypted } from '../core/encryption.ts';
import type { Manager } from '../managers/manager.ts';
import type {
  Connection,
  ConnectionStatus,
  Invite,
  LinkState,
  PropertiesMark,
} from '../managers/manager-record.ts';
import type { MailboxSettings } from '../managers/schedule.ts';
import type { WeeklyHours } from '../scheduling/schedule.ts';
import type { EncryptedColumn } from './reencrypt.ts';
import { joinText, jsonOf, managerKey, numberOf, ROW_VERSION, splitText, textOf } from './rows.ts';
import type { Row } from './tables.ts';

/** The tokens, for the daily run that encrypts them again. */
export const ENCRYPTED_TOKENS: EncryptedColumn = {
  table: 'managers',
  name: 'tokens',
  contextOf: (row) => tokenContext(textOf(row, 'user_id') ?? '', toConnection(row)),
};

/** Which row holds which part of a record. */
export const ROW_KEYS = {
  profile: 'settings',
  connection: 'connection',
  invite: 'invite',
  links: 'links',
  properties: 'properties',
} as const;

/** The properties of a summary: all but the encrypted tokens. */
export const SUMMARY_PROPERTIES = [
  'user_id',
  'deleted',
  'name',
  'notify_email',
  'assistant_ids',
  'phone_numbers',
  'portfolio',
  'policies',
  'language',
  'time_zone',
  'hours',
  'rules',
  'status',
  'state',
  'id',
  'since',
  'key_id',
  'calendar_email',
  'tenant',
  'object_id',
  'scope',
  'mailbox_time_zone',
  'mailbox_hours',
  'address_hashes',
  'link_id',
  'link_ids',
  'created_at',
  'connected_at',
  'updated_at',
  'refreshed_at',
  'expires_at',
  'reconnect_since',
  'reason',
  'reconnect_mailed_at',
];

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function timeOf(row: Row, name: string): number | null {
  const text = textOf(row, name);
  return text === null ? null : Date.parse(text);
}

function keysOf(userId: string, rowKey: string) {
  return { partitionKey: managerKey(userId), rowKey, version: ROW_VERSION };
}

/** A profile as its row. */
export function profileRow(userId: string, manager: Manager): Row {
  return {
    ...keysOf(userId, ROW_KEYS.profile),
    user_id: userId,
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

/** Replaces the profile while the data of a deleted manager is erased. */
export function deletionRow(userId: string): Row {
  return { ...keysOf(userId, ROW_KEYS.profile), user_id: userId, deleted: true };
}

/** Whether a profile's row is the mark of a deletion. */
export function isDeletion(row: Row): boolean {
  return row['deleted'] === true;
}

/** The profile in a row that `profileRow` made. */
export function toProfile(row: Row): Manager {
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

function toMailbox(row: Row): MailboxSettings {
  return {
    timeZone: textOf(row, 'mailbox_time_zone'),
    hours: jsonOf(row, 'mailbox_hours') as WeeklyHours | null,
  };
}

/** A connection as its row. The tokens in it are encrypted already. */
export function connectionRow(userId: string, connection: Connection): Row {
  return {
    ...keysOf(userId, ROW_KEYS.connection),
    user_id: userId,
    status: connection.status,
    calendar_email: connection.calendarEmail,
    tenant: connection.tenantId,
    object_id: connection.objectId,
    scope: connection.scopes.join(' '),
    mailbox_time_zone: connection.mailbox.timeZone,
    mailbox_hours: connection.mailbox.hours && JSON.stringify(connection.mailbox.hours),
    address_hashes: JSON.stringify(connection.addressHashes),
    link_ids: JSON.stringify(connection.linkIds),
    created_at: iso(connection.createdAt),
    connected_at: iso(connection.connectedAt),
    updated_at: iso(connection.updatedAt),
    refreshed_at: iso(connection.refreshedAt),
    expires_at: iso(connection.expiresAt),
    reconnect_since: iso(connection.reconnectSince),
    reason: connection.reason,
    reconnect_mailed_at: iso(connection.reconnectMailedAt),
    ...splitText('tokens', connection.tokens ?? ''),
  };
}

/** The connection in a row that `connectionRow` made, with its tokens still encrypted. */
export function toConnection(row: Row): Connection {
  return {
    status: textOf(row, 'status') as ConnectionStatus,
    calendarEmail: textOf(row, 'calendar_email') ?? '',
    tenantId: textOf(row, 'tenant') ?? '',
    objectId: textOf(row, 'object_id') ?? '',
    scopes: (textOf(row, 'scope') ?? '').split(' ').filter(Boolean),
    mailbox: toMailbox(row),
    addressHashes: (jsonOf(row, 'address_hashes') ?? []) as string[],
    // Rows of an earlier form name the last link alone.
    linkIds: (jsonOf(row, 'link_ids') ?? [textOf(row, 'link_id') ?? '']) as string[],
    createdAt: timeOf(row, 'created_at') ?? 0,
    connectedAt: timeOf(row, 'connected_at') ?? 0,
    updatedAt: timeOf(row, 'updated_at') ?? 0,
    refreshedAt: timeOf(row, 'refreshed_at'),
    expiresAt: timeOf(row, 'expires_at'),
    reconnectSince: timeOf(row, 'reconnect_since'),
    reason: textOf(row, 'reason'),
    reconnectMailedAt: timeOf(row, 'reconnect_mailed_at'),
    tokens: (joinText('tokens', row) || null) as Encrypted | null,
  };
}

/** The invite that was mailed last, as its row. */
export function inviteRow(userId: string, invite: Invite): Row {
  return {
    ...keysOf(userId, ROW_KEYS.invite),
    user_id: userId,
    id: invite.id,
    calendar_email: invite.calendarEmail,
    mailed_to: invite.mailedTo,
    sent_at: iso(invite.sentAt),
    expires_at: iso(invite.expiresAt),
  };
}

/** The invite in a row that `inviteRow` made. */
export function toInvite(row: Row): Invite {
  return {
    id: textOf(row, 'id') ?? '',
    calendarEmail: textOf(row, 'calendar_email'),
    mailedTo: textOf(row, 'mailed_to') ?? '',
    sentAt: timeOf(row, 'sent_at') ?? 0,
    expiresAt: timeOf(row, 'expires_at') ?? 0,
  };
}

/** It outlives the manager, so it names nobody. */
export function linksRow(userId: string, links: LinkState): Row {
  return {
    ...keysOf(userId, ROW_KEYS.links),
    ended_at: links.endedAt,
    without_notifications: JSON.stringify(links.withoutNotifications),
    keep_until: links.keepUntil,
  };
}

/** Since when links are valid, from a row that `linksRow` made. */
export function toLinks(row: Row): LinkState {
  return {
    endedAt: numberOf(row, 'ended_at') ?? 0,
    withoutNotifications: jsonOf(row, 'without_notifications') as string[],
    keepUntil: numberOf(row, 'keep_until') ?? 0,
  };
}

/** The version of the portfolio's homes and its members, as a row of each member. */
export function propertiesRow(userId: string, mark: PropertiesMark): Row {
  return {
    partitionKey: managerKey(userId),
    rowKey: ROW_KEYS.properties,
    version: ROW_VERSION,
    user_id: userId,
    homes_version: mark.version,
    portfolio: mark.portfolio,
    members: JSON.stringify(mark.members),
    changing: mark.isChanging,
  };
}

/** The mark in a row that `propertiesRow` made. */
export function toPropertiesMark(row: Row): PropertiesMark {
  return {
    version: textOf(row, 'homes_version') ?? '',
    portfolio: textOf(row, 'portfolio'),
    members: jsonOf(row, 'members') as string[],
    isChanging: row['changing'] === true,
  };
}
