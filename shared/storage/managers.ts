import { odata } from '@azure/data-tables';
import { hashText } from '../core/hash.ts';
import type { CallRoute } from '../managers/call-routing.ts';
import { hasRoute } from '../managers/call-routing.ts';
import type { Subscription } from '../managers/calendar-watch.ts';
import type { ConnectionStatus, ManagerRecord } from '../managers/manager-record.ts';
import type { ManagerRepository, ManagerSummary } from '../managers/repository.ts';
import { toSubscription, WATCH_KEYS } from './calendar-watch-rows.ts';
import { assertGuarded, etagOf, operationsOf, toRecord, withChanges } from './manager-parts.ts';
import type { Part, PartOperation } from './manager-parts.ts';
import {
  deletionRow,
  isDeletion,
  ROW_KEYS,
  SUMMARY_PROPERTIES,
  toConnection,
  toProfile,
} from './manager-rows.ts';
import { managerKey, numberOf, ROW_VERSION, textOf } from './rows.ts';
import { putOperation } from './tables.ts';
import type { StoredRow, TableAccess } from './tables.ts';

const TABLE = 'managers';
const ROUTES = 'routes';
/** Known routes to keep in memory. Each costs about 200 bytes. */
const ROUTE_CACHE_SIZE = 5_000;

function routeKeys({ kind, id }: CallRoute) {
  return { partitionKey: kind, rowKey: hashText(kind, id) };
}

/** One partition holds all of a manager; the table `routes` is an index to the profiles. */
export function createManagerRepository(tables: TableAccess): ManagerRepository {
  const routeCache = new Map<string, string>();
  const loaded = new WeakMap<AbortSignal, Map<string, Promise<ManagerRecord>>>();

  async function load(userId: string, signal: AbortSignal): Promise<ManagerRecord> {
    const rows = new Map<string, StoredRow>();
    const filter = odata`PartitionKey eq ${managerKey(userId)}`;
    for await (const page of tables.query(TABLE, filter, { signal })) {
      for (const row of page) rows.set(row.rowKey, row);
    }
    return toRecord(userId, rows);
  }

  function loadForRequest(userId: string, signal: AbortSignal): Promise<ManagerRecord> {
    const ofRequest = loaded.get(signal) ?? new Map<string, Promise<ManagerRecord>>();
    loaded.set(signal, ofRequest);
    const known = ofRequest.get(userId);
    if (known) return known;
    const record = load(userId, signal);
    ofRequest.set(userId, record);
    // A failure is not remembered, but everybody who waits for this record gets it.
    record.catch(() => ofRequest.delete(userId));
    return record;
  }

  /** @returns the new etag; null if somebody else wrote first */
  async function writeOnly(
    { part, operation }: PartOperation,
    etag: string | null,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<Part, string> | null> {
    if (operation.kind === 'delete') {
      const { partitionKey, rowKey } = operation;
      const outcome = await tables.delete(TABLE, partitionKey, rowKey, { etag: etag ?? '*', signal });
      return outcome === 'deleted' ? new Map() : null;
    }
    const outcome = await tables.put(TABLE, operation.row, etag, { signal });
    return outcome.kind === 'written' ? new Map([[part, outcome.etag]]) : null;
  }

  async function readRoute(route: CallRoute, signal: AbortSignal) {
    const { partitionKey, rowKey } = routeKeys(route);
    const row = await tables.getOrNull(ROUTES, partitionKey, rowKey, { signal });
    if (!row) return null;
    return {
      userId: textOf(row, 'user_id') ?? '',
      claimedAt: numberOf(row, 'claimed_at') ?? 0,
      etag: row.etag,
    };
  }

  return {
    load,
    loadForRequest,
    readRoute,

    async save(record, changes, signal) {
      const operations = operationsOf(record, changes);
      const [only] = operations;
      if (!only) return withChanges(record, changes, new Map());
      loaded.get(signal)?.delete(record.userId);
      if (operations.length === 1) {
        const etags = await writeOnly(only, etagOf(record, only.part), signal);
        return etags && withChanges(record, changes, etags);
      }
      assertGuarded(operations);
      const outcome = await tables.transact(
        TABLE,
        operations.map(({ operation }) => operation),
        { signal },
      );
      if (!outcome.ok) return null;
      return withChanges(
        record,
        changes,
        new Map(operations.map(({ part }, index) => [part, outcome.etags[index] ?? ''])),
      );
    },

    async finishDeletion({ userId, deletion }, signal) {
      if (!deletion) return;
      const partitionKey = managerKey(userId);
      const left = await load(userId, signal);
      const parts = (['subscription', 'change', 'snapshot'] as const).filter((part) => left[part]);
      // What was written while the deletion began. The mark is written with it: if it is gone, the rows are a new manager's.
      const outcome = await tables.transact(
        TABLE,
        [
          putOperation(deletionRow(userId), deletion.etag),
          ...parts.map((part) => ({ kind: 'delete' as const, partitionKey, rowKey: WATCH_KEYS[part] })),
        ],
        { signal },
      );
      const etag = outcome.ok ? outcome.etags[0] : undefined;
      if (etag !== undefined) await tables.delete(TABLE, partitionKey, ROW_KEYS.profile, { etag, signal });
    },

    async listDeletions(signal) {
      const userIds: string[] = [];
      const filter = `RowKey eq '${ROW_KEYS.profile}' and deleted eq true`;
      for await (const page of tables.query(TABLE, filter, { select: ['user_id'], signal })) {
        userIds.push(...page.map((row) => textOf(row, 'user_id') ?? ''));
      }
      return userIds;
    },

    async *list(signal) {
      const filter = `RowKey eq '${ROW_KEYS.profile}' or RowKey eq '${ROW_KEYS.connection}' or RowKey eq '${WATCH_KEYS.subscription}'`;
      // Rows come in the order of their keys: a manager's subscription and connection, then the profile.
      let subscription: { readonly partitionKey: string; readonly value: Subscription } | null = null;
      let connection: { readonly partitionKey: string; readonly value: ManagerSummary['connection'] } | null =
        null;
      for await (const page of tables.query(TABLE, filter, { select: SUMMARY_PROPERTIES, signal })) {
        for (const row of page) {
          const { partitionKey, rowKey, etag } = row;
          if (rowKey === WATCH_KEYS.subscription) {
            subscription = { partitionKey, value: toSubscription(row) };
          } else if (rowKey === ROW_KEYS.connection) connection = { partitionKey, value: toConnection(row) };
          else if (!isDeletion(row)) {
            yield {
              profile: toProfile(row),
              etag,
              connection: connection?.partitionKey === partitionKey ? connection.value : null,
              subscription: subscription?.partitionKey === partitionKey ? subscription.value : null,
            };
          }
        }
      }
    },

    async listIds(limit, signal) {
      const userIds: string[] = [];
      const options = { select: ['user_id', 'deleted'], pageSize: limit, signal };
      for await (const page of tables.query(TABLE, `RowKey eq '${ROW_KEYS.profile}'`, options)) {
        userIds.push(...page.filter((row) => !isDeletion(row)).map((row) => textOf(row, 'user_id') ?? ''));
        if (userIds.length >= limit) break;
      }
      return userIds.slice(0, limit);
    },

    async *scanConnections(after, signal, pageSize = 200) {
      const filter = odata`RowKey eq ${ROW_KEYS.connection} and PartitionKey gt ${after ?? ''}`;
      const select = ['user_id', 'status'];
      for await (const page of tables.query(TABLE, filter, { select, pageSize, signal })) {
        yield page.map((row) => ({
          userId: textOf(row, 'user_id') ?? '',
          cursor: row.partitionKey,
          status: textOf(row, 'status') as ConnectionStatus,
        }));
      }
    },

    async deleteLinkStates(now, signal) {
      let deleted = 0;
      const filter = odata`RowKey eq ${ROW_KEYS.links}`;
      for await (const page of tables.query(TABLE, `${filter} and keep_until lt ${now}L`, { signal })) {
        for (const { partitionKey, rowKey, etag } of page) {
          const outcome = await tables.delete(TABLE, partitionKey, rowKey, { etag, signal });
          if (outcome === 'deleted') deleted += 1;
        }
      }
      return deleted;
    },

    async findByRoute(route, signal) {
      const key = `${route.kind} ${route.id}`;
      // The profile has the last word, so an old entry here costs a read and never misleads. Nothing is remembered of
      // routes that lead nowhere.
      const known = routeCache.get(key);
      if (known !== undefined) {
        const record = await loadForRequest(known, signal);
        if (hasRoute(record.profile?.value, route)) return record;
        routeCache.delete(key);
      }
      const found = await readRoute(route, signal);
      if (!found) return null;
      const record = await loadForRequest(found.userId, signal);
      if (!hasRoute(record.profile?.value, route)) return null;
      if (routeCache.size >= ROUTE_CACHE_SIZE) routeCache.clear();
      routeCache.set(key, found.userId);
      return record;
    },

    async claimRoute(route, userId, claimedAt, etag, signal) {
      const row = { ...routeKeys(route), version: ROW_VERSION, user_id: userId, claimed_at: claimedAt };
      const outcome = await tables.put(ROUTES, row, etag, { signal });
      return outcome.kind === 'written' ? 'claimed' : 'changed';
    },

    async releaseRoute(route, etag, signal) {
      const { partitionKey, rowKey } = routeKeys(route);
      await tables.delete(ROUTES, partitionKey, rowKey, { etag, signal });
    },
  };
}
