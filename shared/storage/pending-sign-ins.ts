import * as z from 'zod';
import type { PendingSignIn, PendingSignInStore } from '../connections/pending-sign-in.ts';
import type { Encryption } from '../core/encryption.ts';
import { AppError } from '../core/errors.ts';
import { numberOf, ROW_VERSION, textOf } from './rows.ts';
import type { Row, TableAccess } from './tables.ts';

const TABLE = 'states';

const signInSchema = z.object({
  userId: z.string(),
  calendarEmail: z.string().nullable(),
  link: z.string(),
  linkId: z.string(),
  scopes: z.array(z.string()),
  cookieHash: z.string(),
  codeVerifier: z.string(),
  nonce: z.string(),
});

function readSignIn(text: string): PendingSignIn {
  const parsed = signInSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  // Another version of the app has written it.
  throw new AppError('data_unreadable', 'A sign-in has an unknown form', { cause: parsed.error });
}

/** @param value empty once the state is used: the row stays, so that a second use can be distinguished from an unknown state. */
function rowOf(key: string, value: string, expiresAt: number): Row {
  return {
    partitionKey: key,
    rowKey: 'state',
    version: ROW_VERSION,
    sign_in: value,
    expires_at: expiresAt,
  };
}

/** Sign-ins in the table `states`. `PendingSignInStore` documents the methods. */
export function createPendingSignInStore(tables: TableAccess, encryption: Encryption): PendingSignInStore {
  return {
    async save(key, signIn, expiresAt, signal) {
      const value = await encryption.encrypt(JSON.stringify(signIn), `state ${key}`);
      const outcome = await tables.insert(TABLE, rowOf(key, value, expiresAt), { signal });
      if (outcome.kind === 'exists') throw new AppError('internal', 'A state came up twice');
    },

    async find(key, signal) {
      const row = await tables.getOrNull(TABLE, key, 'state', { signal });
      if (!row) return null;
      const value = textOf(row, 'sign_in');
      const signIn = value ? readSignIn(await encryption.decrypt(value, `state ${key}`)) : null;
      return { signIn, expiresAt: numberOf(row, 'expires_at') ?? 0, etag: row.etag };
    },

    async consume(key, { expiresAt, etag }, signal) {
      const outcome = await tables.replace(TABLE, rowOf(key, '', expiresAt), etag, { signal });
      return outcome.kind === 'replaced';
    },

    async deleteExpired(before, signal) {
      for await (const page of tables.query(TABLE, `expires_at lt ${before}L`, { select: [], signal })) {
        for (const row of page) await tables.delete(TABLE, row.partitionKey, row.rowKey, { signal });
      }
    },
  };
}
