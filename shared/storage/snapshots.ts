// Copies of calendars: when a manager is busy, and which of these times are our viewings. No subject, no person, no place.
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import type { BusyEvent } from '../booking/calendar.ts';
import { codeOf, isAppError } from '../core/errors.ts';
import type { Encryption } from '../core/encryption.ts';
import type { Log } from '../core/log.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { rowContext } from './reencrypt.ts';
import type { EncryptedColumn } from './reencrypt.ts';
import { joinText, managerKey, numberOf, ROW_VERSION, splitText, textOf } from './rows.ts';
import type { Operation, TableAccess } from './tables.ts';

const TABLE = 'snapshots';
/** A row holds 1 MiB; an event takes some 100 bytes of it. */
const EVENTS_PER_PAGE = 2_000;
/** Copies to keep in memory: some 100 KB each, for a full calendar of 60 days. */
const CACHE_SIZE = 500;

/** For the daily run that encrypts everything again. */
export const ENCRYPTED_SNAPSHOTS: EncryptedColumn = { table: TABLE, name: 'events', contextOf: rowContext };

const packed = z.array(
  z.union([z.tuple([z.number(), z.number()]), z.tuple([z.number(), z.number(), z.string(), z.boolean()])]),
);

/** An event that blocks no time and is not ours does not matter to a listing. */
function pack(events: readonly BusyEvent[]): z.infer<typeof packed> {
  return events
    .filter(({ blocks, bookingId, cancelled }) => !cancelled && (blocks || bookingId !== null))
    .map(({ interval: { start, end }, bookingId, blocks }) =>
      bookingId === null ? [start, end] : [start, end, bookingId, blocks],
    );
}

function unpack(text: string): BusyEvent[] {
  return packed.parse(JSON.parse(text)).map(([start, end, bookingId = null, blocks = true]) => ({
    eventId: '',
    bookingId,
    interval: { start, end },
    blocks,
    cancelled: false,
  }));
}

function pageKey(index: number): string {
  return `p:${String(index).padStart(3, '0')}`;
}

/** Copies of calendars in the table `snapshots`; each instance has the last 500 in memory. `SnapshotStore` documents the methods. */
export function createSnapshotStore(tables: TableAccess, encryption: Encryption, log: Log): SnapshotStore {
  const cache = new Map<string, { readonly version: string; readonly events: readonly BusyEvent[] }>();

  /** The oldest goes first. */
  const remember = (userId: string, version: string, events: readonly BusyEvent[]): void => {
    cache.delete(userId);
    const [oldest] = cache.keys();
    if (cache.size >= CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
    cache.set(userId, { version, events });
  };

  const readPages = async (
    userId: string,
    version: string,
    signal: AbortSignal,
  ): Promise<BusyEvent[] | null> => {
    const events: BusyEvent[] = [];
    let found = 0;
    let pages: number | null = null;
    const filter = odata`PartitionKey eq ${managerKey(userId)}`;
    for await (const page of tables.query(TABLE, filter, { signal })) {
      for (const row of page) {
        // Another version is being written, or this one had more pages before.
        if (textOf(row, 'snapshot_version') !== version) continue;
        events.push(...unpack(await encryption.decrypt(joinText('events', row), rowContext(row))));
        found += 1;
        pages = numberOf(row, 'pages');
      }
    }
    return found === pages ? events : null;
  };

  /** Rows that were written again in between are left. */
  const deleteMatching = async (filter: string, signal: AbortSignal): Promise<number> => {
    let deleted = 0;
    for await (const page of tables.query(TABLE, filter, { select: ['read_at'], signal }))
      for (const { partitionKey, rowKey, etag } of page) {
        const outcome = await tables.delete(TABLE, partitionKey, rowKey, { etag, signal });
        if (outcome === 'deleted') deleted += 1;
      }
    return deleted;
  };

  return {
    async load(userId, { version }, signal) {
      const cached = cache.get(userId);
      if (cached?.version === version) return cached.events;
      try {
        const events = await readPages(userId, version, signal);
        if (events) remember(userId, version, events);
        return events;
      } catch (error) {
        if (!isAppError(error, 'data_unreadable', 'encryption_key_missing')) throw error;
        log.warn('snapshot_unreadable', { code: codeOf(error) });
        return null;
      }
    },

    async save(userId, { version, readAt }, events, signal) {
      const entries = pack(events);
      const pages = Math.max(1, Math.ceil(entries.length / EVENTS_PER_PAGE));
      const operations = await Promise.all(
        Array.from({ length: pages }, async (_, index): Promise<Operation> => {
          const keys = { partitionKey: managerKey(userId), rowKey: pageKey(index) };
          const page = entries.slice(index * EVENTS_PER_PAGE, (index + 1) * EVENTS_PER_PAGE);
          const text = await encryption.encrypt(JSON.stringify(page), rowContext(keys));
          const about = { version: ROW_VERSION, snapshot_version: version, pages, read_at: readAt };
          return { kind: 'upsert', row: { ...keys, ...about, ...splitText('events', text) } };
        }),
      );
      await tables.transact(TABLE, operations, { signal });
      remember(userId, version, unpack(JSON.stringify(entries)));
    },

    async deleteVersion(userId, version, signal) {
      if (cache.get(userId)?.version === version) cache.delete(userId);
      const filter = odata`PartitionKey eq ${managerKey(userId)} and snapshot_version eq ${version}`;
      await deleteMatching(filter, signal);
    },

    async deleteAll(userId, signal) {
      cache.delete(userId);
      const filter = odata`PartitionKey eq ${managerKey(userId)}`;
      for await (const page of tables.query(TABLE, filter, { select: ['read_at'], signal }))
        for (const { partitionKey, rowKey } of page)
          await tables.delete(TABLE, partitionKey, rowKey, { signal });
    },

    deleteOld: (before, signal) => deleteMatching(`read_at lt ${before}L`, signal),
  };
}
