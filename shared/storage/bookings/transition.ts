/**
 * What becomes of a booking, in one transaction with the time it holds and the lists that name it.
 *
 * The row comes first in every transaction and carries its version, so a writer whose version is old changes nothing.
 */
import { CALL_MS } from '../../booking/idempotency-keys.ts';
import { canFollow, isActive, isFinal } from '../../booking/state.ts';
import type { Booking, DayEntry, HoldShape, IdempotencyKey, Transition } from '../../booking/store.ts';
import type { Interval } from '../../scheduling/schedule.ts';
import { localDate } from '../../scheduling/zone.ts';
import type { Operation } from '../tables.ts';
import { put, requestOperations } from './partition.ts';
import type { Partition } from './partition.ts';
import {
  bucketKey,
  bucketsOf,
  callerRowKey,
  dayKey,
  entriesOf,
  REMOVED_MS,
  removedOf,
  toBucketRow,
  toEntriesRow,
} from './rows.ts';

/** Of a transaction of 100: one is the row. */
const MAX_OPERATIONS = 99;
/** Duration and buffer are 6 hours together at most. */
const MAX_BUCKETS = 72;

function isSame(a: Interval, b: Interval): boolean {
  return a.start === b.start && a.end === b.end;
}

/** The booking after the transition, except for its days. */
function transformed(booking: Booking, transition: Transition, workId: string | null, now: number): Booking {
  const { to, interval = booking.interval } = transition;
  const keepsSecond = to === 'moving' || to === 'returning' || to === 'cancelling';
  return {
    ...booking,
    state: to,
    interval,
    movingTo: keepsSecond ? booking.movingTo : null,
    movedFrom: isSame(interval, booking.interval) ? booking.movedFrom : booking.interval,
    // Neither a mark nor adjusted holds make the work any newer.
    changedAt: to === booking.state && (transition.recut === true || !isFinal(to)) ? booking.changedAt : now,
    inDoubt: transition.inDoubt ?? false,
    eventId: transition.eventId ?? booking.eventId,
    webLink: transition.webLink ?? booking.webLink,
    invitation: transition.invitation ?? booking.invitation,
    cancelComment: to === 'cancelling' ? (transition.cancelComment ?? booking.cancelComment) : '',
    workId,
  };
}

/** The times that a booking holds. */
function timesOf({ state, interval, movingTo }: Booking): Interval[] {
  if (!isActive(state)) return [];
  return movingTo === null ? [interval] : [interval, movingTo];
}

/** The buckets to delete and to insert, so that a booking holds its times alone. */
async function bucketChanges(
  partition: Partition,
  booking: Booking,
  times: readonly Interval[],
  bufferMinutes: number,
): Promise<{ deletes: Operation[]; inserts: Operation[] }> {
  const own = await partition.ownBuckets(booking);
  const wanted = new Map<string, { bucket: number; at: Interval }>();
  for (const at of times)
    // A viewing that the manager stretched over days blocks by its event.
    for (const bucket of bucketsOf(at, bufferMinutes).slice(0, MAX_BUCKETS))
      wanted.set(bucketKey(bucket), { bucket, at });
  const missing = [...wanted].filter(([key]) => !own.has(key));
  // If the manager moved it, Outlook has decided: what another booking holds there stays that one's.
  const held = new Set<string>();
  if (missing.length > 0)
    for (const at of times)
      for (const { rowKey } of await partition.holders(at, bufferMinutes)) held.add(rowKey);
  return {
    deletes: [...own]
      .filter((key) => !wanted.has(key))
      .map((rowKey) => ({ kind: 'delete', partitionKey: partition.key, rowKey })),
    inserts: missing
      .filter(([key]) => !held.has(key))
      .map(([, { bucket, at }]) => ({
        kind: 'insert',
        row: toBucketRow(partition.key, bucket, booking.bookingId, at),
      })),
  };
}

/** The lists of days and callers, with the times of the booking and no others of it. */
async function listChanges(
  partition: Partition,
  { bookingId, callerKeys, propertyId, days, heldAt }: Booking,
  times: readonly Interval[],
  timeZone: string,
  now: number,
): Promise<{ operations: Operation[]; days: string[] }> {
  const dayOf = (at: Interval): string => localDate(at.start, timeZone);
  const next = [...new Set(times.map(dayOf))];
  const rowKeys = [...new Set([...days, ...next])].map((day) => ({ rowKey: dayKey(day), day }));
  const operations = await Promise.all([
    ...rowKeys.map(async ({ rowKey, day }) => {
      const mine = times.filter((at) => dayOf(at) === day);
      return listChange(partition, rowKey, mine);
    }),
    ...callerKeys.map((key) => listChange(partition, callerRowKey(key), times.slice(0, 1))),
  ]);
  return { operations: operations.flat(), days: next };

  async function listChange(own: Partition, rowKey: string, mine: readonly Interval[]): Promise<Operation[]> {
    const row = await own.read(rowKey);
    const all = entriesOf(row);
    const rest = all.filter((one) => one.bookingId !== bookingId);
    if (row === null && mine.length === 0) return [];
    const entries = mine.map((interval): DayEntry => ({
      bookingId,
      interval,
      propertyId,
      since: heldAt,
      changedAt: now,
    }));
    const removed = removedOf(row).filter(
      (one) => one.bookingId !== bookingId && one.removedAt > now - REMOVED_MS,
    );
    if (mine.length === 0) removed.push({ bookingId, removedAt: now });
    return [put(toEntriesRow(own.key, rowKey, [...rest, ...entries], removed), row)];
  }
}

/**
 * Writes a transition. Null if the booking has changed.
 * @param workId what names the note of its work from now on; null if there is none
 */
export async function applyTransition(
  partition: Partition,
  booking: Booking,
  transition: Transition,
  workId: string | null,
  { bufferMinutes, timeZone }: HoldShape,
  now: number,
): Promise<Booking | null> {
  if (!canFollow(booking.state, transition.to))
    throw new TypeError(`A booking that is ${booking.state} cannot become ${transition.to}`);
  const next = transformed(booking, transition, workId, now);
  const times = timesOf(next);
  const before = timesOf(booking);
  const stays =
    transition.recut !== true &&
    isActive(next.state) &&
    times.length === before.length &&
    times.every((at, index) => isSame(at, before[index] ?? at));
  const requests = requestOperations(
    partition,
    { keys: transition.keys ?? [], callKey: transition.callKey ?? null },
    booking.bookingId,
    now + CALL_MS,
  );

  /** The version that the next transaction of ours must find. */
  let { version } = booking;
  const writeWithRow = async (
    state: Booking,
    operations: readonly Operation[],
  ): Promise<'written' | 'changed' | 'again'> => {
    const row = await partition.bookingRow(state);
    const written = await partition.write([{ kind: 'replace', row, etag: version }, ...operations]);
    if (!written.ok) return written.index === 0 ? 'changed' : 'again';
    version = written.etags[0] ?? '';
    return 'written';
  };

  return partition.untilWritten(async (): Promise<Booking | null | 'again'> => {
    if (stays) {
      const written = await writeWithRow(next, requests);
      if (written === 'again') return 'again';
      return written === 'changed' ? null : { ...next, version };
    }
    const [{ deletes, inserts }, lists] = await Promise.all([
      bucketChanges(partition, booking, times, bufferMinutes),
      listChanges(partition, booking, times, timeZone, now),
    ]);
    const final = { ...next, days: lists.days };
    const rest = [...inserts, ...lists.operations, ...requests];
    // A viewing of many hours holds more buckets than one transaction takes. As the booking is until the last one, a
    // crash in between leaves work that goes on.
    const room = MAX_OPERATIONS - rest.length;
    const early = Math.max(0, deletes.length - room);
    for (let from = 0; from < early; from += MAX_OPERATIONS) {
      const written = await writeWithRow(
        booking,
        deletes.slice(from, Math.min(early, from + MAX_OPERATIONS)),
      );
      if (written !== 'written') return written === 'changed' ? null : 'again';
    }
    const written = await writeWithRow(final, [...rest, ...deletes.slice(early)]);
    if (written === 'again') return 'again';
    return written === 'changed' ? null : { ...final, version };
  });
}

/**
 * Holds the time of a booking anew, for a request that takes its work on: its row and the entries of its days say so. Null if the
 * booking has changed.
 * @param next what names its work from now on, what is certain of the invitation, and the keys of that request
 */
export async function renewHold(
  partition: Partition,
  booking: Booking,
  { keys, ...next }: Pick<Booking, 'workId' | 'invitation'> & { readonly keys: readonly IdempotencyKey[] },
  now: number,
): Promise<Booking | null> {
  const { bookingId, days, version } = booking;
  const requests = requestOperations(partition, { keys, callKey: null }, bookingId, now + CALL_MS);
  const renewed: Booking = { ...booking, ...next, heldAt: now, changedAt: now, inDoubt: false };
  return partition.untilWritten(async (): Promise<Booking | null | 'again'> => {
    const lists = await Promise.all(
      days.map(async (day): Promise<Operation[]> => {
        const row = await partition.read(dayKey(day));
        if (row === null) return [];
        const entries = entriesOf(row).map((one) =>
          one.bookingId === bookingId ? { ...one, since: now, changedAt: now } : one,
        );
        return [put(toEntriesRow(partition.key, dayKey(day), entries, removedOf(row)), row)];
      }),
    );
    const row = await partition.bookingRow(renewed);
    const written = await partition.write([
      { kind: 'replace', row, etag: version },
      ...lists.flat(),
      ...requests,
    ]);
    if (!written.ok) return written.index === 0 ? null : 'again';
    return { ...renewed, version: written.etags[0] ?? '' };
  });
}
