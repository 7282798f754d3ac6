import { MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import { isAppError } from '../core/errors.ts';
import type { Manager } from '../managers/manager.ts';
import { hasConnection } from '../managers/manager-record.ts';
import type { ConnectedRecord, ConnectionStatus } from '../managers/manager-record.ts';
import type { Schedule } from '../scheduling/schedule.ts';
import { scheduleOf } from './context.ts';
import type { ConnectionContext } from './context.ts';
import type { TokenSource, Tokens } from './microsoft.ts';
import { isTemporary, loseRefusedConsent, refreshTokens } from './refresh.ts';
import { remindToReconnect } from './remind-to-reconnect.ts';
import { decryptTokens } from './tokens.ts';

/** Tokens are renewed this long before they expire. */
const EARLY_MS = 5 * MINUTE_MS;
/** A token that expires sooner may not survive the call it is for. */
const LAST_MOMENT_MS = 20 * SECOND_MS;

/** Why a calendar cannot be used without the manager. */
export type NoAccessReason = 'not_connected' | Exclude<ConnectionStatus, 'connected'>;

/**
 * A manager's calendar, for one request. Its methods throw AppError `reconnect_required`, `microsoft_unreachable`,
 * `microsoft_throttled`, `app_credentials_rejected`, `token_unreadable`, `encryption_key_missing`, `deadline_exceeded`.
 */
export type Access =
  | (TokenSource & {
      readonly ok: true;
      readonly userId: string;
      readonly schedule: Schedule;
      /** Null if the manager has no profile. */
      readonly manager: Manager | null;
      readonly calendarEmail: string;
      /** All that is known of the manager. */
      readonly record: ConnectedRecord;
      /** What Microsoft granted. */
      readonly scopes: readonly string[];
    })
  | { readonly ok: false; readonly reason: NoAccessReason; readonly manager: Manager | null };

async function currentTokens(
  context: ConnectionContext,
  record: ConnectedRecord,
  signal: AbortSignal,
): Promise<Tokens> {
  const stored = record.connection.value;
  const leftMs = (stored.expiresAt ?? 0) - context.now();
  if (leftMs > EARLY_MS) return decryptTokens(context.encryption, record.userId, stored);
  try {
    return await refreshTokens(context, record, signal);
  } catch (error) {
    if (isTemporary(error) && leftMs > LAST_MOMENT_MS && !signal.aborted) {
      return decryptTokens(context.encryption, record.userId, stored);
    }
    throw error;
  }
}

/** The tokens of one request: fetched when first needed, and renewed once however many calls meet the same refusal. */
export function createTokenSource(
  context: ConnectionContext,
  record: ConnectedRecord,
  signal: AbortSignal,
): TokenSource {
  let latest: Promise<Tokens> | undefined;
  const fetched = (): Promise<Tokens> => (latest ??= currentTokens(context, record, signal));

  return {
    async accessToken() {
      return (await fetched()).accessToken;
    },
    async forceRefresh(refused) {
      const seen = latest;
      if (seen && refused !== undefined && (await seen).accessToken !== refused) {
        return (await seen).accessToken;
      }
      // Another call of this request met the same refusal first.
      if (latest !== seen) return (await fetched()).accessToken;
      latest = refreshTokens(context, record, signal);
      return (await latest).accessToken;
    },
    giveUp: () => loseRefusedConsent(context, record, signal),
  };
}

/** Also mails the manager if the consent turns out to be lost. */
function withReminder(context: ConnectionContext, userId: string, source: TokenSource): TokenSource {
  const reminding = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (isAppError(error, 'reconnect_required')) {
        // Not awaited: a caller is waiting. If it fails here, the daily run does it.
        remindToReconnect(context, userId).catch((cause: unknown) => {
          context.log.error('reminder_failed', {}, cause);
        });
      }
      throw error;
    }
  };
  return {
    accessToken: () => reminding(source.accessToken()),
    forceRefresh: (refused) => reminding(source.forceRefresh(refused)),
    giveUp: () => reminding(source.giveUp()),
  };
}

/**
 * A manager's calendar for one request. One table read; tokens are fetched when they are asked for.
 * @param signal the request's deadline
 * @throws AppError `storage_unavailable`, `deadline_exceeded`
 */
export async function getAccess(
  context: ConnectionContext,
  userId: string,
  signal: AbortSignal,
): Promise<Access> {
  const record = await context.managers.loadForRequest(userId, signal);
  const manager = record.profile?.value ?? null;
  if (!hasConnection(record)) return { ok: false, reason: 'not_connected', manager };
  const { status, calendarEmail, scopes } = record.connection.value;
  if (status !== 'connected') return { ok: false, reason: status, manager };
  return {
    ok: true,
    userId,
    manager,
    record,
    calendarEmail,
    scopes,
    schedule: scheduleOf(context, record),
    ...withReminder(context, userId, createTokenSource(context, record, signal)),
  };
}
