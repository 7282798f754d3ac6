import { AppError } from '../../core/errors.ts';
import type { Listing, ListingFormat, ParsedListings, Unreadable, UnreadableListing } from './listing.ts';
import type { RowOutcome } from './row-reader.ts';

/** Twice what a portfolio may hold. */
const MAX_LISTINGS = 10_000;

/** @throws `portfolio_full` */
export function assertCount(count: number): void {
  if (count <= MAX_LISTINGS) return;
  throw new AppError('portfolio_full', `The file lists ${count} properties; a portfolio holds at most 5,000`);
}

/** Puts the rows of one file together: what was read, and what was not. */
export function collect(
  format: ListingFormat,
  outcomes: readonly RowOutcome[],
  warnings: readonly string[] = [],
): ParsedListings {
  assertCount(outcomes.length);
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
