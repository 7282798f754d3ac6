import { AGAIN, done, retryConcurrent } from '../core/retry.ts';
import { endLinks, NO_CALENDAR_WATCH } from '../managers/manager-record.ts';
import type { Connection, ManagerRecord } from '../managers/manager-record.ts';
import type { ConnectionContext } from './context.ts';
import { isAbout } from './disconnect-link.ts';
import { assertFormToken, makeFormToken } from './form-token.ts';
import { endSubscription } from './subscription.ts';

function erased(connection: Connection, now: number): Connection {
  return {
    ...connection,
    status: 'disconnected',
    tokens: null,
    expiresAt: null,
    refreshedAt: null,
    reconnectSince: null,
    reason: null,
    updatedAt: now,
  };
}

/**
 * Erases the tokens if `isMeant` says so of the record, and ends every connect link and the open invite.
 * @returns whether there was a connection; null if the record was not meant
 */
function disconnectIf(
  context: ConnectionContext,
  userId: string,
  isMeant: (record: ManagerRecord) => boolean,
  signal: AbortSignal,
): Promise<boolean | null> {
  return retryConcurrent(
    async () => {
      const record = await context.managers.load(userId, signal);
      if (!isMeant(record)) return done(null);
      const now = context.now();
      const { connection } = record;
      const changes = {
        invite: null,
        links: endLinks(record, now),
        ...NO_CALENDAR_WATCH,
        ...(connection && { connection: erased(connection.value, now) }),
      };
      const saved = await context.managers.save(record, changes, signal);
      if (!saved) return AGAIN;
      await endSubscription(context, record, signal);
      // A listing may have copied the calendar since the record was read.
      const after = await context.managers.load(userId, signal);
      if (after.snapshot && after.connection?.value.status === 'disconnected')
        await context.managers.save(after, { snapshot: null }, signal);
      await context.forgetCalendar(userId, signal);
      return done(connection !== null);
    },
    { signal },
  );
}

/**
 * Erases the tokens and ends every connect link, also if nothing is connected. Viewings stay. Safe to repeat.
 * @returns whether there was a connection
 * @throws AppError `storage_unavailable`, `concurrent_update`, `deadline_exceeded`
 */
export async function disconnect(
  context: ConnectionContext,
  userId: string,
  signal: AbortSignal,
): Promise<boolean> {
  return (await disconnectIf(context, userId, () => true, signal)) ?? false;
}

/** What the page of a disconnect link shows. */
export interface DisconnectPage {
  /** Null if the link's account is not connected. */
  readonly calendarEmail: string | null;
  readonly formToken: string;
}

/** The page behind a disconnect link. Changes nothing. @throws AppError `link_invalid`, `link_expired` */
export async function showDisconnect(
  context: ConnectionContext,
  token: string,
  signal: AbortSignal,
): Promise<DisconnectPage> {
  const { userId, account, expiresAt } = await context.links.read('disconnect', token);
  const { connection } = await context.managers.load(userId, signal);
  const isConnected = connection !== null && isAbout(account, connection.value);
  return {
    calendarEmail: isConnected ? connection.value.calendarEmail : null,
    formToken: await makeFormToken(context, token, expiresAt),
  };
}

/**
 * The button on that page. Does nothing if another account is connected by now.
 * @throws AppError `link_invalid`, `link_expired`, `storage_unavailable`, `concurrent_update`, `deadline_exceeded`
 */
export async function disconnectByLink(
  context: ConnectionContext,
  token: string,
  formToken: string,
  signal: AbortSignal,
): Promise<void> {
  const { userId, account } = await context.links.read('disconnect', token);
  await assertFormToken(context, token, formToken);
  const isMeant = ({ connection }: ManagerRecord): boolean =>
    connection !== null && isAbout(account, connection.value);
  await disconnectIf(context, userId, isMeant, signal);
}
