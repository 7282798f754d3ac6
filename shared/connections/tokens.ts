import * as z from 'zod';
import type { Encrypted, Encryption } from '../core/encryption.ts';
import { AppError, isAppError } from '../core/errors.ts';
import type { Connection } from '../managers/manager-record.ts';
import type { Tokens } from './microsoft.ts';

const tokensSchema = z.object({ accessToken: z.string(), expiresAt: z.number(), cache: z.string() });

type Account = Pick<Connection, 'tenantId' | 'objectId'>;

/** The context of encrypted tokens: they can be decrypted for this manager and this account only. */
export function tokenContext(userId: string, { tenantId, objectId }: Account): string {
  return JSON.stringify(['tokens', userId, tenantId, objectId]);
}

/** Encrypts tokens for this manager and this account alone. `decryptTokens` reads them back. */
export function encryptTokens(
  encryption: Encryption,
  userId: string,
  account: Account,
  tokens: Tokens,
): Promise<Encrypted> {
  return encryption.encrypt(JSON.stringify(tokens), tokenContext(userId, account));
}

/** @throws AppError `token_unreadable`; `encryption_key_missing` if their key is no longer listed */
export async function decryptTokens(
  encryption: Encryption,
  userId: string,
  connection: Connection,
): Promise<Tokens> {
  try {
    const text = await encryption.decrypt(connection.tokens ?? '', tokenContext(userId, connection));
    return tokensSchema.parse(JSON.parse(text));
  } catch (cause) {
    if (isAppError(cause, 'encryption_key_missing')) throw cause;
    throw new AppError('token_unreadable', 'Stored tokens cannot be decrypted or read', { cause });
  }
}
