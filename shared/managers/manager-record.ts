// Everything the app knows of one manager, read and written as one: profile, Microsoft account, open invite, links.
import { DAY_MS } from '../core/duration.ts';
import type { Encrypted } from '../core/encryption.ts';
import type { CalendarChange, SnapshotHeader, Subscription } from './calendar-watch.ts';
import type { Manager } from './manager.ts';
import type { MailboxSettings } from './schedule.ts';

/** A stored value with its version. */
export interface Versioned<T> {
  readonly value: T;
  readonly etag: string;
}

/** `reconnect_required`: Microsoft no longer accepts the tokens. `disconnected`: the manager or an operator ended it. */
export type ConnectionStatus = 'connected' | 'reconnect_required' | 'disconnected';

/** A manager's consented Microsoft account. Times are epoch milliseconds. */
export interface Connection {
  readonly status: ConnectionStatus;
  readonly calendarEmail: string;
  /** Of all addresses that are surely this account's, in lower case: SHA-256, because only comparing needs them. */
  readonly addressHashes: readonly string[];
  /** `tid` and `oid`: together they name the account for good. Its addresses may change. */
  readonly tenantId: string;
  readonly objectId: string;
  /** What Microsoft granted, such as `Calendars.ReadWrite`. A refresh may ask for nothing else. */
  readonly scopes: readonly string[];
  readonly mailbox: MailboxSettings;
  readonly createdAt: number;
  /** The last consent. */
  readonly connectedAt: number;
  /** The connect links that this account has consented by, the last one first. */
  readonly linkIds: readonly string[];
  readonly updatedAt: number;
  /** When the newest tokens came; null once they are erased. */
  readonly refreshedAt: number | null;
  /** Of the access token; null once it is erased. */
  readonly expiresAt: number | null;
  readonly reconnectSince: number | null;
  /** Why the manager has to connect again, in words for the operator. */
  readonly reason: string | null;
  /** When the manager was last asked to connect again. */
  readonly reconnectMailedAt: number | null;
  /** Null once they are erased. */
  readonly tokens: Encrypted | null;
}

/** The invite that was mailed last. A consent or a disconnect deletes it, so it is always newer than the connection. */
export interface Invite {
  /** Part of the link: a link with another id has been replaced. */
  readonly id: string;
  /** The only account that may connect; null if any may. */
  readonly calendarEmail: string | null;
  /** Where it was mailed to. */
  readonly mailedTo: string;
  readonly sentAt: number;
  readonly expiresAt: number;
}

/** What is remembered of links that have no row of their own. It outlives the manager and holds no personal data. */
export interface LinkState {
  /** Links that were issued up to this time are invalid; 0 if none is. */
  readonly endedAt: number;
  /** The ids of links whose sign-in was refused with `Calendars.Read`: they go on without it. */
  readonly withoutNotifications: readonly string[];
  /** When every link that this is about has expired. */
  readonly keepUntil: number;
}

/** Longer than any connect link lives. */
const LINK_STATE_MS = 8 * DAY_MS;
const NO_LINKS_ENDED = { endedAt: 0, withoutNotifications: [] };

/**
 * Ends all links that were issued up to now. Each end is later than the one before it, also by a clock that is behind: what
 * has ended stays ended, and so does a link that was made since.
 * @param now epoch milliseconds
 */
export function endLinks({ links }: Pick<ManagerRecord, 'links'>, now: number): LinkState {
  const endedAt = Math.max(now, (links?.value.endedAt ?? 0) + 1);
  return { endedAt, withoutNotifications: [], keepUntil: now + LINK_STATE_MS };
}

/** Ends no link. Writing it makes other writers of the record's links notice. @param now epoch milliseconds */
export function touchLinks({ links }: Pick<ManagerRecord, 'links'>, now: number): LinkState {
  return { ...(links?.value ?? NO_LINKS_ENDED), keepUntil: now + LINK_STATE_MS };
}

/**
 * What a manager's record says of the homes that callers may ask them for. It is written for each member of a portfolio, so
 * that reading the manager shows whether an index in memory is up to date.
 */
export interface PropertiesMark {
  /** Changes with the homes of any member. */
  readonly version: string;
  /** The portfolio that the manager's homes are shared in; null for none. */
  readonly portfolio: string | null;
  /** The user ids of the portfolio, this manager's among them. */
  readonly members: readonly string[];
  /** A change is under way, or was cut short: an index that is read now must not be remembered. */
  readonly isChanging: boolean;
}

/** All that is known of one manager, read at once. A part is null if there is none. */
export interface ManagerRecord {
  readonly userId: string;
  readonly profile: Versioned<Manager> | null;
  readonly connection: Versioned<Connection> | null;
  readonly invite: Versioned<Invite> | null;
  readonly links: Versioned<LinkState> | null;
  /** Only `properties` writes it, apart from the rest of the record. */
  readonly properties: PropertiesMark | null;
  readonly subscription: Versioned<Subscription> | null;
  /** Exists as long as a subscription does. */
  readonly change: Versioned<CalendarChange> | null;
  readonly snapshot: Versioned<SnapshotHeader> | null;
  /** The profile was deleted, and what belongs to it is being erased. */
  readonly deletion: { readonly etag: string } | null;
}

/** A record whose manager has, or had, a Microsoft account. */
export type ConnectedRecord = ManagerRecord & { readonly connection: Versioned<Connection> };

/** Whether the record has a connection, of any status. */
export function hasConnection(record: ManagerRecord): record is ConnectedRecord {
  return record.connection !== null;
}

/** What belongs to a connected calendar, and ends with it. */
export const NO_CALENDAR_WATCH = { subscription: null, change: null, snapshot: null } as const;

/** The invite, if its link still works. @param now epoch milliseconds */
export function openInvite({ invite }: ManagerRecord, now: number): Invite | null {
  return invite && invite.value.expiresAt > now ? invite.value : null;
}
