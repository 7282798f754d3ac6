// Sources in the table `properties`. The row in the manager's partition is what counts. The entry in the partition `feeds` says
// when to look at it, and is never later than the source is due: a PUT sets it earlier, and only whoever meets it too early sets
// it later.
import type { PropertyStore, VersionedSource } from '../../properties/store.ts';
import type { StoredSource } from '../../properties/source.ts';
import { managerKey, numberOf, ROW_VERSION, textOf } from '../rows.ts';
import type { StoredRow, TableAccess } from '../tables.ts';
import { FEEDS_PARTITION, sourceRow, TABLE, toSource } from './rows.ts';
import { readRows } from './read-rows.ts';

type SourceStore = Pick<
  PropertyStore,
  'readSource' | 'readSources' | 'readDueSources' | 'countFailingSources' | 'writeSource' | 'removeSource'
>;

/** The sources of `PropertyStore`, which documents the methods. */
export function createSourceStore(tables: TableAccess): SourceStore {
  async function readSource(userId: string, sourceId: string, signal: AbortSignal) {
    const row = await tables.getOrNull(TABLE, managerKey(userId), `s:${sourceId}`, { signal });
    return row ? { source: toSource(row), etag: row.etag } : null;
  }

  /** The source of an entry, if it is due. An entry that is too early is set to its source's time; one without a source is deleted. */
  async function readDue(
    entry: StoredRow,
    now: number,
    signal: AbortSignal,
  ): Promise<VersionedSource | null> {
    const found = await readSource(textOf(entry, 'user_id') ?? '', textOf(entry, 'source_id') ?? '', signal);
    const dueAt = found?.source.dueAt ?? null;
    if (found && dueAt !== null && dueAt <= now) return found;
    // With the etag: a PUT writes the source first and then its entry, and must not be undone.
    const { partitionKey, rowKey, etag } = entry;
    if (dueAt !== null) await tables.replace(TABLE, { ...entry, due_at: dueAt }, etag, { signal });
    else await tables.delete(TABLE, partitionKey, rowKey, { etag, signal });
    return null;
  }

  async function writeEntry(
    source: StoredSource,
    before: StoredSource | null,
    signal: AbortSignal,
  ): Promise<void> {
    const keys = { partitionKey: FEEDS_PARTITION, rowKey: feedKey(source.userId, source.sourceId) };
    if (source.dueAt === null) {
      if (before && before.dueAt !== null)
        await tables.delete(TABLE, keys.partitionKey, keys.rowKey, { signal });
      return;
    }
    const failing = source.failingSince !== null;
    const isEarlier = !before || before.dueAt === null || source.dueAt <= before.dueAt;
    if (!isEarlier) {
      // A PUT that failed half-way has left no entry, or one that is too late. Its repeat comes here.
      const entry = await tables.getOrNull(TABLE, keys.partitionKey, keys.rowKey, { signal });
      const entryDueAt = entry && numberOf(entry, 'due_at');
      if (entryDueAt !== null && entryDueAt <= source.dueAt) {
        if (failing !== (entry?.['failing'] === true))
          await tables.merge(TABLE, { ...keys, failing }, { signal });
        return;
      }
    }
    const about = { user_id: source.userId, source_id: source.sourceId, due_at: source.dueAt, failing };
    await tables.upsert(TABLE, { ...keys, version: ROW_VERSION, ...about }, { signal });
  }

  return {
    readSource,

    async readSources(userId, signal) {
      return (await readRows(tables, managerKey(userId), 's:', signal)).map(toSource);
    },

    async readDueSources(now, limit, signal) {
      const filter = `PartitionKey eq '${FEEDS_PARTITION}' and due_at le ${now}L`;
      const due: VersionedSource[] = [];
      for await (const page of tables.query(TABLE, filter, { signal, pageSize: limit })) {
        const found = await Promise.all(page.map((entry) => readDue(entry, now, signal)));
        due.push(...found.filter((one) => one !== null));
        if (due.length >= limit) break;
      }
      return due.toSorted((a, b) => (a.source.dueAt ?? 0) - (b.source.dueAt ?? 0)).slice(0, limit);
    },

    async countFailingSources(signal) {
      const filter = `PartitionKey eq '${FEEDS_PARTITION}' and failing eq true`;
      let count = 0;
      for await (const page of tables.query(TABLE, filter, { select: ['failing'], signal }))
        count += page.length;
      return count;
    },

    async writeSource(source, before, signal) {
      const written = await tables.put(TABLE, sourceRow(source), before?.etag ?? null, { signal });
      if (written.kind === 'changed') return null;
      await writeEntry(source, before?.source ?? null, signal);
      return { source, etag: written.etag };
    },

    async removeSource(userId, sourceId, signal, etag) {
      const partitionKey = managerKey(userId);
      if (etag === undefined) {
        // The entry goes first, so that it is not the one of a source that is made right after.
        await tables.delete(TABLE, FEEDS_PARTITION, feedKey(userId, sourceId), { signal });
        await tables.delete(TABLE, partitionKey, `s:${sourceId}`, { signal });
        return;
      }
      // The entry is removed by whoever meets it.
      await tables.delete(TABLE, partitionKey, `s:${sourceId}`, { etag, signal });
    },
  };
}

function feedKey(userId: string, sourceId: string): string {
  return `${managerKey(userId)}.${sourceId}`;
}
