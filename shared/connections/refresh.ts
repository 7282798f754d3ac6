// Two instances may refresh one account at once. Microsoft lets both succeed and leaves old refresh tokens alive, so a race
// harms nobody as long as the newest tokens are the ones that stay, and a fresh answer beats a failed save.
import { AppError, isAppError } from '../core/errors.ts';
import type { Connection, Stored, Tokens } from './connection.ts';
import type { ConnectionContext } from './context.ts';

const SAVE_ATTEMPTS = 3;

/** Still the same consent of the same account: what was learned of the one holds for the other. */
function isSameConsent(a: Connection, b: Connection): boolean {
  return (
    a.status === 'connected' &&
    a.tenantId === b.tenantId &&
    a.objectId === b.objectId &&
    a.connectedAt === b.connectedAt
  );
}

/** Writes unless the consent has changed meanwhile, or `isOutdated` by what another instance wrote. */
async function saveUnless(
  context: ConnectionContext,
  read: Stored<Connection>,
  isOutdated: (stored: Connection) => boolean,
  change: (stored: Connection) => Connection,
  tokens: Tokens | 'keep',
  signal: AbortSignal,
): Promise<Stored<Connection> | null> {
  let current: Stored<Connection> | null = read;
  for (let attempt = 0; attempt < SAVE_ATTEMPTS && current; attempt++) {
    if (!isSameConsent(current.value, read.value) || isOutdated(current.value)) return null;
    const value = change(current.value);
    const content = tokens === 'keep' ? { keep: current } : tokens;
    const outcome = await context.store.saveConnection(value, content, current.etag, signal);
    if (outcome.kind === 'written') return { value, etag: outcome.etag };
    ({ connection: current } = await context.store.open(read.value.userId, signal));
  }
  return null;
}

async function saveTokens(
  context: ConnectionContext,
  read: Stored<Connection>,
  tokens: Tokens,
  scope: string,
  signal: AbortSignal,
): Promise<void> {
  const at = context.now();
  try {
    await saveUnless(
      context,
      read,
      (stored) => (stored.refreshedAt ?? 0) > at,
      (stored) => ({ ...stored, scope, refreshedAt: at, expiresAt: tokens.expiresAt, updatedAt: at }),
      tokens,
      signal,
    );
  } catch (error) {
    // The token in hand is good all the same; the next refresh starts from the older one, which Microsoft still takes.
    context.log.error('token_save_failed', {}, error);
  }
}

/** Keeps that the consent is gone. */
async function loseConsent(
  context: ConnectionContext,
  read: Stored<Connection>,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const at = context.now();
  const lost = await saveUnless(
    context,
    read,
    (stored) => stored.refreshedAt !== read.value.refreshedAt,
    (stored) => ({ ...stored, status: 'reconnect_required', reconnectSince: at, reason, updatedAt: at }),
    'keep',
    signal,
  );
  if (!lost) return;
  context.log.warn('reconnect_required', { reason });
}

/**
 * New tokens, whatever the old ones are like.
 * @throws `reconnect_required`, which is then stored, and of which the manager is to be told; whatever `Login.refresh` and `ConnectionStore.openTokens` throw.
 */
export async function refreshTokens(
  context: ConnectionContext,
  read: Stored<Connection>,
  signal: AbortSignal,
): Promise<Tokens> {
  const outcome = await context.login.refresh(await context.store.openTokens(read), signal);
  if (outcome.ok) {
    await saveTokens(context, read, outcome.tokens, outcome.scope, signal);
    return outcome.tokens;
  }
  const newer = await newerTokens(context, read, signal);
  if (newer) return newer;
  await loseConsent(context, read, outcome.reason, signal);
  throw new AppError('reconnect_required', outcome.reason);
}

/** Another instance, or the manager himself, may have brought better tokens since the row was read. */
async function newerTokens(
  context: ConnectionContext,
  read: Stored<Connection>,
  signal: AbortSignal,
): Promise<Tokens | null> {
  const { connection } = await context.store.open(read.value.userId, signal);
  if (connection?.value.status !== 'connected') return null;
  const isNewer = connection.value.refreshedAt !== read.value.refreshedAt;
  return isNewer ? context.store.openTokens(connection) : null;
}

export function isTemporary(error: unknown): boolean {
  return isAppError(
    error,
    'microsoft_unreachable',
    'microsoft_throttled',
    'deadline_exceeded',
    'storage_unavailable',
  );
}
