// Reads the feeds that are due, a slice at a time: what a slice leaves is still due in the next one.
import { deadlineSignal } from '../../core/deadline.ts';
import { isAppError } from '../../core/errors.ts';
import type { PropertiesContext } from '../context.ts';
import type { StoredSource } from '../source.ts';
import type { VersionedSource } from '../store.ts';
import { runSource } from './run-source.ts';
import { MINUTE_MS, SECOND_MS } from '../../core/duration.ts';

/** A slice begins no feed after this: well inside the function's timeout of 10 minutes. */
const SLICE_MS = 4 * MINUTE_MS;
const FEED_MS = 90 * SECOND_MS;
const AT_ONCE = 4;
/**
 * A source is postponed by this before it is read, so that no other slice reads it at the same time, and a bad one is not read
 * all the time.
 */
const PUT_OFF_MS = 15 * MINUTE_MS;

/** What one run of the timer did. */
export interface FeedsReport {
  readonly read: number;
  readonly failed: number;
  /** Read, but held back since too many homes would be lost. */
  readonly held: number;
}

/** @throws `storage_unavailable` if the list of due feeds cannot be read */
export async function runDueFeeds(
  context: PropertiesContext,
  options: { readonly sliceMs?: number } = {},
): Promise<FeedsReport> {
  const { store, now, log } = context;
  const ends = now() + (options.sliceMs ?? SLICE_MS);
  const counts = { read: 0, failed: 0, held: 0 };

  const runOne = async (due: VersionedSource): Promise<void> => {
    const signal = deadlineSignal(FEED_MS);
    const { userId, sourceId } = due.source;
    let postponed: VersionedSource | null = null;
    try {
      postponed = await store.writeSource({ ...due.source, dueAt: now() + PUT_OFF_MS }, due, signal);
      // It was changed or deleted while it waited for its turn, or another slice reads it.
      if (!postponed) return;
      const { applied } = await runSource(context, { userId, sourceId }, {}, signal);
      counts[applied ? 'read' : 'held']++;
    } catch (error) {
      if (postponed && isAppError(error, 'not_found')) {
        // Deleted while it was read, alone or with its manager. What is left of it would be due for good.
        await store.removeSource(userId, sourceId, signal, postponed.etag);
        return;
      }
      // An operator's PUT led it to another feed, which is due. Or others write the same homes, and it is due again soon.
      if (postponed && isAppError(error, 'concurrent_update')) return;
      counts.failed++;
      // If the feed cannot be read, that has been stored and logged already.
      if (!isAppError(error, 'feed_unreadable')) log.error('feed_failed', {}, error);
    }
  };

  const tried = new Set<string>();
  while (now() < ends) {
    const due = await store.readDueSources(now(), AT_ONCE * 2, deadlineSignal(FEED_MS));
    const fresh = due.filter(({ source }) => !tried.has(nameOf(source)));
    if (fresh.length === 0) break;
    for (const { source } of fresh) tried.add(nameOf(source));
    const queue = fresh.values();
    const worker = async (): Promise<void> => {
      for (const source of queue) await runOne(source);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  return counts;
}

function nameOf({ userId, sourceId }: StoredSource): string {
  return JSON.stringify([userId, sourceId]);
}
