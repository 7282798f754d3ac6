import { odata } from '@azure/data-tables';
import { AppError } from '../core/errors.ts';
import { hashText } from '../core/hash.ts';
import type { CallRoute } from '../managers/call-routing.ts';
import { hasRoute } from '../managers/call-routing.ts';
import type { Subscription } from '../managers/calendar-watch.ts';
import type { ConnectionStatus, ManagerRecord, Versioned } from '../managers/manager-record.ts';
import type { ManagerRepository, ManagerSummary, RecordChanges } from '../managers/repository.ts';
import {
  changeRow,
  snapshotRow,
  subscriptionRow,
  toChange,
  toSnapshot,
  toSubscription,
  WATCH_KEYS,
} from './calendar-watch-rows.ts';
import {
  connectionRow,
  deletionRow,
  inviteRow,
  isDeletion,
  linksRow,
  profileRow,
  ROW_KEYS,
  SUMMARY_PROPERTIES,
  toConnection,
  toInvite,
  toLinks,
  toProfile,
  toPropertiesMark,
} from './manager-rows.ts';
import { managerKey, numberOf, ROW_VERSION, textOf } from './rows.ts';
import { putOperation } from './tables.ts';
import type { Operation, Row, StoredRow, TableAccess } from './tables.ts';

const TABLE = 'managers';
const ROUTES = 'routes';
/** Known routes to keep in memory. Each costs about 200 bytes. */
const ROUTE_CACHE_SIZE = 5_000;

type Part = keyof RecordChanges;

const PART_KEYS: Readonly<Record<Part, string>> = { ...ROW_KEYS, ...WATCH_KEYS };

function routeKeys({ kind, id }: CallRoute) {
  return { partitionKey: kind, rowKey: hashText(kind, id) };
}

function versioned<T>(row: StoredRow | undefined, read: (row: Row) => T): Versioned<T> | null {
  return row ? { value: read(row), etag: row.etag } : null;
}

function toRecord(userId: string, rows: ReadonlyMap<string, StoredRow>): ManagerRecord {
  const settings = rows.get(ROW_KEYS.profile);
  const mark = rows.get(ROW_KEYS.properties);
  const isDeleted = settings !== undefined && isDeletion(settings);
  return {
    userId,
    profile: isDeleted ? null : versioned(settings, toProfile),
    connection: versioned(rows.get(ROW_KEYS.connection), toConnection),
    invite: versioned(rows.get(ROW_KEYS.invite), toInvite),
    links: versioned(rows.get(ROW_KEYS.links), toLinks),
    properties: mark ? toPropertiesMark(mark) : null,
    subscription: versioned(rows.get(WATCH_KEYS.subscription), toSubscription),
    change: versioned(rows.get(WATCH_KEYS.change), toChange),
    snapshot: versioned(rows.get(WATCH_KEYS.snapshot), toSnapshot),
    deletion: isDeleted ? { etag: settings.etag } : null,
  };
}

/** The row of one part as it is to be written; null if it is to be deleted. */
function rowOf(userId: string, part: Part, changes: RecordChanges): Row | null {
  const { profile, connection, invite, links, subscription, change, snapshot } = changes;
  switch (part) {
    case 'profile':
      return profile ? profileRow(userId, profile) : deletionRow(userId);
    case 'connection':
      return connection ? connectionRow(userId, connection) : null;
    case 'invite':
      return invite ? inviteRow(userId, invite) : null;
    case 'links':
      return links ? linksRow(userId, links) : null;
    case 'subscription':
      return subscription ? subscriptionRow(userId, subscription) : null;
    case 'change':
      return change ? changeRow(userId, change) : null;
    case 'snapshot':
      return snapshot ? snapshotRow(userId, snapshot) : null;
  }
}

function etagOf(record: ManagerRecord, part: Part): string | null {
  const stored = part === 'profile' ? (record.profile ?? record.deletion) : record[part];
  return stored?.etag ?? null;
}

interface PartOperation {
  readonly part: Part;
  readonly operation: Operation;
}

/** A transaction deletes a row of any version, so another row that it writes has to show whether somebody was faster. */
function assertGuarded(operations: readonly PartOperation[]): void {
  if (operations.some(({ operation }) => operation.kind !== 'delete')) return;
  throw new AppError('internal', 'Parts of a record would be deleted whatever they are by now');
}

/** The operations that turn the record into what `changes` say, in the order of the parts they write. */
function operationsOf(record: ManagerRecord, changes: RecordChanges): PartOperation[] {
  const parts = (Object.keys(changes) as Part[]).filter((part) => changes[part] !== undefined);
  return parts.flatMap((part) => {
    const etag = etagOf(record, part);
    // Somebody without a profile leaves no mark of a deletion.
    if (part === 'profile' && !changes.profile && !record.profile) return [];
    const row = rowOf(record.userId, part, changes);
    if (row) return [{ part, operation: putOperation(row, etag) }];
    if (etag === null) return [];
    const keys = { partitionKey: managerKey(record.userId), rowKey: PART_KEYS[part] };
    return [{ part, operation: { kind: 'delete' as const, ...keys } }];
  });
}

/** The record after its changes were written. */
function withChanges(
  record: ManagerRecord,
  changes: RecordChanges,
  etags: ReadonlyMap<Part, string>,
): ManagerRecord {
  const part = <P extends Part>(name: P): ManagerRecord[P] => {
    const value: unknown = changes[name];
    if (value === undefined) return record[name];
    return (value === null ? null : { value, etag: etags.get(name) ?? '' }) as ManagerRecord[P];
  };
  const deletionEtag = changes.profile === null ? etags.get('profile') : undefined;
  return {
    userId: record.userId,
    profile: part('profile'),
    connection: part('connection'),
    invite: part('invite'),
    links: part('links'),
    properties: record.properties,
    subscription: part('subscription'),
    change: part('change'),
    snapshot: part('snapshot'),
    deletion: deletionEtag !== undefined ? { etag: deletionEtag } : changes.profile ? null : record.deletion,
  };
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
      const options = { etag: deletion.etag, signal };
      await tables.delete(TABLE, managerKey(userId), ROW_KEYS.profile, options);
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
