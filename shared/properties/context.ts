import type { Log } from '../core/log.ts';
import type { HomesContext } from './change.ts';
import type { FeedReader } from './feeds/feed.ts';

/** A viewing of a home that turned `rented`: it stays, and its manager gets a mail. */
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

/** What a manager is mailed about their homes. Subjects are fixed words; paragraphs and items may hold what a feed said. */
export interface PropertyNotice {
  readonly kind: 'notice';
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly items: readonly string[];
}

/** What the use cases on homes work with. */
export interface PropertiesContext extends HomesContext {
  readonly viewings: FutureViewings;
  /** @throws `mail_not_configured`, `mail_failed` */
  readonly mail: (userId: string, notice: PropertyNotice, signal: AbortSignal) => Promise<void>;
  readonly feeds: FeedReader;
  /** IANA name, for the day of an import if the manager has no zone. */
  readonly defaultTimeZone: string;
  readonly log: Log;
}
