// Reading a feed takes up to a minute and a half. Meanwhile the operator may change its source or delete it, and that stays.
import { AGAIN, done, retryConcurrent } from '../core/retry.ts';
import type { StoredSource } from './source.ts';
import type { PropertyStore, VersionedSource } from './store.ts';

interface SourceKey {
  readonly userId: string;
  readonly sourceId: string;
}

/** The parts of the store that a change of a source needs. */
export type SourceStore = Pick<PropertyStore, 'readSource' | 'writeSource'>;

/**
 * Reads a source, decides and writes it, again and again while others write it at the same time.
 * @param change what it becomes, from what is stored by then; null leaves it as it is
 * @returns what was written; null if nothing was
 * @throws `concurrent_update` if others go on writing it
 */
export function changeSource(
  store: SourceStore,
  key: SourceKey,
  change: (stored: StoredSource | null) => StoredSource,
  signal: AbortSignal,
): Promise<VersionedSource>;
export function changeSource(
  store: SourceStore,
  key: SourceKey,
  change: (stored: StoredSource | null) => StoredSource | null,
  signal: AbortSignal,
): Promise<VersionedSource | null>;
export function changeSource(
  store: SourceStore,
  { userId, sourceId }: SourceKey,
  change: (stored: StoredSource | null) => StoredSource | null,
  signal: AbortSignal,
): Promise<VersionedSource | null> {
  return retryConcurrent(
    async () => {
      const before = await store.readSource(userId, sourceId, signal);
      const after = change(before?.source ?? null);
      if (!after) return done(null);
      const written = await store.writeSource(after, before, signal);
      return written ? done(written) : AGAIN;
    },
    { signal },
  );
}

/** The same for whoever has read its feed: a source that is gone, or leads to another feed by now, is left as it is. */
export function changeReadSource(
  store: SourceStore,
  read: StoredSource,
  change: (stored: StoredSource) => StoredSource,
  signal: AbortSignal,
): Promise<VersionedSource | null> {
  return changeSource(
    store,
    read,
    (stored) => (stored && isSameFeed(read, stored) ? change(stored) : null),
    signal,
  );
}

/** Whether a source still leads to the feed that was read. */
export function isSameFeed(read: StoredSource, stored: StoredSource): boolean {
  return stored.url === read.url && stored.format === read.format;
}
