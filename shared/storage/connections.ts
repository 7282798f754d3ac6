import { odata } from '@azure/data-tables';
import { z } from 'zod';
import type { Connection, ConnectionStore, Stored, Tokens, WriteOutcome } from '../connections/connection.ts';
import { AppError, isAppError } from '../core/errors.ts';
import { connectionRow, inviteRow, settingsRow, toConnection, toInvite, toManager } from './manager-rows.ts';
import type { Encryption } from '../core/encryption.ts';
import type { Row, StoredRow, TableAccess } from './tables.ts';
import { joinText, managerKey, splitText } from './rows.ts';

const tokensSchema = z.object({ accessToken: z.string(), expiresAt: z.number(), cache: z.string() });

/** Sealed tokens open for this manager and this account alone. */
function contextOf(connection: Connection): string {
  return JSON.stringify(['tokens', connection.userId, connection.tenantId, connection.objectId]);
}

export function createConnectionStore(tables: TableAccess, encryption: Encryption): ConnectionStore {
  /** What `open` read is kept beside what it gave out, so that the domain never holds a sealed token. */
  const rows = new WeakMap<Connection, Row>();

  const write = async (row: Row, etag: string | null, signal?: AbortSignal): Promise<WriteOutcome> => {
    const outcome =
      etag === null
        ? await tables.insert('managers', row, { signal })
        : await tables.replace('managers', row, etag, { signal });
    if (outcome.kind === 'exists' || outcome.kind === 'changed') return { kind: 'changed' };
    return { kind: 'written', etag: outcome.etag };
  };

  const sealTokens = async (
    connection: Connection,
    tokens: Tokens | null | { readonly keep: Stored<Connection> },
  ): Promise<Record<string, string>> => {
    if (tokens === null) return {};
    if (!('keep' in tokens)) {
      return splitText('tokens', await encryption.encrypt(JSON.stringify(tokens), contextOf(connection)));
    }
    const row = rows.get(tokens.keep.value);
    if (!row) throw new AppError('internal', 'Only tokens that were read can be kept');
    return splitText('tokens', joinText('tokens', row));
  };

  return {
    async open(userId, signal) {
      const filter = odata`PartitionKey eq ${managerKey(userId)}`;
      const found = new Map<string, StoredRow>();
      for await (const page of tables.query('managers', filter, { signal })) {
        for (const row of page) found.set(row.rowKey, row);
      }
      const stored = <T>(rowKey: string, read: (row: Row) => T): Stored<T> | null => {
        const row = found.get(rowKey);
        return row ? { value: read(row), etag: row.etag } : null;
      };
      return {
        manager: stored('settings', toManager),
        connection: stored('connection', (row) => {
          const connection = toConnection(row);
          rows.set(connection, row);
          return connection;
        }),
        invite: stored('invite', toInvite),
      };
    },

    async openTokens({ value }) {
      const row = rows.get(value);
      const text = await encryption
        .decrypt(row ? joinText('tokens', row) : '', contextOf(value))
        .catch((cause: unknown) => {
          if (!isAppError(cause, 'data_unreadable')) throw cause;
          throw new AppError('token_unreadable', 'Stored tokens cannot be decrypted', { cause });
        });
      const parsed = tokensSchema.safeParse(JSON.parse(text));
      if (!parsed.success) throw new AppError('token_unreadable', 'Stored tokens are malformed');
      return parsed.data;
    },

    async saveConnection(connection, tokens, etag, signal) {
      const row = { ...connectionRow(connection), ...(await sealTokens(connection, tokens)) };
      return write(row, etag, signal);
    },

    saveInvite(invite, etag, signal) {
      return write(inviteRow(invite), etag, signal);
    },

    async deleteInvite(userId, etag, signal) {
      const outcome = await tables.delete('managers', managerKey(userId), 'invite', { etag, signal });
      return { kind: outcome };
    },

    async ensureManager(manager, signal) {
      await tables.insert('managers', settingsRow(manager), { signal });
    },

    async *scan(after, signal, pageSize = 200) {
      const filter = odata`RowKey eq 'connection' and PartitionKey gt ${after ?? ''}`;
      const select = ['user_id', 'status', 'refreshed_at', 'reconnect_mailed_at'];
      for await (const page of tables.query('managers', filter, { select, pageSize, signal })) {
        yield page.map((row) => {
          const { userId, status, refreshedAt, reconnectMailedAt } = toConnection(row);
          return { userId, cursor: row.partitionKey, status, refreshedAt, reconnectMailedAt };
        });
      }
    },
  };
}
