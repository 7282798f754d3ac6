/**
 * The rows of bookings; one partition per manager.
 *
 * `v:` a viewing, its details encrypted. `t:` a bucket of 5 minutes and the booking that holds it. `d:` a local day's viewings and
 * holds. `c:` the future viewings and holds of one caller. `r:` which booking a request made, and for which start. `o:` which
 * bookings a call has worked on. `n:` which wrong viewings a call has named. `sweep_at` says when a row may be deleted.
 */
import * as z from 'zod';
import type { Booking, DayEntry, IdempotencyKey, RemovedEntry } from '../../booking/store.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/duration.ts';
import { AppError, isAppError } from '../../core/errors.ts';
import type { Interval } from '../../scheduling/schedule.ts';
import { jsonOf, joinText, numberOf, ROW_VERSION, splitText, textOf } from '../rows.ts';
import type { Encryption } from '../../core/encryption.ts';
import type { EncryptedColumn } from '../reencrypt.ts';
import type { Row, StoredRow } from '../tables.ts';

const BUCKET_MS = 5 * MINUTE_MS;
/** Callers' names go with the viewings they belong to. */
const RETENTION_MS = 30 * DAY_MS;
/** A stored copy of the calendar answers for a day at most, so that long it matters what a day no longer lists. */
export const REMOVED_MS = 25 * HOUR_MS;
/** For rows that hold nothing any more. Large enough to be stored as a 64-bit number like the others. */
const LONG_PAST = 1_000_000_000_000;

/** The row of a viewing. */
export function bookingKey(bookingId: string): string {
  return `v:${bookingId}`;
}

/** The row of a local day. @param day `YYYY-MM-DD` */
export function dayKey(day: string): string {
  return `d:${day}`;
}

/** The row that lists a caller's future viewings. @param callerKey a keyed hash */
export function callerRowKey(callerKey: string): string {
  return `c:${callerKey}`;
}

/** The row by which a repeat of a request is known. */
export function requestRowKey(key: string): string {
  return `r:${key}`;
}
/** All work of a call lies from `o:KEY:` on. */
export function callWorkKey(callKey: string, bookingId: string): string {
  return `o:${callKey}:${bookingId}`;
}

/** The row of the wrong viewings that a call has named. */
export function missesKey(callKey: string): string {
  return `n:${callKey}`;
}
/** Padded, so that keys sort by time. */
export function bucketKey(bucket: number): string {
  return `t:${String(bucket).padStart(9, '0')}`;
}

/** The buckets of a viewing and one buffer after it: two of them that share none are a buffer apart, in whichever order. */
export function bucketsOf({ start, end }: Interval, bufferMinutes: number): number[] {
  const first = Math.floor(start / BUCKET_MS);
  const last = Math.ceil((end + bufferMinutes * MINUTE_MS) / BUCKET_MS);
  return Array.from({ length: last - first }, (_, index) => first + index);
}

/** Where buckets of a booking at this time can be, for any buffer: duration and buffer are at most 6 hours together. */
export function bucketRange({ start, end }: Interval): { from: string; to: string } {
  return {
    from: bucketKey(Math.floor(start / BUCKET_MS)),
    to: bucketKey(Math.ceil(end / BUCKET_MS) + (6 * HOUR_MS) / BUCKET_MS),
  };
}

/** When the rows of a viewing may be deleted: 30 days after its end. Epoch milliseconds. */
export function sweepAtOf({ end }: Interval): number {
  return end + RETENTION_MS;
}

/** The row of one stretch of 5 minutes. @param at the time of the booking that holds it */
export function toBucketRow(partitionKey: string, bucket: number, booking: string, at: Interval): Row {
  return {
    partitionKey,
    rowKey: bucketKey(bucket),
    booking,
    sweep_at: sweepAtOf(at),
  };
}

/** The row by which a repeat of a request finds its booking. */
export function toRequestRow(
  partitionKey: string,
  { key, expiresAt, start, isCarriedOut = false }: IdempotencyKey,
  booking: string,
): Row {
  return {
    partitionKey,
    rowKey: requestRowKey(key),
    booking,
    start,
    carried_out: isCarriedOut,
    sweep_at: expiresAt,
  };
}

const stateSchema = z.enum([
  'held',
  'booked',
  'moving',
  'undoing',
  'returning',
  'cancelling',
  'cancelled',
  'freed',
]);
const invitationSchema = z.enum(['none', 'sent', 'unreadable_email']);
const detailsSchema = z.object({
  propertyAddress: z.string(),
  attendeeName: z.string().nullable(),
  cancelComment: z.string().optional(),
});
type Details = z.infer<typeof detailsSchema>;

function contextOf(partitionKey: string, bookingId: string): string {
  return `booking ${partitionKey} ${bookingId}`;
}

function intervalOf(row: Row, name: string): Interval | null {
  const start = numberOf(row, `${name}start`);
  const end = numberOf(row, `${name}end`);
  return start === null || end === null ? null : { start, end };
}

function wordsOf(row: Row, name: string): string[] {
  return (textOf(row, name) ?? '').split(' ').filter(Boolean);
}

/** @param details as they are stored, if they need not be encrypted again */
export async function toBookingRow(
  partitionKey: string,
  booking: Omit<Booking, 'version'>,
  encryption: Encryption,
  details?: string,
): Promise<Row> {
  const { propertyAddress, attendeeName, cancelComment } = booking;
  const said: Details = { propertyAddress, attendeeName, ...(cancelComment !== '' && { cancelComment }) };
  return {
    partitionKey,
    rowKey: bookingKey(booking.bookingId),
    version: ROW_VERSION,
    state: booking.state,
    start: booking.interval.start,
    end: booking.interval.end,
    to_start: booking.movingTo?.start,
    to_end: booking.movingTo?.end,
    from_start: booking.movedFrom?.start,
    from_end: booking.movedFrom?.end,
    held_at: booking.heldAt,
    changed_at: booking.changedAt,
    in_doubt: booking.inDoubt,
    work_id: booking.workId,
    event_id: booking.eventId,
    web_link: booking.webLink,
    invitation: booking.invitation,
    callers: booking.callerKeys.join(' '),
    property: booking.propertyId,
    days: booking.days.join(' '),
    details:
      details ?? (await encryption.encrypt(JSON.stringify(said), contextOf(partitionKey, booking.bookingId))),
    sweep_at: sweepAtOf(booking.movingTo ?? booking.interval),
  };
}

/** The details, for the daily run that encrypts them again. */
export const ENCRYPTED_DETAILS: EncryptedColumn = {
  table: 'bookings',
  name: 'details',
  isWhole: true,
  contextOf: ({ partitionKey, rowKey }) => contextOf(partitionKey, rowKey.slice(bookingKey('').length)),
};

/** Null if its key is gone: a booking without its details can still hold time, move and be cancelled. */
async function readDetails(
  row: StoredRow,
  bookingId: string,
  encryption: Encryption,
): Promise<Details | null> {
  try {
    const text = await encryption.decrypt(
      textOf(row, 'details') ?? '',
      contextOf(row.partitionKey, bookingId),
    );
    return detailsSchema.parse(JSON.parse(text));
  } catch (error) {
    if (isAppError(error, 'encryption_key_missing', 'data_unreadable')) return null;
    throw error;
  }
}

/**
 * The booking in its row. If its details cannot be decrypted, it is `readable: false` and all else is there.
 * @throws AppError `data_unreadable` if the row has a form that this version does not know
 */
export async function fromBookingRow(row: StoredRow, encryption: Encryption): Promise<Booking> {
  const bookingId = row.rowKey.slice(2);
  const interval = intervalOf(row, '');
  if (interval === null || row['version'] !== ROW_VERSION)
    throw new AppError('data_unreadable', 'A booking was stored in a form that this version cannot read');
  const details = await readDetails(row, bookingId, encryption);
  return {
    bookingId,
    state: stateSchema.parse(row['state']),
    interval,
    movingTo: intervalOf(row, 'to_'),
    movedFrom: intervalOf(row, 'from_'),
    heldAt: numberOf(row, 'held_at') ?? 0,
    changedAt: numberOf(row, 'changed_at') ?? 0,
    inDoubt: row['in_doubt'] === true,
    workId: textOf(row, 'work_id'),
    eventId: textOf(row, 'event_id'),
    webLink: textOf(row, 'web_link') ?? '',
    invitation: invitationSchema.parse(row['invitation']),
    callerKeys: wordsOf(row, 'callers'),
    propertyId: textOf(row, 'property'),
    propertyAddress: details?.propertyAddress ?? '',
    attendeeName: details?.attendeeName ?? null,
    cancelComment: details?.cancelComment ?? '',
    readable: details !== null,
    days: wordsOf(row, 'days'),
    version: row.etag,
  };
}

const entryList = z.array(
  z.union([
    z.tuple([z.string(), z.number(), z.number(), z.number()]),
    z.tuple([z.string(), z.number(), z.number(), z.number(), z.string()]),
    z.tuple([z.string(), z.number(), z.number(), z.number(), z.string().nullable(), z.number()]),
  ]),
);

/** The bookings that a day or a caller lists. */
export function entriesOf(row: Row | null): DayEntry[] {
  const text = row === null ? '' : joinText('entries', row);
  return entryList
    .parse(text === '' ? [] : JSON.parse(text))
    .map(([bookingId, start, end, since, propertyId = null, changedAt = since]) => ({
      bookingId,
      interval: { start, end },
      since,
      propertyId,
      changedAt,
    }));
}

const missList = z.array(z.string());

/** The wrong viewings that a call has named, as keyed hashes. */
export function missesOf(row: Row | null): string[] {
  return row === null ? [] : missList.parse(jsonOf(row, 'named') ?? []);
}

/** The row of the wrong viewings that a call has named. */
export function toMissesRow(partitionKey: string, callKey: string, named: readonly string[]): Row {
  return { partitionKey, rowKey: missesKey(callKey), named: JSON.stringify(named) };
}

const removedList = z.array(z.tuple([z.string(), z.number()]));

/** The bookings that a day has listed lately. */
export function removedOf(row: Row | null): RemovedEntry[] {
  const text = row === null ? '' : joinText('removed', row);
  return removedList
    .parse(text === '' ? [] : JSON.parse(text))
    .map(([bookingId, removedAt]) => ({ bookingId, removedAt }));
}

/** @param removed default: none */
export function toEntriesRow(
  partitionKey: string,
  rowKey: string,
  entries: readonly DayEntry[],
  removed: readonly RemovedEntry[] = [],
): Row {
  const list = entries.map(({ bookingId, interval: { start, end }, since, propertyId, changedAt }) => [
    bookingId,
    start,
    end,
    since,
    propertyId,
    changedAt,
  ]);
  const past = removed.map(({ bookingId, removedAt }) => [bookingId, removedAt]);
  return {
    partitionKey,
    rowKey,
    ...splitText('entries', JSON.stringify(list)),
    ...(past.length > 0 && splitText('removed', JSON.stringify(past))),
    sweep_at: Math.max(
      LONG_PAST,
      ...entries.map(({ interval }) => sweepAtOf(interval)),
      ...removed.map(({ removedAt }) => removedAt + REMOVED_MS),
    ),
  };
}
