import type { BusyEvent } from '../booking/calendar.ts';
import type { SnapshotHeader } from '../managers/calendar-watch.ts';

/** The pages of stored copies. Methods throw AppError `storage_unavailable` or `deadline_exceeded`. */
export interface SnapshotStore {
  /** Costs one table read, or none if this version is in memory. Null if its pages are no longer there, or cannot be decrypted. */
  load(userId: string, header: SnapshotHeader, signal: AbortSignal): Promise<readonly BusyEvent[] | null>;
  /** Writes the pages; the header makes them count. */
  save(
    userId: string,
    header: SnapshotHeader,
    events: readonly BusyEvent[],
    signal: AbortSignal,
  ): Promise<void>;
  /** Erases the pages of one version that no header names. */
  deleteVersion(userId: string, version: string, signal: AbortSignal): Promise<void>;
  /** Erases all pages of a manager. */
  deleteAll(userId: string, signal: AbortSignal): Promise<void>;
  /** Erases the pages that were read before then. @returns how many */
  deleteOld(before: number, signal: AbortSignal): Promise<number>;
}
