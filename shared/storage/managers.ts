import { odata } from '@azure/data-tables';
import type { Mailbox } from '../managers/schedule.ts';
import type { ManagerStore, Route, StoredManager } from '../managers/store.ts';
import { settingsRow, toMailbox, toManager } from './manager-rows.ts';
import type { Row, StoredRow, TableAccess } from './tables.ts';
import { hashKey, managerKey, numberOf, textOf } from './rows.ts';

/** Everything but the sealed tokens. */
const SELECT = [
  'user_id',
  'name',
  'notify_email',
  'assistant_ids',
  'phone_numbers',
  'portfolio',
  'policies',
  'language',
  'time_zone',
  'hours',
  'rules',
  'status',
  'mailbox_time_zone',
  'mailbox_hours',
];

function mailboxOf(row: Row | undefined): Mailbox | null {
  return row && textOf(row, 'status') !== 'disconnected' ? toMailbox(row) : null;
}

function routeKey({ kind, id }: Route): { partitionKey: string; rowKey: string } {
  return {
    partitionKey: kind,
    rowKey: hashKey(kind, id),
  };
}

export function createManagerStore(tables: TableAccess): ManagerStore {
  /** The entries among these rows, each with the mailbox of its partition. */
  const collect = async (filter: string, signal: AbortSignal): Promise<StoredManager[]> => {
    const settings: StoredRow[] = [];
    const connections = new Map<string, Row>();
    for await (const page of tables.query('managers', filter, { select: SELECT, signal })) {
      for (const row of page) {
        if (row.rowKey === 'settings') settings.push(row);
        if (row.rowKey === 'connection') connections.set(row.partitionKey, row);
      }
    }
    return settings.map((row) => ({
      manager: toManager(row),
      mailbox: mailboxOf(connections.get(row.partitionKey)),
      etag: row.etag,
    }));
  };

  return {
    async read(userId, signal) {
      const [found] = await collect(odata`PartitionKey eq ${managerKey(userId)}`, signal);
      return found ?? null;
    },

    list: (signal) => collect("RowKey eq 'settings' or RowKey eq 'connection'", signal),

    async firstTwo(signal) {
      const found: string[] = [];
      const options = { select: ['user_id'], pageSize: 2, signal };
      for await (const page of tables.query('managers', "RowKey eq 'settings'", options)) {
        found.push(...page.map((row) => textOf(row, 'user_id') ?? ''));
        if (found.length >= 2) break;
      }
      return found.slice(0, 2);
    },

    async write(manager, etag, signal) {
      const outcome =
        etag === null
          ? await tables.insert('managers', settingsRow(manager), { signal })
          : await tables.replace('managers', settingsRow(manager), etag, { signal });
      if (outcome.kind === 'exists' || outcome.kind === 'changed') return { kind: 'changed' };
      return { kind: 'written', etag: outcome.etag };
    },

    async remove(userId, etag, signal) {
      const partitionKey = managerKey(userId);
      // The entry goes last: while it stands, the request can be repeated.
      await tables.delete('managers', partitionKey, 'connection', { signal });
      await tables.delete('managers', partitionKey, 'invite', { signal });
      const outcome = await tables.delete('managers', partitionKey, 'settings', { etag, signal });
      return outcome === 'deleted' ? 'removed' : 'changed';
    },

    async readRoute(route, signal) {
      const { partitionKey, rowKey } = routeKey(route);
      const row = await tables.getOrNull('routes', partitionKey, rowKey, { signal });
      if (!row) return null;
      return {
        userId: textOf(row, 'user_id') ?? '',
        claimedAt: numberOf(row, 'claimed_at') ?? 0,
        etag: row.etag,
      };
    },

    async claimRoute(route, userId, claimedAt, etag, signal) {
      const row = { ...routeKey(route), user_id: userId, claimed_at: claimedAt };
      const outcome =
        etag === null
          ? await tables.insert('routes', row, { signal })
          : await tables.replace('routes', row, etag, { signal });
      return outcome.kind === 'inserted' || outcome.kind === 'replaced' ? 'claimed' : 'changed';
    },

    async releaseRoute(route, etag, signal) {
      const { partitionKey, rowKey } = routeKey(route);
      await tables.delete('routes', partitionKey, rowKey, { etag, signal });
    },
  };
}
