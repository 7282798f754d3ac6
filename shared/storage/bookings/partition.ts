// One manager's rows of the bookings table, as holds and transitions read and write them.
import { odata } from '@azure/data-tables';
import type { Booking, IdempotencyKey } from '../../booking/store.ts';
import { deadlineExceeded } from '../../core/deadline.ts';
import type { Encryption } from '../../core/encryption.ts';
import { AGAIN, done, pause, retryConcurrent } from '../../core/retry.ts';
import type { Interval } from '../../scheduling/schedule.ts';
import { managerKey, numberOf, textOf } from '../rows.ts';
import type { Operation, Row, StoredRow, TableAccess, TransactionOutcome } from '../tables.ts';
import {
  bookingKey,
  bucketKey,
  bucketRange,
  bucketsOf,
  callWorkKey,
  fromBookingRow,
  toBookingRow,
  toRequestRow,
} from './rows.ts';

const BOOKINGS = 'bookings';
/** Callers for one day take turns; fifty at once is more than a phone number gets. */
const MAX_TRIES = 60;
const MAX_PAUSE_MS = 40;

/** Inserts a row that is not there, replaces the one that was read. */
export function put(row: Row, was: StoredRow | null): Operation {
  return was === null ? { kind: 'insert', row } : { kind: 'replace', row, etag: was.etag };
}

/** Everything below ends at one signal. */
export interface Partition {
  readonly key: string;
  readonly signal: AbortSignal;
  read(rowKey: string): Promise<StoredRow | null>;
  /** Both ends included. */
  readRange(from: string, to: string): Promise<StoredRow[]>;
  booking(bookingId: string): Promise<Booking | null>;
  bookingRow(booking: Omit<Booking, 'version'>): Promise<Row>;
  /** The ids of the bookings that hold any of the buckets of a time, in order of time. */
  holders(
    at: Interval,
    bufferMinutes: number,
  ): Promise<{ readonly rowKey: string; readonly bookingId: string }[]>;
  /** The keys of the buckets that a booking holds. */
  ownBuckets(booking: Booking): Promise<Set<string>>;
  write(operations: readonly Operation[]): Promise<TransactionOutcome>;
  replace(row: Row, etag: string): Promise<string | null>;
  /** Runs one attempt after another until one does not meet another writer. @throws AppError `concurrent_update` */
  untilWritten<T>(attempt: () => Promise<T | 'again'>): Promise<T>;
}

/**
 * Opens one manager's partition of the table `bookings`.
 * @param signal ends every read and write
 */
export function openPartition(
  tables: TableAccess,
  encryption: Encryption,
  userId: string,
  signal: AbortSignal,
): Partition {
  const key = managerKey(userId);
  const read = (rowKey: string): Promise<StoredRow | null> =>
    tables.getOrNull(BOOKINGS, key, rowKey, { signal });
  const readRange = async (from: string, to: string): Promise<StoredRow[]> => {
    const rows: StoredRow[] = [];
    const filter = odata`PartitionKey eq ${key} and RowKey ge ${from} and RowKey le ${to}`;
    for await (const page of tables.query(BOOKINGS, filter, { signal })) rows.push(...page);
    return rows;
  };
  return {
    key,
    signal,
    read,
    readRange,
    async booking(bookingId) {
      const row = await read(bookingKey(bookingId));
      return row && fromBookingRow(row, encryption);
    },
    async bookingRow(booking) {
      if (booking.readable) return toBookingRow(key, booking, encryption);
      // What cannot be decrypted stays as it is.
      const row = await read(bookingKey(booking.bookingId));
      return toBookingRow(key, booking, encryption, (row && textOf(row, 'details')) ?? '');
    },
    async holders(at, bufferMinutes) {
      const buckets = bucketsOf(at, bufferMinutes);
      const rows = await readRange(bucketKey(buckets[0] ?? 0), bucketKey(buckets.at(-1) ?? 0));
      return rows.map((row) => ({ rowKey: row.rowKey, bookingId: textOf(row, 'booking') ?? '' }));
    },
    async ownBuckets({ bookingId, interval, movingTo }) {
      const times = movingTo === null ? [interval] : [interval, movingTo];
      const ranges = await Promise.all(
        times.map((at) => {
          const { from, to } = bucketRange(at);
          return readRange(from, to);
        }),
      );
      const own = ranges.flat().filter((row) => textOf(row, 'booking') === bookingId);
      return new Set(own.map(({ rowKey }) => rowKey));
    },
    write: (operations) => tables.transact(BOOKINGS, operations, { signal }),
    async replace(row, etag) {
      const written = await tables.replace(BOOKINGS, row, etag, { signal });
      return written.kind === 'replaced' ? written.etag : null;
    },
    async untilWritten(attempt) {
      return retryConcurrent(
        async () => {
          if (signal.aborted) throw deadlineExceeded();
          const outcome = await attempt();
          if (outcome !== 'again') return done(outcome);
          await pause(Math.random() * MAX_PAUSE_MS, signal).catch(() => undefined);
          return AGAIN;
        },
        { attempts: MAX_TRIES },
      );
    },
  };
}

/** Makes the keys of a request and its call point at a booking. */
export function requestOperations(
  { key: partitionKey }: Partition,
  { keys, callKey }: { keys: readonly IdempotencyKey[]; callKey: string | null },
  bookingId: string,
  expiresAt: number,
): Operation[] {
  const rows = keys.map((key) => toRequestRow(partitionKey, key, bookingId));
  if (callKey !== null)
    rows.push({
      partitionKey,
      rowKey: callWorkKey(callKey, bookingId),
      booking: bookingId,
      sweep_at: expiresAt,
    });
  return rows.map((row) => ({ kind: 'upsert', row }));
}

/** What a request row says; null if there is none or it has expired. */
export function requestOf(
  row: StoredRow | null,
  now: number,
): { bookingId: string; start: number | null; isCarriedOut: boolean } | null {
  const bookingId = bookingIdOf(row, now);
  if (row === null || bookingId === null) return null;
  return { bookingId, start: numberOf(row, 'start'), isCarriedOut: row['carried_out'] === true };
}

/** Which booking a request row points at; null if there is none or it has expired. */
export function bookingIdOf(row: StoredRow | null, now: number): string | null {
  return row !== null && (numberOf(row, 'sweep_at') ?? 0) > now ? textOf(row, 'booking') : null;
}
