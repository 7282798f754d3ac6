// Bringing a booking to rest: its claims on time become one stretch alone, or nothing, in one transaction with its lists.
import type { Booking, BookingStore, DayEntry, Limits, Transition } from '../../booking/store.ts';
import type { Interval } from '../../scheduling/schedule.ts';
import { localDate } from '../../scheduling/zone.ts';
import {
  bucketKey,
  bucketsOf,
  callerRowKey,
  dayKey,
  entriesOf,
  toBookingRow,
  toBucketRow,
  toEntriesRow,
} from './rows.ts';
import { BOOKINGS, put, untilSettled } from './table.ts';
import type { BookingTable } from './table.ts';
import type { Encryption } from '../../core/encryption.ts';
import type { Operation, TableAccess } from '../tables.ts';
import { managerKey } from '../rows.ts';

const MAX_OPERATIONS = 100;
/** Duration and buffer are 6 hours together at most. */
const MAX_BUCKETS = 72;

function isSame(a: Interval, b: Interval): boolean {
  return a.start === b.start && a.end === b.end;
}

function settledBooking(
  booking: Booking,
  to: Transition,
  days: readonly string[],
  now: number,
): Omit<Booking, 'version'> {
  const moved = to.interval !== null && !isSame(to.interval, booking.interval);
  return {
    ...booking,
    state: to.state,
    interval: to.interval ?? booking.interval,
    movingTo: null,
    movedFrom: moved ? booking.interval : booking.movedFrom,
    changedAt: now,
    eventId: to.eventId ?? booking.eventId,
    webLink: to.webLink ?? booking.webLink,
    days,
  };
}

export function createSettle(
  tables: TableAccess,
  encryption: Encryption,
  table: BookingTable,
): BookingStore['settle'] {
  const { read, holdersOf, ownBuckets, dropPending } = table;

  /** What changes around a booking whose claims become `target` alone, or nothing. */
  const shiftOperations = async (
    partition: string,
    booking: Booking,
    target: Interval | null,
    limits: Limits,
    now: number,
  ): Promise<{ operations: Operation[]; days: string[] }> => {
    const { bookingId, callerKey } = booking;
    const own = await ownBuckets(partition, booking);
    const wanted = new Map(
      (target === null ? [] : bucketsOf(target, limits.bufferMinutes))
        // A viewing that the manager stretched over days blocks by its event; a transaction holds 100 rows.
        .slice(0, MAX_BUCKETS)
        .map((bucket) => [bucketKey(bucket), bucket]),
    );
    const drop = [...own].filter((key) => !wanted.has(key));
    const missing = [...wanted].filter(([key]) => !own.has(key));
    // Where the manager moved it, Outlook has decided: what another booking holds there stays that one's.
    const held =
      target === null || missing.length === 0
        ? new Set<string>()
        : new Set((await holdersOf(partition, target, limits.bufferMinutes)).map(({ rowKey }) => rowKey));

    const day = target && localDate(target.start, limits.timeZone);
    const allDays = [...new Set([...booking.days, ...(day === null ? [] : [day])])];
    const dayOperations = await Promise.all(
      allDays.map(async (name): Promise<Operation[]> => {
        const row = await read(partition, dayKey(name));
        const all = entriesOf(row);
        const since = Math.min(now, ...all.filter((e) => e.bookingId === bookingId).map((e) => e.since));
        const rest = all.filter((entry) => entry.bookingId !== bookingId);
        const entries = target && name === day ? [...rest, { bookingId, interval: target, since }] : rest;
        return row === null && entries.length === 0
          ? []
          : [put(toEntriesRow(partition, dayKey(name), entries), row)];
      }),
    );
    const callerRow = callerKey === null ? null : await read(partition, callerRowKey(callerKey));
    const mine = entriesOf(callerRow).filter((entry) => entry.bookingId !== bookingId);
    const callers: DayEntry[] = target ? [...mine, { bookingId, interval: target, since: now }] : mine;
    return {
      operations: [
        ...drop.map((rowKey): Operation => ({ kind: 'delete', partitionKey: partition, rowKey })),
        ...missing
          .filter(([key]) => !held.has(key))
          .map(([, bucket]): Operation => ({
            kind: 'insert',
            row: toBucketRow(partition, bucket, bookingId, target ?? booking.interval),
          })),
        ...dayOperations.flat(),
        ...(callerKey === null || (callerRow === null && target === null)
          ? []
          : [put(toEntriesRow(partition, callerRowKey(callerKey), callers), callerRow)]),
      ],
      days: day === null ? [] : [day],
    };
  };

  const settle: BookingStore['settle'] = async (userId, booking, to, limits, now) => {
    const partition = managerKey(userId);
    const stays = to.interval !== null && booking.movingTo === null && isSame(to.interval, booking.interval);
    const settled = await untilSettled(async () => {
      const { operations, days } = stays
        ? { operations: [], days: booking.days }
        : await shiftOperations(partition, booking, to.interval, limits, now);
      const next = settledBooking(booking, to, days, now);
      const head: Operation = {
        kind: 'replace',
        row: await toBookingRow(partition, next, encryption),
        etag: booking.version,
      };
      // Only a viewing of many hours that the manager moved has this many: its old buckets go first.
      const deletes = operations.filter(({ kind }) => kind === 'delete');
      const tooMany = operations.length >= MAX_OPERATIONS;
      const rest = tooMany ? operations.filter(({ kind }) => kind !== 'delete') : operations;
      for (let from = 0; tooMany && from < deletes.length; from += MAX_OPERATIONS)
        await tables.transact(BOOKINGS, deletes.slice(from, from + MAX_OPERATIONS));
      const written = await tables.transact(BOOKINGS, [head, ...rest]);
      if (written.ok) return { ...next, version: written.etags[0] ?? '' };
      return written.index === 0 ? null : 'again';
    });
    if (settled !== null) await dropPending(userId, booking.bookingId);
    return settled;
  };

  return settle;
}
