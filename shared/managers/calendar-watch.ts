// What is known of changes in one calendar: Graph's subscription, the last notified change, and the stored copy of busy time.
import type { Interval } from '../scheduling/schedule.ts';

/** Graph notifies us of changes. Times are epoch milliseconds. */
export interface ActiveSubscription {
  readonly state: 'on';
  /** Graph's. */
  readonly id: string;
  /** The account that it is for. */
  readonly tenantId: string;
  readonly objectId: string;
  readonly expiresAt: number;
  /** The key that its `clientState` is signed with. */
  readonly keyId: string;
}

/** Graph does not notify us of changes, and another attempt today would not help. */
export interface NoSubscription {
  readonly state: 'off';
  /** In words for the operator. */
  readonly reason: string;
  readonly since: number;
}

/** Whether Graph notifies us. */
export type Subscription = ActiveSubscription | NoSubscription;

/** The last change that Graph notified us of. Each notification writes it by one merge, without regard to other writes. */
export interface CalendarChange {
  /** Another one with every notification. */
  readonly changeId: string;
  /** When the notification came, in epoch milliseconds; 0 if never. */
  readonly changedAt: number;
  /** The timer has not looked at it. */
  readonly isPending: boolean;
  /** When a caller last asked for times, in epoch milliseconds and to some 5 minutes; 0 if never. */
  readonly askedAt: number;
  /** The subscription that Graph has ended, by its own word; null if none. */
  readonly removedId: string | null;
  /** Graph wants the subscription to be renewed before it goes on. */
  readonly needsRenewal: boolean;
}

/** What a stored copy of a calendar's busy time was made of. The copy itself is in pages of its own. */
export interface SnapshotHeader {
  /** Names the pages. */
  readonly version: string;
  /** When Graph was asked, in epoch milliseconds. */
  readonly readAt: number;
  readonly window: Interval;
  /** IANA name: all-day events depend on it. */
  readonly timeZone: string;
  readonly subscriptionId: string;
  /** See `accountOf`. */
  readonly account: string;
  /** The last change that was known when Graph was asked. */
  readonly changeId: string;
}

/** One name for a Microsoft account. */
export function accountOf({ tenantId, objectId }: { tenantId: string; objectId: string }): string {
  return `${tenantId} ${objectId}`;
}
