import type { Log } from '../core/log.ts';
import type { Managers } from '../managers/managers.ts';
import type { ChangeContext } from './change.ts';
import type { FeedReader } from './feeds/feed.ts';

/** A viewing of a home that turned `rented`: it stays, and its manager hears of it. */
export interface AffectedViewing {
  readonly bookingId: string;
  readonly propertyId: string;
  readonly address: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly attendeeName: string | null;
}

/** The viewings that are booked: booking implements it. */
export interface FutureViewings {
  /** In order of time. @param from epoch milliseconds */
  ofProperties(
    userId: string,
    propertyIds: readonly string[],
    from: number,
    signal: AbortSignal,
  ): Promise<readonly AffectedViewing[]>;
}

/** What managers are mailed about their homes: notifications implements it. Both throw what mail throws. */
export interface PropertyMails {
  rentedWithViewings(
    userId: string,
    viewings: readonly AffectedViewing[],
    signal: AbortSignal,
  ): Promise<void>;
  feedFailing(
    userId: string,
    feed: { readonly sourceId: string; readonly problem: string; readonly since: number },
    signal: AbortSignal,
  ): Promise<void>;
}

/** What the use cases on homes work with. */
export interface PropertiesContext extends ChangeContext {
  readonly managers: Pick<Managers, 'read'>;
  readonly viewings: FutureViewings;
  /** Null: mail is not configured. */
  readonly mails: PropertyMails | null;
  readonly feeds: FeedReader;
  /** IANA name, for the day of an import where the manager has no zone. */
  readonly defaultTimeZone: string;
  readonly log: Log;
}
