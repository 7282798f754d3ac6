/**
 * The secret that callers are named by in table keys. It is made once and stays the same, so that callers keep their viewings
 * when encryption keys are rotated: it is only encrypted again.
 */
import { randomBytes } from 'node:crypto';
import type { CallerKeyOf, CallerKeys } from '../booking/caller-keys.ts';
import { DAY_MS } from '../core/duration.ts';
import type { Encryption } from '../core/encryption.ts';
import { isAppError } from '../core/errors.ts';
import { hmacText } from '../core/hash.ts';
import type { Log } from '../core/log.ts';
import { AGAIN, done, retryConcurrent } from '../core/retry.ts';
import type { EncryptedColumn } from './reencrypt.ts';
import { numberOf, ROW_VERSION, textOf } from './rows.ts';
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

/**
 * For so long a secret that cannot be read is taken back once its key is listed again. After that, most viewings are named by
 * the one that replaced it.
 */
const TAKE_BACK_MS = 30 * DAY_MS;

/** A secret that could not be read, still encrypted, and when another replaced it, in epoch milliseconds. */
interface Lost {
  readonly previous: string;
  readonly replacedAt: number;
}

/** What an instance that needs the secret makes of what is stored. */
interface Decision {
  readonly secret: string;
  /** To be written; null if the stored one stays. */
  readonly row: Row | null;
  /** Logs it, once it is written. */
  readonly report?: () => void;
}

function lostIn(row: StoredRow | null, now: number): Lost | null {
  const previous = row && textOf(row, 'previous');
  const replacedAt = (row && numberOf(row, 'replaced_at')) ?? 0;
  return previous === null || now - replacedAt >= TAKE_BACK_MS ? null : { previous, replacedAt };
}

/**
 * The secret that callers' numbers are hashed with. The first instance that needs it makes it; each instance reads it once. One
 * that cannot be read is replaced, and kept for the case that its key is listed again.
 * @param now epoch milliseconds
 */
export function createCallerKeys(
  tables: TableAccess,
  encryption: Encryption,
  log: Log,
  now: () => number,
): CallerKeys {
  let loaded: CallerKeyOf | undefined;

  /** Null and why, if it cannot be decrypted. */
  const open = async (value: string): Promise<{ secret: string | null; error?: unknown }> => {
    try {
      return { secret: await encryption.decrypt(value, CONTEXT) };
    } catch (error) {
      if (!isAppError(error, 'encryption_key_missing', 'data_unreadable')) throw error;
      return { secret: null, error };
    }
  };

  const toRow = async (secret: string, lost: Lost | null): Promise<Row> => ({
    partitionKey: SECRETS,
    rowKey: ROW_KEY,
    version: ROW_VERSION,
    secret: await encryption.encrypt(secret, CONTEXT),
    previous: lost?.previous,
    replaced_at: lost?.replacedAt,
  });

  const decide = async (stored: StoredRow | null): Promise<Decision> => {
    const lost = lostIn(stored, now());
    const earlier = lost && (await open(lost.previous));
    if (earlier?.secret) {
      const report = (): void => {
        log.info('caller_keys_restored');
      };
      return { secret: earlier.secret, row: await toRow(earlier.secret, null), report };
    }
    const value = stored && textOf(stored, 'secret');
    const current = value === null ? null : await open(value);
    if (value !== null && current?.secret) {
      const row = encryption.isCurrent(value) ? null : await toRow(current.secret, lost);
      return { secret: current.secret, row };
    }
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const report = (): void => {
      // With a new secret, callers can book again. Their earlier viewings are found by name and time alone.
      if (current) log.error('caller_keys_replaced', {}, current.error);
    };
    // If secrets are lost one after another, the first of them names the most viewings.
    const replaced = lost ?? (value === null ? null : { previous: value, replacedAt: now() });
    return { secret, row: await toRow(secret, replaced), report };
  };

  const load = (signal: AbortSignal): Promise<CallerKeyOf> =>
    retryConcurrent(async () => {
      const stored = await tables.getOrNull(SECRETS, SECRETS, ROW_KEY, { signal });
      const { secret, row, report } = await decide(stored);
      if (row) {
        // Of two instances that make one at the same moment, the first one's counts.
        const written = await tables.put(SECRETS, row, stored?.etag ?? null, { signal });
        if (written.kind === 'changed') return AGAIN;
        report?.();
      }
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
