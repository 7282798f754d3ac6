import { isAppError } from '../core/errors.ts';
import type { Manager } from '../managers/manager.ts';
import type { Schedule } from '../scheduling/schedule.ts';
import type { Connection, Stored, Tokens } from './connection.ts';
import { scheduleOf } from './context.ts';
import type { ConnectionContext } from './context.ts';
import { isTemporary, refreshTokens } from './refresh.ts';
import { remindToReconnect } from './remind-to-reconnect.ts';

/** Tokens are renewed this long before they expire. */
const EARLY_MS = 5 * 60_000;
/** A token this close to its end may not survive the call it is for. */
const LAST_MOMENT_MS = 20_000;

/** A manager's calendar, opened for one request. */
export type Access =
  | {
      readonly ok: true;
      readonly userId: string;
      readonly schedule: Schedule;
      /** Null where there is no entry under /managers. */
      readonly manager: Manager | null;
      readonly calendarEmail: string;
      /**
       * A token that is good for the next minutes.
       * @throws `reconnect_required`, `microsoft_unreachable`, `microsoft_throttled`, `app_credentials_rejected`, `token_unreadable`,
       *   `encryption_key_missing`, `deadline_exceeded`
       */
      accessToken(): Promise<string>;
      /** A new token, whatever the stored one is like. Throws the same. */
      forceRefresh(): Promise<string>;
    }
  | {
      readonly ok: false;
      readonly reason: 'not_connected' | 'reconnect_required' | 'disconnected';
      readonly manager: Manager | null;
    };

async function currentTokens(
  context: ConnectionContext,
  connection: Stored<Connection>,
  signal: AbortSignal,
): Promise<Tokens> {
  const leftMs = (connection.value.expiresAt ?? 0) - context.now();
  if (leftMs > EARLY_MS) return context.store.openTokens(connection);
  try {
    return await refreshTokens(context, connection, signal);
  } catch (error) {
    if (isTemporary(error) && leftMs > LAST_MOMENT_MS && !signal.aborted) {
      return context.store.openTokens(connection);
    }
    throw error;
  }
}

/** Tells the manager, too, where his consent turns out to be gone. */
async function withReminder(
  context: ConnectionContext,
  userId: string,
  work: Promise<Tokens>,
): Promise<Tokens> {
  try {
    return await work;
  } catch (error) {
    if (isAppError(error, 'reconnect_required')) {
      // Not waited for: a caller is on the line. What fails here, the daily timer does again.
      remindToReconnect(context, userId).catch((cause: unknown) => {
        context.log.error('reminder_failed', {}, cause);
      });
    }
    throw error;
  }
}

/** One table read; the tokens are touched only when they are asked for. @param signal the request's deadline */
export async function openAccess(
  context: ConnectionContext,
  userId: string,
  signal: AbortSignal,
): Promise<Access> {
  const record = await context.store.open(userId, signal);
  const { connection } = record;
  const manager = record.manager?.value ?? null;
  if (!connection) return { ok: false, reason: 'not_connected', manager };
  const { status, calendarEmail } = connection.value;
  if (status !== 'connected') return { ok: false, reason: status, manager };

  let tokens: Promise<Tokens> | undefined;
  let refreshed: Promise<Tokens> | undefined;
  return {
    ok: true,
    userId,
    manager,
    calendarEmail,
    schedule: scheduleOf(context, record),
    async accessToken() {
      tokens ??= withReminder(context, userId, currentTokens(context, connection, signal));
      return (await tokens).accessToken;
    },
    async forceRefresh() {
      refreshed ??= withReminder(context, userId, refreshTokens(context, connection, signal));
      tokens = refreshed;
      return (await refreshed).accessToken;
    },
  };
}
