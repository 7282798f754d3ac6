/**
 * Bookings and the time they hold, in one partition per manager.
 *
 * A claim is one transaction: the buckets of its time, the booking, its day, its caller and the request. A bucket that stands cannot be
 * inserted again, so overlap cannot be written; the rows that lists share carry etags, so limits hold when many claim at once.
 */
import { odata } from '@azure/data-tables';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Booking,
  BookingStore,
  ClaimOutcome,
  DayEntry,
  Limits,
  PendingWork,
  RequestKey,
  Settlement,
} from '../booking/store.ts';
import { AppError } from '../errors.ts';
import type { Interval } from '../scheduling/schedule.ts';
import { localDate } from '../scheduling/zone.ts';
import {
  bookingKey,
  bucketKey,
  bucketRange,
  bucketsOf,
  callerRowKey,
  dayKey,
  entriesOf,
  fromBookingRow,
  requestRowKey,
  toBookingRow,
  toBucketRow,
  toEntriesRow,
} from './booking-rows.ts';
import { managerKey } from './keys.ts';
import { numberOf, textOf } from './rows.ts';
import type { Sealer } from './sealed.ts';
import type { Operation, Row, StoredRow, TableAccess } from './tables.ts';

const TABLE = 'bookings';
const PENDING = 'pending';
/** Callers for one day take turns; fifty at once is more than a phone number gets. */
const MAX_TRIES = 60;
const MAX_PAUSE_MS = 40;
const MAX_OPERATIONS = 100;
/** Duration and buffer are 6 hours together at most. */
const MAX_BUCKETS = 72;

const isSame = (a: Interval, b: Interval): boolean => a.start === b.start && a.end === b.end;

/** Inserts a row that is not there, replaces the one that was read. */
const put = (row: Row, was: StoredRow | null): Operation =>
  was === null ? { kind: 'insert', row } : { kind: 'replace', row, etag: was.etag };

const isStanding = ({ state }: Booking): boolean =>
  state === 'held' || state === 'booked' || state === 'moving';

export const createBookingStore = (tables: TableAccess, sealer: Sealer): BookingStore => {
  const read = (partition: string, rowKey: string): Promise<StoredRow | null> =>
    tables.getOrNull(TABLE, partition, rowKey);

  const readRange = async (partition: string, from: string, to: string): Promise<StoredRow[]> => {
    const rows: StoredRow[] = [];
    const filter = odata`PartitionKey eq ${partition} and RowKey ge ${from} and RowKey le ${to}`;
    for await (const page of tables.query(TABLE, filter)) rows.push(...page);
    return rows;
  };

  const getBooking = async (partition: string, bookingId: string): Promise<Booking | null> => {
    const row = await read(partition, bookingKey(bookingId));
    return row && fromBookingRow(row, sealer);
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
    requests: readonly RequestKey[],
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

  /** Runs one attempt after another until one is not crossed by another writer. */
  const untilSettled = async <T>(attempt: () => Promise<T | 'again'>): Promise<T> => {
    for (let count = 0; count < MAX_TRIES; count += 1) {
      const outcome = await attempt();
      if (outcome !== 'again') return outcome;
      await sleep(Math.random() * MAX_PAUSE_MS);
    }
    throw new AppError('storage_unavailable', 'Too many writers at once');
  };

  const findByRequest = async (
    partition: string,
    requests: readonly RequestKey[],
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

  /** Why a day or a caller takes no more, or null. */
  const limitReached = (
    day: readonly DayEntry[],
    mine: readonly DayEntry[],
    { dailyLimit, callerLimit }: Limits,
  ): { kind: 'day_full' | 'caller_limit'; bookingIds: string[] } | null => {
    // One that is moving within the day is listed twice.
    const today = [...new Set(day.map(({ bookingId }) => bookingId))];
    if (dailyLimit !== null && today.length >= dailyLimit) return { kind: 'day_full', bookingIds: today };
    return mine.length >= callerLimit
      ? { kind: 'caller_limit', bookingIds: mine.map(({ bookingId }) => bookingId) }
      : null;
  };

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
        { kind: 'insert', row: await toBookingRow(partition, booking, sealer) },
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
      const written = await tables.transact(TABLE, operations);
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
      const written = await tables.transact(TABLE, [
        { kind: 'replace', row: await toBookingRow(partition, moving, sealer), etag: booking.version },
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

  const settledBooking = (
    booking: Booking,
    to: Settlement,
    days: readonly string[],
    now: number,
  ): Omit<Booking, 'version'> => {
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
        row: await toBookingRow(partition, next, sealer),
        etag: booking.version,
      };
      // Only a viewing of many hours that the manager moved has this many: its old buckets go first.
      const deletes = operations.filter(({ kind }) => kind === 'delete');
      const tooMany = operations.length >= MAX_OPERATIONS;
      const rest = tooMany ? operations.filter(({ kind }) => kind !== 'delete') : operations;
      for (let from = 0; tooMany && from < deletes.length; from += MAX_OPERATIONS)
        await tables.transact(TABLE, deletes.slice(from, from + MAX_OPERATIONS));
      const written = await tables.transact(TABLE, [head, ...rest]);
      if (written.ok) return { ...next, version: written.etags[0] ?? '' };
      return written.index === 0 ? null : 'again';
    });
    if (settled !== null) await dropPending(userId, booking.bookingId);
    return settled;
  };

  return {
    claim,
    claimMove,
    settle,

    async listDays(userId, from, to) {
      const rows = await readRange(managerKey(userId), dayKey(from), dayKey(to));
      return rows.flatMap(entriesOf);
    },

    async get(userId, bookingIds) {
      const partition = managerKey(userId);
      const bookings = await Promise.all(bookingIds.map((id) => getBooking(partition, id)));
      return bookings.filter((booking) => booking !== null);
    },

    findByRequest: (userId, requests, now) => findByRequest(managerKey(userId), requests, now),

    async listCaller(userId, callerKey, now) {
      const entries = entriesOf(await read(managerKey(userId), callerRowKey(callerKey)));
      return entries.filter(({ interval }) => interval.end > now).map(({ bookingId }) => bookingId);
    },

    async renew(userId, booking, now) {
      const renewed: Omit<Booking, 'version'> = { ...booking, changedAt: now };
      const row = await toBookingRow(managerKey(userId), renewed, sealer);
      const written = await tables.replace(TABLE, row, booking.version);
      return written.kind === 'replaced' ? { ...renewed, version: written.etag } : null;
    },

    async markCancelling(userId, booking, { requests, now }) {
      const partition = managerKey(userId);
      await notePending(userId, booking.bookingId, now);
      const marked: Omit<Booking, 'version'> = { ...booking, state: 'cancelling', changedAt: now };
      const written = await tables.transact(TABLE, [
        { kind: 'replace', row: await toBookingRow(partition, marked, sealer), etag: booking.version },
        ...(await requestOperations(partition, requests, booking.bookingId)),
      ]);
      return written.ok ? { ...marked, version: written.etags[0] ?? '' } : null;
    },

    async *listPending(before) {
      const filter = odata`PartitionKey eq ${PENDING}`;
      for await (const page of tables.query(PENDING, filter)) {
        for (const row of page) {
          const since = numberOf(row, 'since') ?? 0;
          const work: PendingWork = {
            userId: textOf(row, 'user_id') ?? '',
            bookingId: row.rowKey.split('.').at(-1) ?? '',
            since,
          };
          if (since < before) yield work;
        }
      }
    },

    forgetPending: ({ userId, bookingId }) => dropPending(userId, bookingId),
  };
};

/** Removes the rows whose time has passed. @returns how many went */
export const sweepBookings = async (
  tables: TableAccess,
  now: number,
  signal: AbortSignal,
): Promise<number> => {
  let swept = 0;
  for await (const page of tables.query(TABLE, `sweep_at lt ${now}L`, { signal, select: [] })) {
    for (const { partitionKey, rowKey, etag } of page) {
      // With its etag: one that was taken into use again meanwhile stays.
      if ((await tables.delete(TABLE, partitionKey, rowKey, { signal, etag })) === 'deleted') swept += 1;
    }
  }
  return swept;
};
