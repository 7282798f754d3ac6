// Bookings and the time they hold, in one partition per manager, and the notes of work in flight.
import { odata } from '@azure/data-tables';
import { randomUUID } from 'node:crypto';
import { CALL_MS } from '../../booking/idempotency-keys.ts';
import { isFinal } from '../../booking/state.ts';
import type { Booking, BookingStore, ManagerBookings, PendingWork } from '../../booking/store.ts';
import { deadlineSignal } from '../../core/deadline.ts';
import { SECOND_MS } from '../../core/duration.ts';
import { codeOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Encryption } from '../../core/encryption.ts';
import { managerKey, numberOf, textOf } from '../rows.ts';
import type { TableAccess } from '../tables.ts';
import { holdMove, holdTime } from './hold.ts';
import { bookingIdOf, openPartition, put, requestOf } from './partition.ts';
import {
  callerRowKey,
  callWorkKey,
  dayKey,
  entriesOf,
  missesKey,
  missesOf,
  removedOf,
  requestRowKey,
  toMissesRow,
} from './rows.ts';
import { applyTransition, renewHold } from './transition.ts';

const PENDING = 'pending';
/** A write that records a decision is not cut off by the deadline of the request: it has this long of its own. */
const DECISION_MS = 3 * SECOND_MS;

function pendingKey(userId: string, bookingId: string, workId: string): string {
  return `${managerKey(userId)}.${bookingId}.${workId}`;
}

/** For tests: a shorter time limit. */
export interface BookingStoreOptions {
  /** How long a write that records a decision may take, in milliseconds. Default 3,000. */
  readonly decisionMs?: number;
}

/** Bookings in the tables `bookings` and `pending`. `ManagerBookings` and `BookingStore` document the methods. */
export function createBookingStore(
  tables: TableAccess,
  encryption: Encryption,
  log: Log,
  { decisionMs = DECISION_MS }: BookingStoreOptions = {},
): BookingStore {
  const savePending = async (
    { userId, bookingId, workId, since, looks }: PendingWork,
    signal?: AbortSignal,
  ): Promise<void> => {
    const rowKey = pendingKey(userId, bookingId, workId);
    const row = { partitionKey: PENDING, rowKey, user_id: userId, since, looks };
    await tables.upsert(PENDING, row, { ...(signal && { signal }) });
  };
  const forgetPending = async (work: Pick<PendingWork, 'userId' | 'bookingId' | 'workId'>): Promise<void> => {
    await tables.delete(PENDING, PENDING, pendingKey(work.userId, work.bookingId, work.workId));
  };
  /** After the work is done. A note that stays is removed by the timer, which finds nothing to do. */
  const dropPending = async (work: Pick<PendingWork, 'userId' | 'bookingId' | 'workId'>): Promise<void> => {
    try {
      await forgetPending(work);
    } catch (error) {
      log.warn('pending_note_left', { booking: work.bookingId, code: codeOf(error) });
    }
  };

  const of = (userId: string, signal: AbortSignal): ManagerBookings => {
    const partition = openPartition(tables, encryption, userId, signal);
    const forDecision = () => openPartition(tables, encryption, userId, deadlineSignal(decisionMs));

    const get = async (bookingIds: readonly string[]): Promise<Booking[]> => {
      const bookings = await Promise.all(bookingIds.map((id) => partition.booking(id)));
      return bookings.filter((booking) => booking !== null);
    };

    /** A note is written before the work, under a name of its own: the end of other work cannot remove it. */
    const noted = async <T extends { readonly kind: string }>(
      { bookingId, workId }: { readonly bookingId: string; readonly workId: string },
      since: number,
      work: () => Promise<T>,
    ): Promise<T> => {
      await savePending({ userId, bookingId, workId, since, looks: 0 }, signal);
      const outcome = await work();
      if (outcome.kind !== 'held') await dropPending({ userId, bookingId, workId });
      return outcome;
    };

    const apply: ManagerBookings['apply'] = async (booking, transition, shape, now) => {
      const { bookingId } = booking;
      const isAtRest = isFinal(transition.to) && transition.watch !== true;
      const isNew = !isFinal(transition.to) && (booking.workId === null || isFinal(booking.state));
      const workId = isNew ? randomUUID() : booking.workId;
      if (isNew && workId !== null) await savePending({ userId, bookingId, workId, since: now, looks: 0 });
      const next = isAtRest ? null : workId;
      const applied = await applyTransition(forDecision(), booking, transition, next, shape, now);
      const ended = applied === null ? (isNew ? workId : null) : isAtRest ? booking.workId : null;
      if (ended !== null) await dropPending({ userId, bookingId, workId: ended });
      return applied;
    };

    /** @param change null leaves them as they are. @returns whether they were changed */
    const changeMisses = (
      callKey: string,
      now: number,
      change: (misses: readonly string[]) => readonly string[] | null,
    ): Promise<boolean> =>
      partition.untilWritten(async () => {
        const row = await partition.read(missesKey(callKey));
        const misses = change(missesOf(row));
        if (misses === null) return false;
        const written = await partition.write([
          put({ ...toMissesRow(partition.key, callKey, misses), sweep_at: now + CALL_MS }, row),
        ]);
        return written.ok ? true : 'again';
      });

    return {
      get,
      apply,

      async listDays(from, to) {
        const rows = await partition.readRange(dayKey(from), dayKey(to));
        return { entries: rows.flatMap(entriesOf), removed: rows.flatMap(removedOf) };
      },

      async listViewings(from, to) {
        const rows = await partition.readRange(dayKey(from), dayKey(to));
        const ids = new Set(rows.flatMap(entriesOf).map(({ bookingId }) => bookingId));
        const bookings = await get([...ids]);
        return bookings.sort((a, b) => a.interval.start - b.interval.start);
      },

      async lookUp(keys, callKey, now) {
        const [rows, work] = await Promise.all([
          Promise.all(keys.map(({ key }) => partition.read(requestRowKey(key)))),
          callKey === null
            ? []
            : partition.readRange(callWorkKey(callKey, ''), callWorkKey(callKey, '\u007e')),
        ]);
        const byKey = rows.map((row) => requestOf(row, now));
        const ofCall = work.map((row) => bookingIdOf(row, now)).filter((id) => id !== null);
        const ids = new Set([...byKey.flatMap((known) => known?.bookingId ?? []), ...ofCall]);
        const found = new Map((await get([...ids])).map((booking) => [booking.bookingId, booking]));
        return {
          byKey: byKey.map((known) => {
            const booking = known === null ? undefined : found.get(known.bookingId);
            return known === null || booking === undefined ? null : { ...known, booking };
          }),
          ofCall: ofCall
            .map((id) => found.get(id))
            .filter((booking) => booking !== undefined)
            .filter(({ state }) => !isFinal(state)),
        };
      },

      async listCaller(callerKey, now) {
        const entries = entriesOf(await partition.read(callerRowKey(callerKey)));
        return entries.filter(({ interval }) => interval.end > now).map(({ bookingId }) => bookingId);
      },

      hold(booking, options) {
        const { bookingId } = booking;
        // Its first work has its own name, so that `release` knows it although no answer came.
        const workId = bookingId;
        return noted({ bookingId, workId }, options.now, () => holdTime(partition, booking, options, workId));
      },

      holdMove(booking, to, options) {
        const { bookingId } = booking;
        const workId = randomUUID();
        return noted({ bookingId, workId }, options.now, () =>
          holdMove(partition, booking, to, options, workId),
        );
      },

      async renew(booking, now, { keys = [], invitation = booking.invitation } = {}) {
        const { bookingId } = booking;
        const workId = randomUUID();
        await savePending({ userId, bookingId, workId, since: now, looks: 0 });
        const renewed = await renewHold(forDecision(), booking, { workId, invitation, keys }, now);
        const ended = renewed === null ? workId : booking.workId;
        if (ended !== null) await dropPending({ userId, bookingId, workId: ended });
        return renewed;
      },

      async release(bookingId, shape, now) {
        const booking = await forDecision().booking(bookingId);
        if (booking?.state === 'held' && booking.workId === bookingId)
          await apply(booking, { to: 'freed' }, shape, now);
      },

      async addMiss(callKey, named, limit, now) {
        let isAllowed = true;
        await changeMisses(callKey, now, (misses) => {
          const isKnown = misses.includes(named);
          isAllowed = isKnown || misses.length < limit;
          return isKnown || !isAllowed ? null : [...misses, named];
        });
        return isAllowed;
      },

      async removeMiss(callKey, named, now) {
        await changeMisses(callKey, now, (misses) =>
          misses.includes(named) ? misses.filter((other) => other !== named) : null,
        );
      },
    };
  };

  return {
    of,
    savePending: (work) => savePending(work),
    forgetPending,
    async *listPending() {
      for await (const page of tables.query(PENDING, odata`PartitionKey eq ${PENDING}`)) {
        for (const row of page) {
          const [, bookingId = '', workId = ''] = row.rowKey.split('.');
          yield {
            userId: textOf(row, 'user_id') ?? '',
            bookingId,
            workId,
            since: numberOf(row, 'since') ?? 0,
            looks: numberOf(row, 'looks') ?? 0,
          };
        }
      }
    },
  };
}

/** Removes the rows whose time has passed. @returns how many were removed */
export async function sweepBookings(tables: TableAccess, now: number, signal: AbortSignal): Promise<number> {
  let swept = 0;
  for await (const page of tables.query('bookings', `sweep_at lt ${now}L`, { signal, select: [] })) {
    for (const { partitionKey, rowKey, etag } of page) {
      // With its etag: one that was taken into use again stays.
      if ((await tables.delete('bookings', partitionKey, rowKey, { signal, etag })) === 'deleted') swept += 1;
    }
  }
  return swept;
}
