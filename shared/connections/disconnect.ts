import { AppError } from '../core/errors.ts';
import type { ConnectionContext } from './context.ts';
import { assertOwnForm, hashOf } from './start-consent.ts';

const SAVE_ATTEMPTS = 3;
const FORM_LIFETIME_MS = 12 * 3_600_000;

/**
 * Erases the tokens and ends the open invite. What is booked stays. Safe to repeat.
 * @returns whether there was a connection.
 * @throws `storage_unavailable`, `deadline_exceeded`
 */
export async function disconnect(
  context: ConnectionContext,
  userId: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let attempt = 0; attempt < SAVE_ATTEMPTS; attempt++) {
    const { connection, invite } = await context.store.open(userId, signal);
    if (invite) await context.store.deleteInvite(userId, invite.etag, signal);
    if (!connection) return false;
    const erased = {
      ...connection.value,
      status: 'disconnected' as const,
      expiresAt: null,
      refreshedAt: null,
      reconnectSince: null,
      reason: null,
      updatedAt: context.now(),
    };
    const saved = await context.store.saveConnection(erased, null, connection.etag, signal);
    if (saved.kind === 'written') return true;
  }
  throw new AppError('storage_unavailable', 'The connection could not be erased');
}

export interface DisconnectPage {
  /** Null where nothing is connected any more. */
  readonly calendarEmail: string | null;
  readonly formToken: string;
}

/** What the page behind a disconnect link shows. Changes nothing. @throws `link_invalid`, `link_expired` */
export async function showDisconnect(
  context: ConnectionContext,
  token: string,
  signal: AbortSignal,
): Promise<DisconnectPage> {
  const { userId } = await context.links.read('disconnect', token);
  const { connection } = await context.store.open(userId, signal);
  const isConnected = connection !== null && connection.value.status !== 'disconnected';
  const formToken = await context.links.make('form', { link: hashOf(token) }, FORM_LIFETIME_MS);
  return { calendarEmail: isConnected ? connection.value.calendarEmail : null, formToken };
}

/** The button on that page. @throws `link_invalid`, `link_expired`, `storage_unavailable` */
export async function disconnectByLink(
  context: ConnectionContext,
  token: string,
  formToken: string,
  signal: AbortSignal,
): Promise<void> {
  const { userId } = await context.links.read('disconnect', token);
  await assertOwnForm(context, token, formToken);
  await disconnect(context, userId, signal);
}
