import type { Listing, ListingFormat, ParsedListings, Unreadable, UnreadableListing } from './listing.ts';
import type { RowOutcome } from './row-reader.ts';

/** Puts the rows of one file together: what was read, and what was not. */
export function collect(
  format: ListingFormat,
  outcomes: readonly RowOutcome[],
  warnings: readonly string[] = [],
): ParsedListings {
  const listings: Listing[] = [];
  const unreadable: Unreadable[] = [];
  const unreadableListings: UnreadableListing[] = [];
  for (const outcome of outcomes) {
    if (outcome.ok) listings.push(outcome.listing);
    else {
      unreadable.push(...outcome.unreadable);
      unreadableListings.push(outcome.listing);
    }
  }
  return { format, listings, unreadable, unreadableListings, warnings };
}
