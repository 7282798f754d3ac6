// Two instances may refresh one account at once. Microsoft lets both succeed, and old refresh tokens stay valid. So a race
// does no harm as long as the newest tokens are the ones that stay, and a fresh token is used even if it could not be saved.
import { AppError, isAppError } from '../core/errors.ts';
import { AGAIN, done, retryConcurrent } from '../core/retry.ts';
import type { ConnectedRecord, Connection, ManagerRecord } from '../managers/manager-record.ts';
import { hasConnection } from '../managers/manager-record.ts';
import type { ConnectionContext } from './context.ts';
import type { Tokens } from './microsoft.ts';
import { scopesToRefresh } from './scopes.ts';
import { decryptTokens, encryptTokens } from './tokens.ts';

/** Still the same consent of the same account: what was learned of one is true of the other. */
function isSameConsent(a: Connection, b: Connection): boolean {
  return (
    a.status === 'connected' &&
    a.tenantId === b.tenantId &&
    a.objectId === b.objectId &&
    a.connectedAt === b.connectedAt
  );
}

/**
 * Changes the connection, unless the consent has changed meanwhile, or `isOutdated` by what another instance wrote.
 * @returns whether it was written
 */
async function updateConnection(
  context: ConnectionContext,
  read: ConnectedRecord,
  isOutdated: (stored: Connection) => boolean,
  change: (stored: Connection) => Connection,
  signal: AbortSignal,
): Promise<boolean> {
  let latest: ManagerRecord | null = read;
  return retryConcurrent(
    async () => {
      const record: ManagerRecord = latest ?? (await context.managers.load(read.userId, signal));
      latest = null;
      if (!hasConnection(record)) return done(false);
      const stored = record.connection.value;
      if (!isSameConsent(stored, read.connection.value) || isOutdated(stored)) return done(false);
      const saved = await context.managers.save(record, { connection: change(stored) }, signal);
      return saved ? done(true) : AGAIN;
    },
    { signal },
  );
}

async function saveTokens(
  context: ConnectionContext,
  read: ConnectedRecord,
  tokens: Tokens,
  scopes: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const at = context.now();
  try {
    const encrypted = await encryptTokens(context.encryption, read.userId, read.connection.value, tokens);
    const renewed = {
      scopes,
      refreshedAt: at,
      expiresAt: tokens.expiresAt,
      updatedAt: at,
      tokens: encrypted,
    };
    await updateConnection(
      context,
      read,
      (stored) => (stored.refreshedAt ?? 0) > at,
      (stored) => ({ ...stored, ...renewed }),
      signal,
    );
  } catch (error) {
    // The new token is good all the same. The next refresh starts from the older one, which Microsoft still accepts.
    context.log.error('token_save_failed', {}, error);
  }
}

/** Saves that the manager has to connect again. */
async function loseConsent(
  context: ConnectionContext,
  read: ConnectedRecord,
  reason: string,
  isOutdated: (stored: Connection) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const at = context.now();
  const lost = { status: 'reconnect_required' as const, reconnectSince: at, reason, updatedAt: at };
  const isLost = await updateConnection(
    context,
    read,
    isOutdated,
    (stored) => ({ ...stored, ...lost }),
    signal,
  );
  if (isLost) context.log.warn('reconnect_required', { reason });
}

/**
 * Renews the tokens, even if the old ones have not expired.
 * @throws AppError `reconnect_required`, which is then stored; what `MicrosoftIdentity.refresh` and `decryptTokens` throw
 */
export async function refreshTokens(
  context: ConnectionContext,
  read: ConnectedRecord,
  signal: AbortSignal,
): Promise<Tokens> {
  const stored = read.connection.value;
  const tokens = await decryptTokens(context.encryption, read.userId, stored);
  const outcome = await context.identity.refresh(tokens, scopesToRefresh(stored.scopes), signal);
  if (outcome.ok) {
    await saveTokens(context, read, outcome.tokens, outcome.scopes, signal);
    return outcome.tokens;
  }
  const newer = await newerTokens(context, read, signal);
  if (newer) return newer;
  const isRenewed = (latest: Connection): boolean => latest.refreshedAt !== stored.refreshedAt;
  await loseConsent(context, read, outcome.reason, isRenewed, signal);
  throw new AppError('reconnect_required', outcome.reason);
}

/**
 * Graph refuses every token that Microsoft issues, so only a new consent can help.
 * @throws AppError `reconnect_required`, always
 */
export async function loseRefusedConsent(
  context: ConnectionContext,
  read: ConnectedRecord,
  signal: AbortSignal,
): Promise<never> {
  const reason = 'Microsoft Graph no longer accepts the consent (it refused two renewed tokens with 401)';
  await loseConsent(context, read, reason, () => false, signal);
  throw new AppError('reconnect_required', reason);
}

/** Another instance, or the manager, may have brought better tokens since the record was read. */
async function newerTokens(
  context: ConnectionContext,
  read: ConnectedRecord,
  signal: AbortSignal,
): Promise<Tokens | null> {
  const latest = await context.managers.load(read.userId, signal);
  if (!hasConnection(latest) || latest.connection.value.status !== 'connected') return null;
  const { value } = latest.connection;
  if (value.refreshedAt === read.connection.value.refreshedAt) return null;
  return decryptTokens(context.encryption, read.userId, value);
}

/** Whether a refresh failed for a reason that passes by itself. */
export function isTemporary(error: unknown): boolean {
  return isAppError(
    error,
    'microsoft_unreachable',
    'microsoft_throttled',
    'deadline_exceeded',
    'storage_unavailable',
  );
}
