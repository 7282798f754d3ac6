import type { CallerMessage, ListedMessage, StoredMessage } from './message.ts';

/** The messages of one call that the next digest has to report. */
export interface PendingDigest {
  readonly userId: string;
  /** The key of the call: its hash. */
  readonly callKey: string;
  /** Epoch milliseconds. */
  readonly dueAt: number;
  readonly etag: string;
}

/** How repeats of a message are recognized. */
export interface SaveOptions {
  /** Different for each call. */
  readonly callKey: string;
  /** For so long the same id is a repeat, in milliseconds; null: forever. */
  readonly repeatWithinMs: number | null;
}

/** A message as it is stored now. */
export interface SavedMessage {
  readonly message: StoredMessage;
  /** Which one of its call it is, from 1. */
  readonly number: number;
}

/** Where messages are stored. Every method throws AppError `storage_unavailable` or `deadline_exceeded`. */
export interface MessageStore {
  /**
   * Saves a message, unless it repeats another.
   * @returns the one that is stored now, and which one of its call it is, from 1
   * @throws besides, AppError `concurrent_update`
   */
  save(
    userId: string,
    message: CallerMessage,
    options: SaveOptions,
    signal: AbortSignal,
  ): Promise<SavedMessage>;
  markMailed(userId: string, messages: readonly CallerMessage[], signal: AbortSignal): Promise<void>;
  /** Newest first. One that cannot be decrypted spoils no other. */
  list(userId: string, limit: number, signal: AbortSignal): Promise<readonly ListedMessage[]>;
  /** The messages of one call that were not mailed, oldest first. */
  listUnmailed(userId: string, callKey: string, signal: AbortSignal): Promise<readonly ListedMessage[]>;
  /** Schedules a digest of a call, or postpones it. @param dueAt epoch milliseconds */
  scheduleDigest(userId: string, callKey: string, dueAt: number, signal: AbortSignal): Promise<void>;
  /** The digests that are due by now. @param now epoch milliseconds */
  listDueDigests(now: number, signal: AbortSignal): Promise<readonly PendingDigest[]>;
  /** False: another message has postponed it, so it is not finished. */
  finishDigest(digest: PendingDigest, signal: AbortSignal): Promise<boolean>;
  /** What `save` has stored, and nothing else of the manager. @param saved what it returned */
  deleteOne(userId: string, saved: SavedMessage, callKey: string, signal: AbortSignal): Promise<void>;
  /** Everything stored for a manager. */
  deleteAll(userId: string, signal: AbortSignal): Promise<void>;
  /** Everything that was received before then. @param before epoch milliseconds. @returns how many rows */
  deleteOlder(before: number, signal: AbortSignal): Promise<number>;
}
