import { odata } from '@azure/data-tables';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Encryption } from '../core/encryption.ts';
import { codeOf, isAppError } from '../core/errors.ts';
import { hashText } from '../core/hash.ts';
import type { Log } from '../core/log.ts';
import { RELAXED } from '../properties/search/search-rentals.ts';
import type { SearchStore } from '../voice/ports.ts';
import { rowContext } from './reencrypt.ts';
import type { EncryptedColumn } from './reencrypt.ts';
import { joinText, managerKey, splitText } from './rows.ts';
import type { Row, TableAccess } from './tables.ts';

// One partition per manager; the keys fall with time, so that the newest comes first. Criteria and results are encrypted,
// and the call is only a hash: somebody who reads them learns what was found, and not who asked.

const TABLE = 'searches';
/** Above every instant in milliseconds, and as long. */
const END_OF_TIME = 9_999_999_999_999;

/** Which values of this table are encrypted. */
export const ENCRYPTED_SEARCHES: EncryptedColumn = { table: TABLE, name: 'details', contextOf: rowContext };

const details = z.object({
  callId: z.string().nullable(),
  criteria: z.object({
    bedrooms: z.object({ min: z.number(), max: z.number().nullable() }).nullable(),
    maxRent: z.number().nullable(),
    area: z.string().nullable(),
    pets: z.enum(['dog', 'cat', 'both']).nullable(),
    moveInBy: z.string().nullable(),
    feature: z.string().nullable(),
  }),
  results: z.array(z.string()),
  total: z.number(),
  relaxed: z.enum(RELAXED).nullable(),
  searchedAt: z.number(),
});

/** Searches for rentals in the table `searches`. Rows are deleted by `sweepSearches`. */
export function createSearchStore(tables: TableAccess, encryption: Encryption, log: Log): SearchStore {
  /** The code if it cannot be decrypted: the others are listed all the same. */
  async function readIfPossible(row: Row): Promise<z.infer<typeof details> | string> {
    try {
      return details.parse(JSON.parse(await encryption.decrypt(joinText('details', row), rowContext(row))));
    } catch (error) {
      if (!isAppError(error, 'data_unreadable', 'encryption_key_missing')) throw error;
      return codeOf(error);
    }
  }

  return {
    async save(userId, search, signal) {
      const falling = String(END_OF_TIME - search.searchedAt).padStart(13, '0');
      const keys = { partitionKey: managerKey(userId), rowKey: `s:${falling}:${randomUUID()}` };
      const callId = search.callId === null ? null : hashText('call', userId, search.callId);
      const text = JSON.stringify(details.parse({ ...search, callId }));
      const sealed = await encryption.encrypt(text, rowContext(keys));
      await tables.insert(
        TABLE,
        { ...keys, createdAt: search.searchedAt, ...splitText('details', sealed) },
        { signal },
      );
    },

    async list(userId, limit, signal) {
      const filter = odata`PartitionKey eq ${managerKey(userId)} and RowKey ge ${'s:'} and RowKey lt ${'s;'}`;
      const searches: z.infer<typeof details>[] = [];
      const unreadable: string[] = [];
      for await (const page of tables.query(TABLE, filter, { signal, pageSize: Math.min(limit, 1_000) })) {
        for (const row of page) {
          const search = await readIfPossible(row);
          if (typeof search === 'string') unreadable.push(search);
          else searches.push(search);
        }
        if (searches.length >= limit) break;
      }
      const [code] = unreadable;
      if (code !== undefined) log.warn('search_unreadable', { code, count: unreadable.length });
      return searches.slice(0, limit);
    },
  };
}

/** Deletes searches made before an instant in epoch milliseconds. @returns how many. */
export async function sweepSearches(
  tables: TableAccess,
  before: number,
  signal: AbortSignal,
): Promise<number> {
  let swept = 0;
  for await (const page of tables.query(TABLE, `createdAt lt ${before}L`, { signal, select: [] })) {
    for (const { partitionKey, rowKey } of page) {
      await tables.delete(TABLE, partitionKey, rowKey, { signal });
      swept += 1;
    }
  }
  return swept;
}
