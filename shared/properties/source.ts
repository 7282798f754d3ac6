import type { ListingFormat } from './import/listing.ts';

/** Where a manager's homes come from: a feed that is read regularly, or the name of a file that is imported. */
export interface StoredSource {
  readonly userId: string;
  readonly sourceId: string;
  /** Null: homes come by import alone. */
  readonly url: string | null;
  /** Null: recognized from the file. */
  readonly format: ListingFormat | null;
  readonly everyHours: number;
  /** When it is read next, in epoch milliseconds; null: by import alone. */
  readonly dueAt: number | null;
  /** When it was last read, and everything in it known. */
  readonly readAt: number | null;
  /** The format that was last read; null before the first reading. */
  readonly readAs: ListingFormat | null;
  /** Since when it cannot be read; null while it can. */
  readonly failingSince: number | null;
  /** Why it cannot be read, in words. */
  readonly problem: string | null;
  /** When the manager was mailed about it. */
  readonly mailedAt: number | null;
  /** What the feed's server said of the version that was read last. */
  readonly validators: { readonly etag: string | null; readonly lastModified: string | null };
  /** A run that would lose too many homes: which, and when it was first seen. */
  readonly pendingLoss: { readonly key: string; readonly since: number } | null;
}

/** How often a feed is read if its source does not say, in hours. */
export const DEFAULT_EVERY_HOURS = 24;
export const MAX_EVERY_HOURS = 168;

/** A source that has never been read. */
export function newSource(userId: string, sourceId: string): StoredSource {
  return {
    userId,
    sourceId,
    url: null,
    format: null,
    everyHours: DEFAULT_EVERY_HOURS,
    dueAt: null,
    readAt: null,
    readAs: null,
    failingSince: null,
    problem: null,
    mailedAt: null,
    validators: { etag: null, lastModified: null },
    pendingLoss: null,
  };
}
