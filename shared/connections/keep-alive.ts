// Refresh tokens die after 90 idle days, and nobody notices before a caller does. So every connection is used once a day.
// The run is cut into slices that fit into the function's timeout: a cursor says where the next slice goes on, and a lease
// that each page renews keeps two instances from working at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { isAppError } from '../core/errors.ts';
import type { AppError } from '../core/errors.ts';
import type { ScannedConnection, Stored, TimerState } from './connection.ts';
import type { ConnectionContext } from './context.ts';
import { refreshTokens } from './refresh.ts';
import { remindToReconnect } from './remind-to-reconnect.ts';

const TIMER = 'keep-alive';
/** A slice ends with the page that is under way then: well inside the function's timeout of 10 minutes. */
const SLICE_MS = 4 * 60_000;
const ACCOUNT_MS = 30_000;
/** Accounts between two looks at the clock. */
const PAGE_SIZE = 40;
/** A slice and its last page, at the worst. */
const LEASE_MS = SLICE_MS + 3 * 60_000;
/** Graph and the login take far more; this spreads the work. */
const AT_ONCE = 8;
const DEFAULT_PAUSE_MS = 5_000;
const MAX_TRIES = 3;

export interface KeepAliveReport {
  /** `skipped`: today's run is over, or another instance is at it. `cut`: the next slice goes on. */
  readonly outcome: 'completed' | 'cut' | 'skipped';
  readonly refreshed: number;
  readonly reconnect: number;
  readonly failed: number;
  /** Disconnected on purpose. */
  readonly left: number;
}

/** `put_off`: Microsoft asks to wait for longer than this slice lasts. */
type AccountOutcome = 'refreshed' | 'reconnect' | 'failed' | 'left' | 'put_off';

/** Tokens, then zone and hours, of one account. @throws what Microsoft and the tables throw */
async function keepOneAlive(context: ConnectionContext, userId: string, signal: AbortSignal): Promise<void> {
  const { connection } = await context.store.open(userId, signal);
  if (connection?.value.status !== 'connected') return;
  const { accessToken } = await refreshTokens(context, connection, signal);
  const mailbox = await context.mailboxes.readMailbox(accessToken, connection.value.calendarEmail, signal);
  // A mailbox that tells nothing this time has not changed.
  if (mailbox.timeZone === null && mailbox.hours === null) return;
  const { connection: current } = await context.store.open(userId, signal);
  if (current?.value.status !== 'connected') return;
  const isSame = JSON.stringify(current.value.mailbox) === JSON.stringify(mailbox);
  if (isSame) return;
  const value = { ...current.value, mailbox, updatedAt: context.now() };
  await context.store.saveConnection(value, { keep: current }, current.etag, signal);
}

/** Where Microsoft asks one of us to wait, everybody does. */
interface Slice {
  waitUntil: number;
  readonly ends: number;
  readonly signal: AbortSignal;
}

async function tend(
  context: ConnectionContext,
  { userId }: ScannedConnection,
  slice: Slice,
): Promise<AccountOutcome> {
  for (let attempt = 1; ; attempt++) {
    if (slice.waitUntil >= slice.ends) return 'put_off';
    const waitMs = slice.waitUntil - context.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: slice.signal });
    try {
      await keepOneAlive(context, userId, AbortSignal.any([slice.signal, AbortSignal.timeout(ACCOUNT_MS)]));
      return 'refreshed';
    } catch (error) {
      if (!isAppError(error, 'microsoft_throttled') || attempt === MAX_TRIES) throw error;
      slice.waitUntil = Math.max(slice.waitUntil, context.now() + pauseOf(error));
    }
  }
}

function pauseOf({ retryAfterMs }: AppError): number {
  return retryAfterMs ?? DEFAULT_PAUSE_MS;
}

/** One bad account is no reason to leave the others. */
async function tendSafely(
  context: ConnectionContext,
  scanned: ScannedConnection,
  slice: Slice,
): Promise<AccountOutcome> {
  if (scanned.status === 'disconnected') return 'left';
  try {
    if (scanned.status === 'connected') return await tend(context, scanned, slice);
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

/** Eight at a time; the results in the order of the items. */
async function mapAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

async function take(context: ConnectionContext, signal: AbortSignal): Promise<Stored<TimerState> | null> {
  const now = context.now();
  const today = new Date(now).toISOString().slice(0, 10);
  const found = await context.timers.read(TIMER, signal);
  const state = found?.value;
  if (state && (state.leasedUntil > now || (state.run === today && state.done))) return null;
  // A run that a new day has overtaken is finished first: nobody at its end is left out.
  const goesOn = state !== undefined && !state.done;
  const value = {
    run: goesOn ? state.run : today,
    cursor: goesOn ? state.cursor : null,
    done: false,
    leasedUntil: now + LEASE_MS,
  };
  const written = await context.timers.write(TIMER, value, found?.etag ?? null, signal);
  return written.kind === 'written' ? { value, etag: written.etag } : null;
}

/** One slice of the daily run. @throws `storage_unavailable` */
export async function keepAlive(
  context: ConnectionContext,
  options: { readonly sliceMs?: number; readonly pageSize?: number } = {},
): Promise<KeepAliveReport> {
  const counts = { refreshed: 0, reconnect: 0, failed: 0, left: 0 };
  const signal = AbortSignal.timeout(LEASE_MS);
  let lease = await take(context, signal);
  if (!lease) return { outcome: 'skipped', ...counts };

  const keep = async (state: TimerState): Promise<boolean> => {
    if (!lease) return false;
    const written = await context.timers.write(TIMER, state, lease.etag, signal);
    lease = written.kind === 'written' ? { value: state, etag: written.etag } : null;
    return lease !== null;
  };

  const ends = context.now() + (options.sliceMs ?? SLICE_MS);
  const slice: Slice = { waitUntil: 0, ends, signal };
  const { run } = lease.value;
  let { cursor } = lease.value;
  for await (const page of context.store.scan(cursor, signal, options.pageSize ?? PAGE_SIZE)) {
    if (page.length === 0) continue;
    const outcomes = await mapAtOnce(page, (scanned) => tendSafely(context, scanned, slice));
    for (const outcome of outcomes) if (outcome !== 'put_off') counts[outcome]++;
    // Whoever was put off is first in the next slice.
    const putOff = outcomes.indexOf('put_off');
    cursor = page[(putOff === -1 ? page.length : putOff) - 1]?.cursor ?? cursor;
    const isOver = putOff !== -1 || context.now() >= ends;
    const isOurs = await keep({
      run,
      cursor,
      done: false,
      leasedUntil: isOver ? 0 : context.now() + LEASE_MS,
    });
    if (isOver || !isOurs) return { outcome: 'cut', ...counts };
  }
  await context.states.clear(context.now(), signal);
  await keep({ run, cursor: null, done: true, leasedUntil: 0 });
  return { outcome: 'completed', ...counts };
}
