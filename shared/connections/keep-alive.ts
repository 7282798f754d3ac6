// A refresh token expires after 90 days without use, and only a caller would notice. So every connection is used once a day.
// The run is cut into slices that fit into the function's timeout. A cursor says where the next slice goes on, and a lease
// that each page renews keeps two instances from working at once.
import { deadlineSignal } from '../core/deadline.ts';
import { mapConcurrently } from '../core/concurrency.ts';
import { MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import { codeOf, isAppError } from '../core/errors.ts';
import { pause } from '../core/retry.ts';
import { acquireDailyLease } from '../core/timer-lease.ts';
import { hasConnection } from '../managers/manager-record.ts';
import type { ScannedConnection } from '../managers/repository.ts';
import { createTokenSource } from './access.ts';
import type { ConnectionContext } from './context.ts';
import type { TokenSource } from './microsoft.ts';
import { remindToReconnect } from './remind-to-reconnect.ts';
import { ensureSubscription } from './subscription.ts';

const TIMER = 'keepAlive';
/** After this time, the slice ends with its current page, well inside the function's timeout of 10 minutes. */
const SLICE_MS = 4 * MINUTE_MS;
const ACCOUNT_MS = 30 * SECOND_MS;
/** So many accounts are read before the time is checked again. */
const PAGE_SIZE = 40;
/** The longest that a slice and its last page take. */
const LEASE_MS = SLICE_MS + 3 * MINUTE_MS;
/** Graph and the sign-in service take far more; this spreads the work. */
const CONCURRENCY = 8;
const DEFAULT_PAUSE_MS = 5 * SECOND_MS;
const MAX_TRIES = 3;

/** What one slice of the daily run did. */
export interface KeepAliveReport {
  /** `skipped`: today's run is over, or another instance works on it. `cut`: the next slice continues. */
  readonly outcome: 'completed' | 'cut' | 'skipped';
  /** Whether the day's run is over, by this slice or an earlier one. */
  readonly isOver: boolean;
  readonly refreshed: number;
  readonly reconnect: number;
  readonly failed: number;
  /** Disconnected on purpose. */
  readonly disconnected: number;
}

/** `deferred`: Microsoft asks to wait for longer than this slice lasts. */
type AccountOutcome = 'refreshed' | 'reconnect' | 'failed' | 'disconnected' | 'deferred';

/**
 * Renews the tokens of one account and its subscription, then reads its zone and hours.
 * @throws what Microsoft and the tables throw
 */
async function refreshConnection(
  context: ConnectionContext,
  userId: string,
  signal: AbortSignal,
): Promise<void> {
  const record = await context.managers.load(userId, signal);
  if (!hasConnection(record) || record.connection.value.status !== 'connected') return;
  const source = createTokenSource(context, record, signal);
  await source.forceRefresh();
  await renewSubscription(context, userId, source, signal);
  const mailbox = await context.profile.readMailbox(source, record.connection.value.calendarEmail, signal);
  // If the mailbox gives no settings this time, the stored ones stay.
  if (mailbox.timeZone === null && mailbox.hours === null) return;
  const latest = await context.managers.load(userId, signal);
  if (!hasConnection(latest) || latest.connection.value.status !== 'connected') return;
  const stored = latest.connection.value;
  if (JSON.stringify(stored.mailbox) === JSON.stringify(mailbox)) return;
  // If somebody else writes at this moment, tomorrow's run reads the mailbox again.
  await context.managers.save(
    latest,
    { connection: { ...stored, mailbox, updatedAt: context.now() } },
    signal,
  );
}

/** A subscription that cannot be renewed today is no reason to leave out the rest: it lasts for three days. */
async function renewSubscription(
  context: ConnectionContext,
  userId: string,
  source: TokenSource,
  signal: AbortSignal,
): Promise<void> {
  // The tokens have just been saved.
  const record = await context.managers.load(userId, signal);
  if (!hasConnection(record) || record.connection.value.status !== 'connected') return;
  try {
    await ensureSubscription(context, record, source, signal);
  } catch (error) {
    if (isAppError(error, 'microsoft_throttled', 'reconnect_required')) throw error;
    context.log.warn('subscription_not_renewed', { code: codeOf(error) });
  }
}

/** If Microsoft asks for one account to wait, all of them do. */
interface Slice {
  waitUntil: number;
  readonly ends: number;
  readonly signal: AbortSignal;
}

async function refreshWithBackoff(
  context: ConnectionContext,
  { userId }: ScannedConnection,
  slice: Slice,
): Promise<AccountOutcome> {
  for (let attempt = 1; ; attempt++) {
    if (slice.waitUntil >= slice.ends) return 'deferred';
    const waitMs = slice.waitUntil - context.now();
    if (waitMs > 0) await pause(waitMs, slice.signal);
    try {
      const signal = deadlineSignal(ACCOUNT_MS, slice.signal);
      await refreshConnection(context, userId, signal);
      return 'refreshed';
    } catch (error) {
      if (!isAppError(error, 'microsoft_throttled') || attempt === MAX_TRIES) throw error;
      slice.waitUntil = Math.max(slice.waitUntil, context.now() + (error.retryAfterMs ?? DEFAULT_PAUSE_MS));
    }
  }
}

/** One bad account is no reason to leave out the others. */
async function refreshSafely(
  context: ConnectionContext,
  scanned: ScannedConnection,
  slice: Slice,
): Promise<AccountOutcome> {
  if (scanned.status === 'disconnected') return 'disconnected';
  try {
    if (scanned.status === 'connected') return await refreshWithBackoff(context, scanned, slice);
  } catch (error) {
    if (!isAppError(error, 'reconnect_required')) {
      context.log.error('keep_alive_account_failed', {}, error);
      return 'failed';
    }
  }
  try {
    await remindToReconnect(context, scanned.userId);
  } catch (error) {
    context.log.error('reminder_failed', {}, error);
  }
  return 'reconnect';
}

/**
 * One slice of the daily run.
 * @param options.sliceMs default 4 minutes. @param options.pageSize default 40 accounts
 * @throws AppError `storage_unavailable`
 */
export async function keepAlive(
  context: ConnectionContext,
  options: { readonly sliceMs?: number; readonly pageSize?: number } = {},
): Promise<KeepAliveReport> {
  const counts = { refreshed: 0, reconnect: 0, failed: 0, disconnected: 0 };
  const signal = deadlineSignal(LEASE_MS);
  const lease = await acquireDailyLease(context.timers, TIMER, context.now(), LEASE_MS, signal);
  if (typeof lease === 'string') return { outcome: 'skipped', isOver: lease === 'done', ...counts };

  const ends = context.now() + (options.sliceMs ?? SLICE_MS);
  const slice: Slice = { waitUntil: 0, ends, signal };
  let { cursor } = lease;
  const pages = context.managers.scanConnections(cursor, signal, options.pageSize ?? PAGE_SIZE);
  for await (const page of pages) {
    if (page.length === 0) continue;
    const outcomes = await mapConcurrently(page, CONCURRENCY, (scanned) =>
      refreshSafely(context, scanned, slice),
    );
    for (const outcome of outcomes) if (outcome !== 'deferred') counts[outcome]++;
    // Whoever was deferred is first in the next slice.
    const deferred = outcomes.indexOf('deferred');
    cursor = page[(deferred === -1 ? page.length : deferred) - 1]?.cursor ?? cursor;
    const isCut = deferred !== -1 || context.now() >= ends;
    const leasedUntil = isCut ? 0 : context.now() + LEASE_MS;
    const isOurs = await lease.save({ cursor, done: false, leasedUntil });
    if (isCut || !isOurs) return { outcome: 'cut', isOver: false, ...counts };
  }
  await context.signIns.deleteExpired(context.now(), signal);
  await context.managers.deleteLinkStates(context.now(), signal);
  await lease.save({ cursor: null, done: true, leasedUntil: 0 });
  return { outcome: 'completed', isOver: true, ...counts };
}
