import { odata } from '@azure/data-tables';
import { randomUUID } from 'node:crypto';
import type { Encryption } from '../../core/encryption.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { PropertyStore, VersionedHome } from '../../properties/store.ts';
import { propertiesRow, ROW_KEYS, toPropertiesMark } from '../manager-rows.ts';
import { managerKey, numberOf, ROW_VERSION, textOf } from '../rows.ts';
import type { Operation, StoredRow, TableAccess } from '../tables.ts';
import { createNotesReader } from './access-notes.ts';
import { indexPages, readPage } from './index-pages.ts';
import { readRows } from './read-rows.ts';
import { groupKey, homeRow, TABLE, toHome } from './rows.ts';
import { createSourceStore } from './sources.ts';

/** Table Storage takes 100 operations and 4 MiB at once; JSON adds to what is counted here. */
const MAX_OPERATIONS = 100;
const MAX_BATCH_BYTES = 2 * 1024 * 1024;
const AT_ONCE = 4;

/** Homes, sources and portfolios in the table `properties`. `PropertyStore` documents the methods. */
export function createPropertyStore(tables: TableAccess, encryption: Encryption, log: Log): PropertyStore {
  const readNotes = createNotesReader(encryption, log);

  async function toVersioned(row: StoredRow): Promise<VersionedHome> {
    return { home: await toHome(row, readNotes), etag: row.etag };
  }

  async function removeRows(
    partitionKey: string,
    rowKeys: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const deletes = rowKeys.map((rowKey): Operation => ({ kind: 'delete', partitionKey, rowKey }));
    await writeInBatches(tables, deletes, signal);
  }

  return {
    ...createSourceStore(tables),

    async readMark(userId, signal) {
      const row = await tables.getOrNull('managers', managerKey(userId), ROW_KEYS.properties, { signal });
      return row ? toPropertiesMark(row) : null;
    },

    async writeMark(userId, mark, signal) {
      await tables.upsert('managers', propertiesRow(userId, mark), { signal });
    },

    async removeMark(userId, signal) {
      await tables.delete('managers', managerKey(userId), ROW_KEYS.properties, { signal });
    },

    async readMembers(group, signal) {
      const rows = await readRows(tables, groupKey(group), 'm:', signal);
      return rows.map((row) => textOf(row, 'user_id') ?? '');
    },

    async addMember(group, userId, signal) {
      const row = { partitionKey: groupKey(group), rowKey: `m:${managerKey(userId)}`, user_id: userId };
      await tables.upsert(TABLE, { ...row, version: ROW_VERSION }, { signal });
    },

    async removeMember(group, userId, signal) {
      await tables.delete(TABLE, groupKey(group), `m:${managerKey(userId)}`, { signal });
    },

    async tryLock(groups, { now, leaseMs }, signal) {
      const owner = randomUUID();
      const held: { readonly partitionKey: string; readonly etag: string }[] = [];
      const release = async (): Promise<void> => {
        // Not the request's signal: a lock is released also when the request has ended.
        for (const { partitionKey, etag } of held) await tables.delete(TABLE, partitionKey, 'lock', { etag });
      };
      // Always in the same order, so that two changes never wait for each other.
      for (const partitionKey of [...new Set(groups.map(groupKey))].sort()) {
        const row = { partitionKey, rowKey: 'lock', version: ROW_VERSION, owner, until: now + leaseMs };
        const found = await tables.getOrNull(TABLE, partitionKey, 'lock', { signal });
        const isFree = !found || (numberOf(found, 'until') ?? 0) <= now;
        const outcome = !isFree
          ? null
          : found
            ? await tables.replace(TABLE, row, found.etag, { signal })
            : await tables.insert(TABLE, row, { signal });
        if (outcome === null || outcome.kind === 'exists' || outcome.kind === 'changed') {
          await release();
          return null;
        }
        held.push({ partitionKey, etag: outcome.etag });
      }
      return { release };
    },

    async readIndex(userId, signal) {
      const rows = await readRows(tables, managerKey(userId), 'i:', signal);
      const pages = await Promise.all(rows.map((row) => readPage(row, userId, readNotes)));
      return pages.flat();
    },

    async readHome(userId, propertyId, signal) {
      const row = await tables.getOrNull(TABLE, managerKey(userId), `h:${propertyId}`, { signal });
      return row ? toVersioned(row) : null;
    },

    async readHomes(userId, signal) {
      const rows = await readRows(tables, managerKey(userId), 'h:', signal);
      return Promise.all(rows.map(toVersioned));
    },

    async listHomes(userId, after, limit, signal) {
      const from = after === null ? 'h:' : `h:${after}`;
      const filter = odata`PartitionKey eq ${managerKey(userId)} and RowKey gt ${from} and RowKey lt ${'h;'}`;
      const rows: StoredRow[] = [];
      for await (const page of tables.query(TABLE, filter, { signal, pageSize: limit })) {
        rows.push(...page);
        if (rows.length >= limit) break;
      }
      return Promise.all(rows.slice(0, limit).map(toVersioned));
    },

    async writeHomes(userId, { put, remove }, index, signal) {
      const partitionKey = managerKey(userId);
      const pages = await indexPages(userId, index, encryption);
      const stale = (await readRows(tables, partitionKey, 'i:', signal)).filter(
        ({ rowKey }) => !pages.some((page) => page.rowKey === rowKey),
      );
      const homes = await Promise.all(
        put.map(async ({ home, etag }): Promise<Operation> => {
          const row = await homeRow(userId, home, encryption);
          return etag === null ? { kind: 'insert', row } : { kind: 'replace', row, etag };
        }),
      );
      const removed = remove.map((propertyId): Operation => ({
        kind: 'delete',
        partitionKey,
        rowKey: `h:${propertyId}`,
      }));
      const last = [
        ...pages.map((row): Operation => ({ kind: 'upsert', row })),
        ...stale.map(({ rowKey }): Operation => ({ kind: 'delete', partitionKey, rowKey })),
      ];
      const all = [...homes, ...removed];
      // A single change goes with its index or not at all; of many, the index goes last.
      const isSmall =
        all.length + last.length <= MAX_OPERATIONS && sizeOf([...all, ...last]) <= MAX_BATCH_BYTES;
      if (isSmall) {
        await transact(tables, [...all, ...last], signal);
        return;
      }
      await writeInBatches(tables, all, signal);
      await writeInBatches(tables, last, signal);
    },

    async removeHomes(userId, signal) {
      const partitionKey = managerKey(userId);
      const rows = [
        ...(await readRows(tables, partitionKey, 'i:', signal)),
        ...(await readRows(tables, partitionKey, 'h:', signal)),
      ];
      await removeRows(
        partitionKey,
        rows.map(({ rowKey }) => rowKey),
        signal,
      );
    },
  };
}

/** Bytes of the texts as they go over the wire. */
function sizeOf(operations: readonly Operation[]): number {
  const texts = operations.flatMap((operation) => ('row' in operation ? Object.values(operation.row) : []));
  return texts.reduce<number>((sum, value) => sum + Buffer.byteLength(String(value ?? '')) + 40, 0);
}

async function transact(
  tables: TableAccess,
  operations: readonly Operation[],
  signal: AbortSignal,
): Promise<void> {
  if (operations.length === 0) return;
  const outcome = await tables.transact(TABLE, operations, { signal });
  if (!outcome.ok) throw new AppError('concurrent_update', 'The properties are being changed by others');
}

/** As few transactions as the limits allow, several at a time. */
async function writeInBatches(
  tables: TableAccess,
  operations: readonly Operation[],
  signal: AbortSignal,
): Promise<void> {
  const batches: Operation[][] = [];
  let [batch, size]: [Operation[], number] = [[], 0];
  for (const operation of operations) {
    const added = sizeOf([operation]);
    if (batch.length > 0 && (batch.length === MAX_OPERATIONS || size + added > MAX_BATCH_BYTES)) {
      batches.push(batch);
      [batch, size] = [[], 0];
    }
    batch.push(operation);
    size += added;
  }
  if (batch.length > 0) batches.push(batch);
  const queue = batches.values();
  const worker = async (): Promise<void> => {
    for (const next of queue) await transact(tables, next, signal);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
