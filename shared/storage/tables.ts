// Hazard: a write whose answer is lost may have happened. The SDK repeats it and then reports a conflict with itself, so
// its retries are off; here only reads are repeated.
import { RestError, TableClient, odata } from '@azure/data-tables';
import type { TransactionAction } from '@azure/data-tables';
import { startDeadline } from '../core/deadline.ts';
import { AppError } from '../core/errors.ts';
import { pause } from '../core/retry.ts';
import { createManagedIdentity } from '../azure/managed-identity.ts';
import { createRowReader } from './read-rows.ts';
import type { ReadRows, RowQuery, RowsPage } from './read-rows.ts';
import { SECOND_MS } from '../core/duration.ts';

/** All tables; docs/architecture.md says what each holds. */
export type TableName =
  | 'managers'
  | 'routes'
  | 'states'
  | 'properties'
  | 'snapshots'
  | 'bookings'
  | 'pending'
  | 'calls'
  | 'messages'
  | 'searches'
  | 'timers'
  | 'secrets';

export type Value = string | number | boolean;

/** Numbers are integers; undefined and null properties are left out. A string holds at most 32,768 UTF-16 units. */
export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [property: string]: Value | null | undefined;
}

/** A row as it was read. */
export interface StoredRow extends Row {
  readonly etag: string;
}

/** Options of every call to a table. */
export interface CallOptions {
  /** Aborts the call; it then throws `deadline_exceeded`. A call ends after 5 seconds in any case. */
  readonly signal?: AbortSignal;
}

/** Options of a query. */
export interface QueryOptions extends CallOptions {
  /** Properties to read; all by default. Keys come along. */
  readonly select?: readonly string[];
  /** Rows of one page, 1,000 at most and by default. */
  readonly pageSize?: number;
}

/** One part of a transaction. All rows of a transaction are in one partition. */
export type Operation =
  | { readonly kind: 'insert'; readonly row: Row }
  /** Fails if the row has another etag or is gone. */
  | { readonly kind: 'replace'; readonly row: Row; readonly etag: string }
  /** Writes the row whatever was there. */
  | { readonly kind: 'upsert'; readonly row: Row }
  /** With any etag, because the SDK cannot send one here; fails if the row is gone. */
  | { readonly kind: 'delete'; readonly partitionKey: string; readonly rowKey: string };

/** What came of a transaction. `index` is that of the operation that failed. */
export type TransactionOutcome =
  /** The new etags, in the order of the operations; empty for a delete. */
  | { readonly ok: true; readonly etags: readonly string[] }
  /** Nothing was written. `exists`: the row is there already; `changed`: another etag; `missing`: no such row. */
  | { readonly ok: false; readonly index: number; readonly reason: 'exists' | 'changed' | 'missing' };

/** `changed`: another etag, or, for a new row, the row is there already. */
export type PutOutcome = { readonly kind: 'written'; readonly etag: string } | { readonly kind: 'changed' };

/** The operation that `TableAccess.put` is as a part of a transaction. */
export function putOperation(row: Row, etag: string | null): Operation {
  return etag === null ? { kind: 'insert', row } : { kind: 'replace', row, etag };
}

/** Every method throws `storage_unavailable` or `deadline_exceeded`. Tables are made when they are first missed. */
export interface TableAccess {
  getOrNull(
    table: TableName,
    partitionKey: string,
    rowKey: string,
    options?: CallOptions,
  ): Promise<StoredRow | null>;
  insert(
    table: TableName,
    row: Row,
    options?: CallOptions,
  ): Promise<{ kind: 'inserted'; etag: string } | { kind: 'exists' }>;
  /** `changed`: another etag, or gone. */
  replace(
    table: TableName,
    row: Row,
    etag: string,
    options?: CallOptions,
  ): Promise<{ kind: 'replaced'; etag: string } | { kind: 'changed' }>;
  /**
   * Writes the version of a row that follows the one that was read.
   * @param etag of the row that was read; null: there must be none
   * @returns `changed` if somebody else wrote or deleted it in between
   */
  put(table: TableName, row: Row, etag: string | null, options?: CallOptions): Promise<PutOutcome>;
  /** Writes the row whatever was there. */
  upsert(table: TableName, row: Row, options?: CallOptions): Promise<void>;
  /** Writes the given properties of a row that is there and leaves the others; `missing` if it is not there. */
  merge(table: TableName, row: Row, options?: CallOptions): Promise<'merged' | 'missing'>;
  /** @param etag `*` by default: any. A row that is gone already is `deleted`, but if an etag was given `changed`. */
  delete(
    table: TableName,
    partitionKey: string,
    rowKey: string,
    options?: CallOptions & { readonly etag?: string },
  ): Promise<'deleted' | 'changed'>;
  /** All rows, page by page. @param filter OData; build it with `odata` of \@azure/data-tables. */
  query(table: TableName, filter: string, options?: QueryOptions): AsyncGenerator<readonly StoredRow[]>;
  /** All or nothing: 1 to 100 operations on distinct rows of one partition. */
  transact(
    table: TableName,
    operations: readonly Operation[],
    options?: CallOptions,
  ): Promise<TransactionOutcome>;
}

/** How Table Storage is reached: the connection string, or the account by managed identity. */
export type TableStorage =
  | { readonly kind: 'connection_string'; readonly connectionString: string }
  | { readonly kind: 'identity'; readonly tableEndpoint: string; readonly identityClientId: string | null };

/** How one table is reached. */
interface OpenTable {
  readonly client: TableClient;
  readonly readRows: ReadRows;
}

const CALL_TIMEOUT_MS = 5 * SECOND_MS;
const READ_RETRY_DELAYS_MS = [100, 400];
const MAX_INT32 = 2 ** 31 - 1;

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof RestError)) return undefined;
  const details = error.details as { odataError?: { code?: string } } | undefined;
  return details?.odataError?.code ?? error.code;
}

const NAMES = new Map([
  ['PartitionKey', 'partitionKey'],
  ['RowKey', 'rowKey'],
  ['odata.etag', 'etag'],
]);

/** The service takes a bare number for a 32-bit one; longer ones, such as times, are 64-bit integers. */
function toEntity(row: Row): { partitionKey: string; rowKey: string } {
  return {
    ...Object.fromEntries(
      Object.entries(row)
        .filter(([name, value]) => value !== undefined && value !== null && name !== 'etag')
        .map(([name, value]) => [
          name,
          typeof value === 'number' && Math.abs(value) > MAX_INT32 ? BigInt(value) : value,
        ]),
    ),
    partitionKey: row.partitionKey,
    rowKey: row.rowKey,
  };
}

/** A row as OData gives it: 64-bit integers are text, with their type in a property beside them. */
function toRow(entity: Readonly<Record<string, unknown>>): StoredRow {
  const row: Record<string, unknown> = {};
  for (const name in entity) {
    if (name.includes('@odata.') || name === 'Timestamp') continue;
    const value = entity[name];
    row[NAMES.get(name) ?? name] = entity[`${name}@odata.type`] === 'Edm.Int64' ? Number(value) : value;
  }
  return row as StoredRow;
}

function toAction(operation: Operation): TransactionAction {
  switch (operation.kind) {
    case 'insert':
      return ['create', toEntity(operation.row)];
    case 'replace':
      return ['update', toEntity(operation.row), 'Replace', { etag: operation.etag }];
    case 'upsert':
      return ['upsert', toEntity(operation.row), 'Replace'];
    case 'delete':
      return ['delete', { partitionKey: operation.partitionKey, rowKey: operation.rowKey }];
  }
}

const CONFLICTS: Readonly<Record<string, 'exists' | 'changed' | 'missing'>> = {
  EntityAlreadyExists: 'exists',
  UpdateConditionNotSatisfied: 'changed',
  ConditionNotMet: 'changed',
  ResourceNotFound: 'missing',
  EntityNotFound: 'missing',
};

function createTableClient(storage: TableStorage, table: TableName): TableClient {
  const options = { retryOptions: { maxRetries: 0 } };
  if (storage.kind === 'identity') {
    const identity = createManagedIdentity(storage.identityClientId);
    return new TableClient(storage.tableEndpoint, table, identity, options);
  }
  const { connectionString } = storage;
  return TableClient.fromConnectionString(connectionString, table, {
    ...options,
    allowInsecureConnection: /Endpoint(sProtocol)?=http[:;]/i.test(connectionString),
  });
}

function isRetryable(error: unknown): boolean {
  return (
    !(error instanceof RestError) ||
    error.statusCode === undefined ||
    error.statusCode >= 500 ||
    error.statusCode === 429
  );
}

/**
 * Opens the app's tables. Nothing is sent before the first call.
 * @param options.callTimeoutMs when a call ends in any case, in milliseconds. Default 5,000.
 */
export function createTableAccess(
  storage: TableStorage,
  { callTimeoutMs = CALL_TIMEOUT_MS }: { readonly callTimeoutMs?: number } = {},
): TableAccess {
  const opened = new Map<TableName, OpenTable>();
  const open = (table: TableName): OpenTable => {
    const known = opened.get(table);
    if (known) return known;
    const client = createTableClient(storage, table);
    const made = { client, readRows: createRowReader(client) };
    opened.set(table, made);
    return made;
  };

  /** Runs one call to its deadline, and again if the table had to be made first. */
  const call = async <T>(
    table: TableName,
    options: CallOptions,
    send: (open: OpenTable, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const deadline = startDeadline(callTimeoutMs, options.signal);
    const { signal } = deadline;
    const reached = open(table);
    try {
      return await send(reached, signal);
    } catch (error) {
      if (codeOf(error) !== 'TableNotFound') throw error;
      await reached.client.createTable({ abortSignal: signal });
      return await send(reached, signal);
    } finally {
      deadline.clear();
    }
  };

  const toFault = (error: unknown, options: CallOptions): AppError =>
    options.signal?.aborted
      ? new AppError('deadline_exceeded', 'The tables did not answer in time', { cause: error })
      : new AppError('storage_unavailable', 'The tables cannot be reached', { cause: error });

  /** @param expected conflict codes that are an outcome; everything else is a fault. */
  const write = async <T, C>(
    table: TableName,
    options: CallOptions,
    expected: Readonly<Record<string, C>>,
    send: (open: OpenTable, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T | C> => {
    try {
      return await call(table, options, send);
    } catch (error) {
      const outcome = expected[codeOf(error) ?? ''];
      if (outcome !== undefined) return outcome;
      throw toFault(error, options);
    }
  };

  const read = async (table: TableName, options: CallOptions, query: RowQuery): Promise<RowsPage> => {
    for (const delay of READ_RETRY_DELAYS_MS) {
      try {
        return await call(table, options, ({ readRows }, signal) => readRows(query, signal));
      } catch (error) {
        if (!isRetryable(error) || options.signal?.aborted) throw toFault(error, options);
        await pause(delay, options.signal).catch((cause: unknown) => {
          throw toFault(cause, options);
        });
      }
    }
    return write(table, options, {}, ({ readRows }, signal) => readRows(query, signal));
  };

  const missing = { ResourceNotFound: null, EntityNotFound: null };
  const changed = {
    UpdateConditionNotSatisfied: { kind: 'changed' as const },
    ConditionNotMet: { kind: 'changed' as const },
    ResourceNotFound: { kind: 'changed' as const },
    EntityNotFound: { kind: 'changed' as const },
  };

  const access: TableAccess = {
    async getOrNull(table, partitionKey, rowKey, options = {}) {
      const filter = odata`PartitionKey eq ${partitionKey} and RowKey eq ${rowKey}`;
      for await (const [row] of access.query(table, filter, options)) if (row) return row;
      return null;
    },

    insert(table, row, options = {}) {
      const exists = { EntityAlreadyExists: { kind: 'exists' as const } };
      return write(table, options, exists, async ({ client }, abortSignal) => {
        const { etag = '' } = await client.createEntity(toEntity(row), { abortSignal });
        return { kind: 'inserted' as const, etag };
      });
    },

    replace(table, row, etag, options = {}) {
      return write(table, options, changed, async ({ client }, abortSignal) => {
        const answer = await client.updateEntity(toEntity(row), 'Replace', { etag, abortSignal });
        return { kind: 'replaced' as const, etag: answer.etag ?? '' };
      });
    },

    async put(table, row, etag, options = {}) {
      const outcome =
        etag === null
          ? await access.insert(table, row, options)
          : await access.replace(table, row, etag, options);
      return outcome.kind === 'inserted' || outcome.kind === 'replaced'
        ? { kind: 'written', etag: outcome.etag }
        : { kind: 'changed' };
    },

    async upsert(table, row, options = {}) {
      await write(table, options, {}, ({ client }, abortSignal) =>
        client.upsertEntity(toEntity(row), 'Replace', { abortSignal }),
      );
    },

    async merge(table, row, options = {}) {
      const outcome = await write(table, options, missing, async ({ client }, abortSignal) => {
        await client.updateEntity(toEntity(row), 'Merge', { etag: '*', abortSignal });
        return 'merged' as const;
      });
      return outcome ?? 'missing';
    },

    async delete(table, partitionKey, rowKey, { etag = '*', ...options } = {}) {
      const outcome = await write(table, options, changed, async ({ client }, abortSignal) => {
        await client.deleteEntity(partitionKey, rowKey, { etag, abortSignal });
        return { kind: 'deleted' as const };
      });
      return outcome.kind === 'deleted' || etag === '*' ? 'deleted' : 'changed';
    },

    async *query(table, filter, { select, pageSize, ...options } = {}) {
      let from: RowsPage['next'];
      do {
        const { entities, next } = await read(table, options, { filter, select, pageSize, from });
        yield entities.map(toRow);
        from = next;
      } while (from);
    },

    async transact(table, operations, options = {}) {
      try {
        const { subResponses } = await call(table, options, ({ client }, abortSignal) =>
          client.submitTransaction(operations.map(toAction), { abortSignal }),
        );
        return { ok: true, etags: subResponses.map(({ etag }) => etag ?? '') };
      } catch (error) {
        const reason = CONFLICTS[codeOf(error) ?? ''];
        // "2:The specified entity already exists.": the number is the operation's.
        const index = error instanceof Error ? /^(\d+):/.exec(error.message)?.[1] : undefined;
        if (reason !== undefined) return { ok: false, index: Number(index ?? 0), reason };
        throw toFault(error, options);
      }
    },
  };
  return access;
}
