/**
 * Holding time for a viewing, or for its move.
 *
 * A hold is one transaction: the buckets of its time, the booking, its day, its caller and the request. A bucket that is there
 * cannot be inserted again, so no two viewings can overlap. The rows that lists share carry etags, so limits hold when many ask at
 * once.
 */
import { CALL_MS } from '../../booking/idempotency-keys.ts';
import { isStanding } from '../../booking/state.ts';
import type {
  Booking,
  DayEntry,
  HoldOptions,
  HoldOutcome,
  MoveHoldOutcome,
  NewBooking,
} from '../../booking/store.ts';
import type { Interval } from '../../scheduling/schedule.ts';
import { addDays, localDate } from '../../scheduling/zone.ts';
import type { Operation, StoredRow } from '../tables.ts';
import { bookingIdOf, put, requestOperations } from './partition.ts';
import type { Partition } from './partition.ts';
import {
  bucketKey,
  bucketsOf,
  callerRowKey,
  dayKey,
  entriesOf,
  removedOf,
  requestRowKey,
  toBucketRow,
  toEntriesRow,
} from './rows.ts';

/** The bookings in the way of a time, except `own`. Empty if the time has been freed since. */
async function blockers(
  partition: Partition,
  at: Interval,
  bufferMinutes: number,
  own: string,
): Promise<string[]> {
  const holders = await partition.holders(at, bufferMinutes);
  return [...new Set(holders.map(({ bookingId }) => bookingId))].filter((id) => id !== own);
}

/**
 * A local day: its row, and what counts on it. A viewing that was filed by another time zone, before the manager's changed, may be in
 * the row of the day before or after. One read.
 */
async function readDay(
  partition: Partition,
  day: string,
  timeZone: string,
): Promise<{ readonly row: StoredRow | null; readonly counted: readonly DayEntry[] }> {
  const rows = await partition.readRange(dayKey(addDays(day, -1)), dayKey(addDays(day, 1)));
  return {
    row: rows.find(({ rowKey }) => rowKey === dayKey(day)) ?? null,
    counted: rows.flatMap(entriesOf).filter(({ interval }) => localDate(interval.start, timeZone) === day),
  };
}

/** The booking that an earlier request with one of the keys made for this start, if it is still valid. */
async function findRepeat(
  partition: Partition,
  { keys, now }: HoldOptions,
  start: number,
): Promise<HoldOutcome | null> {
  const rows = await Promise.all(keys.map(({ key }) => partition.read(requestRowKey(key))));
  const ids = new Set(rows.map((row) => bookingIdOf(row, now)).filter((id) => id !== null));
  const found = await Promise.all([...ids].map((id) => partition.booking(id)));
  const repeat = found.find(
    (booking) => booking !== null && isStanding(booking.state) && booking.interval.start === start,
  );
  return repeat ? { kind: 'repeat', booking: repeat } : null;
}

/**
 * Holds the time of a new booking, with its places in its day and its caller's lists, in one transaction.
 * @param workId names the work in flight
 * @throws AppError `concurrent_update` if other writers came first 60 times
 */
export async function holdTime(
  partition: Partition,
  wanted: NewBooking,
  options: HoldOptions,
  workId: string,
): Promise<HoldOutcome> {
  const { bufferMinutes, timeZone, now } = options;
  const { bookingId, interval, callerKeys, propertyId } = wanted;
  const day = localDate(interval.start, timeZone);
  const entry: DayEntry = { bookingId, interval, propertyId, since: now, changedAt: now };
  const repeatOr = async (outcome: HoldOutcome): Promise<HoldOutcome> =>
    // What is in the way may be this very request, sent twice and written since the first look.
    (await findRepeat(partition, options, interval.start)) ?? outcome;

  return partition.untilWritten(async (): Promise<HoldOutcome | 'again'> => {
    const [{ row: dayRow, counted }, callerRows] = await Promise.all([
      readDay(partition, day, timeZone),
      Promise.all(callerKeys.map((key) => partition.read(callerRowKey(key)))),
    ]);
    const callers = callerRows.map((row) => entriesOf(row).filter((other) => other.interval.end > now));
    const full = options.admit(counted, callers);
    if (full !== null) return repeatOr(full);

    const booking: Omit<Booking, 'version'> = {
      ...wanted,
      state: 'held',
      movingTo: null,
      movedFrom: null,
      heldAt: now,
      changedAt: now,
      inDoubt: false,
      workId,
      eventId: null,
      webLink: '',
      cancelComment: '',
      readable: true,
      days: [day],
    };
    const written = await partition.write([
      { kind: 'insert', row: await partition.bookingRow(booking) },
      ...bucketsOf(interval, bufferMinutes).map((bucket): Operation => ({
        kind: 'insert',
        row: toBucketRow(partition.key, bucket, bookingId, interval),
      })),
      put(toEntriesRow(partition.key, dayKey(day), [...entriesOf(dayRow), entry], removedOf(dayRow)), dayRow),
      ...callerKeys.map((key, index) =>
        put(
          toEntriesRow(partition.key, callerRowKey(key), [...(callers[index] ?? []), entry]),
          callerRows[index] ?? null,
        ),
      ),
      ...requestOperations(partition, options, bookingId, now + CALL_MS),
    ]);
    if (written.ok) return { kind: 'held', booking: { ...booking, version: written.etags[0] ?? '' } };
    const bookingIds = await blockers(partition, interval, bufferMinutes, bookingId);
    return bookingIds.length === 0 ? 'again' : repeatOr({ kind: 'taken', bookingIds });
  });
}

/**
 * Holds a second time for a booking, which keeps its first one until the move has ended.
 * @param workId names the work in flight
 * @throws AppError `concurrent_update` if other writers came first 60 times
 */
export async function holdMove(
  partition: Partition,
  booking: Booking,
  to: Interval,
  options: HoldOptions,
  workId: string,
): Promise<MoveHoldOutcome> {
  const { bufferMinutes, timeZone, now } = options;
  const { bookingId, propertyId } = booking;
  const day = localDate(to.start, timeZone);
  return partition.untilWritten(async (): Promise<MoveHoldOutcome | 'again'> => {
    const [{ row: dayRow, counted }, own] = await Promise.all([
      readDay(partition, day, timeZone),
      partition.ownBuckets(booking),
    ]);
    const full = options.admit(counted, []);
    if (full !== null) return full;

    const moving: Omit<Booking, 'version'> = {
      ...booking,
      state: 'moving',
      movingTo: to,
      heldAt: now,
      changedAt: now,
      inDoubt: false,
      workId,
      days: [...new Set([...booking.days, day])],
    };
    const missing = bucketsOf(to, bufferMinutes).filter((bucket) => !own.has(bucketKey(bucket)));
    const entry: DayEntry = { bookingId, interval: to, propertyId, since: now, changedAt: now };
    const written = await partition.write([
      { kind: 'replace', row: await partition.bookingRow(moving), etag: booking.version },
      ...missing.map((bucket): Operation => ({
        kind: 'insert',
        row: toBucketRow(partition.key, bucket, bookingId, to),
      })),
      put(toEntriesRow(partition.key, dayKey(day), [...entriesOf(dayRow), entry], removedOf(dayRow)), dayRow),
      ...requestOperations(partition, options, bookingId, now + CALL_MS),
    ]);
    if (written.ok) return { kind: 'held', booking: { ...moving, version: written.etags[0] ?? '' } };
    if (written.index === 0) return { kind: 'changed' };
    const bookingIds = await blockers(partition, to, bufferMinutes, bookingId);
    return bookingIds.length === 0 ? 'again' : { kind: 'taken', bookingIds };
  });
}
