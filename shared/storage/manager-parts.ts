// The parts of a manager's record as rows, and changes of them as operations on these rows.
import { AppError } from '../core/errors.ts';
import type { ManagerRecord, Versioned } from '../managers/manager-record.ts';
import type { RecordChanges } from '../managers/repository.ts';
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
  toConnection,
  toInvite,
  toLinks,
  toProfile,
  toPropertiesMark,
} from './manager-rows.ts';
import { managerKey } from './rows.ts';
import { putOperation } from './tables.ts';
import type { Operation, Row, StoredRow } from './tables.ts';

/** A part of a record that can be written. */
export type Part = keyof RecordChanges;

const PART_KEYS: Readonly<Record<Part, string>> = { ...ROW_KEYS, ...WATCH_KEYS };

function versioned<T>(row: StoredRow | undefined, read: (row: Row) => T): Versioned<T> | null {
  return row ? { value: read(row), etag: row.etag } : null;
}

/** The record that the rows of a manager's partition hold, by their row keys. */
export function toRecord(userId: string, rows: ReadonlyMap<string, StoredRow>): ManagerRecord {
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

/** The version of a part as it was read; null if there was none. */
export function etagOf(record: ManagerRecord, part: Part): string | null {
  const stored = part === 'profile' ? (record.profile ?? record.deletion) : record[part];
  return stored?.etag ?? null;
}

/** What writes one part. */
export interface PartOperation {
  readonly part: Part;
  readonly operation: Operation;
}

/**
 * A transaction deletes a row of any version, so another row that it writes has to show whether somebody was faster.
 * @throws AppError `internal` if there is no such row
 */
export function assertGuarded(operations: readonly PartOperation[]): void {
  if (operations.some(({ operation }) => operation.kind !== 'delete')) return;
  throw new AppError('internal', 'Parts of a record would be deleted whatever they are by now');
}

/** The operations that turn the record into what `changes` say, in the order of the parts they write. */
export function operationsOf(record: ManagerRecord, changes: RecordChanges): PartOperation[] {
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
export function withChanges(
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
