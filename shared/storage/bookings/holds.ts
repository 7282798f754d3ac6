/**
 * Claiming time for a viewing, or for its move.
 *
 * A claim is one transaction: the buckets of its time, the booking, its day, its caller and the request. A bucket that stands cannot be
 * inserted again, so overlap cannot be written; the rows that lists share carry etags, so limits hold when many claim at once.
 */
import type { Booking, BookingStore, ClaimOutcome, DayEntry, Limits } from '../../booking/store.ts';
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
import { BOOKINGS, isStanding, put, untilSettled } from './table.ts';
import type { BookingTable } from './table.ts';
import type { Encryption } from '../../core/encryption.ts';
import type { Operation, TableAccess } from '../tables.ts';
import { managerKey, textOf } from '../rows.ts';

/** Why a day or a caller takes no more, or null. */
function limitReached(
  day: readonly DayEntry[],
  mine: readonly DayEntry[],
  { dailyLimit, callerLimit }: Limits,
): { kind: 'day_full' | 'caller_limit'; bookingIds: string[] } | null {
  // One that is moving within the day is listed twice.
  const today = [...new Set(day.map(({ bookingId }) => bookingId))];
  if (dailyLimit !== null && today.length >= dailyLimit) return { kind: 'day_full', bookingIds: today };
  return mine.length >= callerLimit
    ? { kind: 'caller_limit', bookingIds: mine.map(({ bookingId }) => bookingId) }
    : null;
}

export function createClaims(
  tables: TableAccess,
  encryption: Encryption,
  table: BookingTable,
): Pick<BookingStore, 'claim' | 'claimMove'> {
  const { read, holdersOf, ownBuckets, requestOperations, notePending, dropPending, findByRequest } = table;

  const claim: BookingStore['claim'] = async (userId, { booking: wanted, requests, limits, now }) => {
    const partition = managerKey(userId);
    const { bookingId, interval, callerKey } = wanted;
    const day = localDate(interval.start, limits.timeZone);
    const entry: DayEntry = { bookingId, interval, since: now };
    // Written first: whatever a crash leaves behind, the sweeping timer hears of it.
    await notePending(userId, bookingId, now);

    const findRepeat = async (): Promise<ClaimOutcome | null> => {
      const earlier = await findByRequest(partition, requests, now);
      return earlier !== null && isStanding(earlier) && earlier.interval.start === interval.start
        ? { kind: 'repeat', booking: earlier }
        : null;
    };

    const outcome = await untilSettled(async (): Promise<ClaimOutcome | 'again'> => {
      const [repeat, dayRow, callerRow, requestRows] = await Promise.all([
        findRepeat(),
        read(partition, dayKey(day)),
        callerKey === null ? null : read(partition, callerRowKey(callerKey)),
        requestOperations(partition, requests, bookingId),
      ]);
      if (repeat !== null) return repeat;
      const entries = entriesOf(dayRow);
      const mine = entriesOf(callerRow).filter((other) => other.interval.end > now);
      const full = limitReached(entries, mine, limits);
      // What is in the way may be this very request, sent twice and written since the look above.
      if (full !== null) return (await findRepeat()) ?? full;

      const booking: Omit<Booking, 'version'> = {
        ...wanted,
        state: 'held',
        movingTo: null,
        movedFrom: null,
        changedAt: now,
        eventId: null,
        webLink: '',
        days: [day],
      };
      const buckets = bucketsOf(interval, limits.bufferMinutes);
      const operations: Operation[] = [
        { kind: 'insert', row: await toBookingRow(partition, booking, encryption) },
        ...buckets.map((bucket): Operation => ({
          kind: 'insert',
          row: toBucketRow(partition, bucket, bookingId, interval),
        })),
        put(toEntriesRow(partition, dayKey(day), [...entries, entry]), dayRow),
        ...(callerKey === null
          ? []
          : [put(toEntriesRow(partition, callerRowKey(callerKey), [...mine, entry]), callerRow)]),
        ...requestRows,
      ];
      const written = await tables.transact(BOOKINGS, operations);
      if (written.ok) return { kind: 'claimed', booking: { ...booking, version: written.etags[0] ?? '' } };
      const holders = await holdersOf(partition, interval, limits.bufferMinutes);
      const bookingIds = [...new Set(holders.map((row) => textOf(row, 'booking') ?? ''))];
      if (bookingIds.length === 0) return 'again';
      return (await findRepeat()) ?? { kind: 'taken', bookingIds };
    });
    if (outcome.kind !== 'claimed') await dropPending(userId, bookingId);
    return outcome;
  };

  const claimMove: BookingStore['claimMove'] = async (userId, booking, to, { requests, limits, now }) => {
    const partition = managerKey(userId);
    const { bookingId } = booking;
    const day = localDate(to.start, limits.timeZone);
    await notePending(userId, bookingId, now);
    return untilSettled(async () => {
      const [dayRow, own, requestRows] = await Promise.all([
        read(partition, dayKey(day)),
        ownBuckets(partition, booking),
        requestOperations(partition, requests, bookingId),
      ]);
      const entries = entriesOf(dayRow);
      const others = entries.filter((entry) => entry.bookingId !== bookingId);
      const full = limitReached(others, [], limits);
      if (full?.kind === 'day_full') return { kind: 'day_full' as const, bookingIds: full.bookingIds };

      const moving: Omit<Booking, 'version'> = {
        ...booking,
        state: 'moving',
        movingTo: to,
        changedAt: now,
        days: [...new Set([...booking.days, day])],
      };
      const missing = bucketsOf(to, limits.bufferMinutes).filter((bucket) => !own.has(bucketKey(bucket)));
      const written = await tables.transact(BOOKINGS, [
        { kind: 'replace', row: await toBookingRow(partition, moving, encryption), etag: booking.version },
        ...missing.map((bucket): Operation => ({
          kind: 'insert',
          row: toBucketRow(partition, bucket, bookingId, to),
        })),
        put(
          toEntriesRow(partition, dayKey(day), [...entries, { bookingId, interval: to, since: now }]),
          dayRow,
        ),
        ...requestRows,
      ]);
      if (written.ok)
        return { kind: 'claimed' as const, booking: { ...moving, version: written.etags[0] ?? '' } };
      if (written.index === 0) return { kind: 'changed' as const };
      const holders = await holdersOf(partition, to, limits.bufferMinutes);
      const bookingIds = [...new Set(holders.map((row) => textOf(row, 'booking') ?? ''))].filter(
        (id) => id !== bookingId,
      );
      return bookingIds.length > 0 ? { kind: 'taken' as const, bookingIds } : 'again';
    });
  };

  return { claim, claimMove };
}
