// The rows of bookings, as claims and settlements read them.
import { odata } from '@azure/data-tables';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Booking, IdempotencyKey } from '../../booking/store.ts';
import { AppError } from '../../core/errors.ts';
import type { Interval } from '../../scheduling/schedule.ts';
import type { Encryption } from '../../core/encryption.ts';
import type { Operation, Row, StoredRow, TableAccess } from '../tables.ts';
import { managerKey, numberOf, textOf } from '../rows.ts';
import { bookingKey, bucketKey, bucketRange, bucketsOf, fromBookingRow, requestRowKey } from './rows.ts';

export const BOOKINGS = 'bookings';
export const PENDING = 'pending';
/** Callers for one day take turns; fifty at once is more than a phone number gets. */
const MAX_TRIES = 60;
const MAX_PAUSE_MS = 40;

/** Inserts a row that is not there, replaces the one that was read. */
export function put(row: Row, was: StoredRow | null): Operation {
  return was === null ? { kind: 'insert', row } : { kind: 'replace', row, etag: was.etag };
}

export function isStanding({ state }: Booking): boolean {
  return state === 'held' || state === 'booked' || state === 'moving';
}

/** Runs one attempt after another until one is not crossed by another writer. */
export async function untilSettled<T>(attempt: () => Promise<T | 'again'>): Promise<T> {
  for (let count = 0; count < MAX_TRIES; count += 1) {
    const outcome = await attempt();
    if (outcome !== 'again') return outcome;
    await sleep(Math.random() * MAX_PAUSE_MS);
  }
  throw new AppError('storage_unavailable', 'Too many writers at once');
}

export type BookingTable = ReturnType<typeof createBookingTable>;

/** What claiming and settling both read, and the note of work in flight. */
export function createBookingTable(tables: TableAccess, encryption: Encryption) {
  const read = (partition: string, rowKey: string): Promise<StoredRow | null> =>
    tables.getOrNull(BOOKINGS, partition, rowKey);

  const readRange = async (partition: string, from: string, to: string): Promise<StoredRow[]> => {
    const rows: StoredRow[] = [];
    const filter = odata`PartitionKey eq ${partition} and RowKey ge ${from} and RowKey le ${to}`;
    for await (const page of tables.query(BOOKINGS, filter)) rows.push(...page);
    return rows;
  };

  const getBooking = async (partition: string, bookingId: string): Promise<Booking | null> => {
    const row = await read(partition, bookingKey(bookingId));
    return row && fromBookingRow(row, encryption);
  };

  const holdersOf = async (partition: string, at: Interval, bufferMinutes: number): Promise<StoredRow[]> => {
    const buckets = bucketsOf(at, bufferMinutes);
    return readRange(partition, bucketKey(buckets[0] ?? 0), bucketKey(buckets.at(-1) ?? 0));
  };

  const ownBuckets = async (partition: string, booking: Booking): Promise<Set<string>> => {
    const times = booking.movingTo === null ? [booking.interval] : [booking.interval, booking.movingTo];
    const ranges = await Promise.all(
      times.map((at) => {
        const { from, to } = bucketRange(at);
        return readRange(partition, from, to);
      }),
    );
    return new Set(
      ranges
        .flat()
        .filter((row) => textOf(row, 'booking') === booking.bookingId)
        .map(({ rowKey }) => rowKey),
    );
  };

  /** Makes the request rows point at this booking. */
  const requestOperations = async (
    partition: string,
    requests: readonly IdempotencyKey[],
    bookingId: string,
  ): Promise<Operation[]> =>
    Promise.all(
      requests.map(async ({ key, expiresAt }) =>
        put(
          {
            partitionKey: partition,
            rowKey: requestRowKey(key),
            booking: bookingId,
            sweep_at: expiresAt,
          },
          await read(partition, requestRowKey(key)),
        ),
      ),
    );

  const notePending = (userId: string, bookingId: string, now: number): Promise<void> =>
    tables.upsert(PENDING, {
      partitionKey: PENDING,
      rowKey: `${managerKey(userId)}.${bookingId}`,
      user_id: userId,
      since: now,
    });

  const dropPending = async (userId: string, bookingId: string): Promise<void> => {
    await tables.delete(PENDING, PENDING, `${managerKey(userId)}.${bookingId}`);
  };

  const findByRequest = async (
    partition: string,
    requests: readonly IdempotencyKey[],
    now: number,
  ): Promise<Booking | null> => {
    const rows = await Promise.all(requests.map(({ key }) => read(partition, requestRowKey(key))));
    const ids = rows
      .filter((row) => row !== null)
      .filter((row) => (numberOf(row, 'sweep_at') ?? 0) > now)
      .map((row) => textOf(row, 'booking') ?? '');
    const found = await Promise.all([...new Set(ids)].map((id) => getBooking(partition, id)));
    const bookings = found.filter((booking) => booking !== null);
    return bookings.find(isStanding) ?? bookings[0] ?? null;
  };

  return {
    read,
    readRange,
    getBooking,
    holdersOf,
    ownBuckets,
    requestOperations,
    notePending,
    dropPending,
    findByRequest,
  };
}
