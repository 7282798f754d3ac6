/**
 * The secret that callers are named by in table keys. It is made once and stays the same, so that callers keep their viewings
 * when encryption keys are rotated: it is only encrypted again.
 */
import { randomBytes } from 'node:crypto';
import type { CallerKeyOf, CallerKeys } from '../booking/caller-keys.ts';
import type { Encryption } from '../core/encryption.ts';
import { isAppError } from '../core/errors.ts';
import { hmacText } from '../core/hash.ts';
import type { Log } from '../core/log.ts';
import { AGAIN, done, retryConcurrent } from '../core/retry.ts';
import type { EncryptedColumn } from './reencrypt.ts';
import { ROW_VERSION, textOf } from './rows.ts';
import type { Row, StoredRow, TableAccess } from './tables.ts';

const SECRETS = 'secrets';
const ROW_KEY = 'caller-keys';
const CONTEXT = 'secret caller-keys';
const SECRET_BYTES = 32;

/** The secret, for the daily run that encrypts it again. */
export const ENCRYPTED_SECRET: EncryptedColumn = {
  table: SECRETS,
  name: 'secret',
  isWhole: true,
  contextOf: () => CONTEXT,
};

/** The secret that callers' numbers are hashed with. The first instance that needs it makes it; each instance reads it once. */
export function createCallerKeys(tables: TableAccess, encryption: Encryption, log: Log): CallerKeys {
  let loaded: CallerKeyOf | undefined;

  const read = async (row: StoredRow): Promise<string | null> => {
    try {
      return await encryption.decrypt(textOf(row, 'secret') ?? '', CONTEXT);
    } catch (error) {
      if (!isAppError(error, 'encryption_key_missing', 'data_unreadable')) throw error;
      // With a new secret, callers can book again. Their earlier viewings are found by name and time alone.
      log.error('caller_keys_replaced', {}, error);
      return null;
    }
  };

  const write = async (secret: string, was: StoredRow | null, signal: AbortSignal): Promise<boolean> => {
    const row: Row = {
      partitionKey: SECRETS,
      rowKey: ROW_KEY,
      version: ROW_VERSION,
      secret: await encryption.encrypt(secret, CONTEXT),
    };
    const written =
      was === null
        ? await tables.insert(SECRETS, row, { signal })
        : await tables.replace(SECRETS, row, was.etag, { signal });
    return written.kind === 'inserted' || written.kind === 'replaced';
  };

  const load = (signal: AbortSignal): Promise<CallerKeyOf> =>
    retryConcurrent(async () => {
      const row = await tables.getOrNull(SECRETS, SECRETS, ROW_KEY, { signal });
      const stored = row && (await read(row));
      const secret = stored ?? randomBytes(SECRET_BYTES).toString('base64url');
      const isCurrent = stored !== null && row !== null && encryption.isCurrent(textOf(row, 'secret') ?? '');
      // Of two instances that make one at the same moment, the first one's counts.
      if (!isCurrent && !(await write(secret, row, signal))) return AGAIN;
      const key = Buffer.from(secret, 'base64url');
      return done((...texts: readonly string[]) => hmacText(key, ...texts));
    });

  return {
    async load(signal) {
      loaded ??= await load(signal);
      return loaded;
    },
  };
}
