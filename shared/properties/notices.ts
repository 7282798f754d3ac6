import { formatTime } from '../core/format-time.ts';
import type { AffectedViewing, PropertyNotice } from './context.ts';

/** The mail that lists future viewings of homes that are no longer for rent. @param timeZone the manager's, an IANA name */
export function rentedNotice(viewings: readonly AffectedViewing[], timeZone: string): PropertyNotice {
  return {
    kind: 'notice',
    subject: 'Viewings are booked for rentals that are no longer listed',
    paragraphs: [
      'According to an import, these homes are rented. Their viewings are still in your calendar, and the visitors do not know. If a viewing should not take place, please call the visitor and delete the appointment.',
    ],
    items: viewings.map(({ address, start, attendeeName }) => {
      const visitor = attendeeName === null ? '' : `, ${attendeeName}`;
      return `${formatTime(start, timeZone)}: ${address}${visitor}`;
    }),
  };
}

/** The mail about a feed that has not been read for more than two days. @param timeZone the manager's, an IANA name */
export function failingFeedNotice(
  feed: { readonly sourceId: string; readonly problem: string; readonly since: number },
  timeZone: string,
): PropertyNotice {
  return {
    kind: 'notice',
    subject: 'Your listing feed cannot be read',
    paragraphs: [
      'Your rentals come from a listing feed, which could not be read for more than two days. Until it can be read again, callers hear what the feed said last.',
    ],
    items: [
      `Feed: ${feed.sourceId}`,
      `Failing since: ${formatTime(feed.since, timeZone)}`,
      `Why: ${feed.problem}`,
    ],
  };
}
