import { z } from 'zod';
import type { StateStore } from '../connections/connection.ts';
import { AppError } from '../core/errors.ts';
import { numberOf, textOf } from './rows.ts';
import type { Encryption } from '../core/encryption.ts';
import type { Row, TableAccess } from './tables.ts';

const tripSchema = z.object({
  userId: z.string(),
  calendarEmail: z.string().nullable(),
  link: z.string(),
  linkId: z.string(),
  cookieHash: z.string(),
  codeVerifier: z.string(),
  nonce: z.string(),
});

function rowOf(key: string, sealed: string, expiresAt: number): Row {
  return {
    partitionKey: key,
    rowKey: 'state',
    trip: sealed,
    expires_at: expiresAt,
  };
}

export function createStateStore(tables: TableAccess, encryption: Encryption): StateStore {
  return {
    async save(key, trip, expiresAt, signal) {
      const sealed = await encryption.encrypt(JSON.stringify(trip), `state ${key}`);
      const outcome = await tables.insert('states', rowOf(key, sealed, expiresAt), { signal });
      if (outcome.kind === 'exists') throw new AppError('internal', 'A state came up twice');
    },

    async find(key, signal) {
      const row = await tables.getOrNull('states', key, 'state', { signal });
      if (!row) return null;
      // A spent state holds nothing any more.
      const sealed = textOf(row, 'trip');
      const trip = sealed
        ? tripSchema.parse(JSON.parse(await encryption.decrypt(sealed, `state ${key}`)))
        : null;
      return { trip, expiresAt: numberOf(row, 'expires_at') ?? 0, etag: row.etag };
    },

    async spend(key, { expiresAt, etag }, signal) {
      const outcome = await tables.replace('states', rowOf(key, '', expiresAt), etag, { signal });
      return outcome.kind === 'replaced';
    },

    async clear(before, signal) {
      for await (const page of tables.query('states', `expires_at lt ${before}L`, { select: [], signal })) {
        for (const row of page) await tables.delete('states', row.partitionKey, row.rowKey, { signal });
      }
    },
  };
}
