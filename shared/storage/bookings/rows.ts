/**
 * How bookings stand in their table; one partition per manager.
 *
 * `v:` a viewing, its details sealed. `t:` a bucket of 5 minutes and the booking that holds it. `d:` a local day's viewings and holds.
 * `c:` a caller's bookings. `r:` which booking a request made. `sweep_at` says when a row may go.
 */
import { z } from 'zod';
import type { Booking, DayEntry } from '../../booking/store.ts';
import type { Interval } from '../../scheduling/schedule.ts';
import { numberOf, textOf } from '../rows.ts';
import type { Encryption } from '../../core/encryption.ts';
import type { Row, StoredRow } from '../tables.ts';

const BUCKET_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Callers' numbers and names go with the viewings they belong to. */
const KEPT_MS = 30 * DAY_MS;
/** For rows that hold nothing any more. Large enough to be stored as a 64-bit number like the others. */
const LONG_PAST = 1_000_000_000_000;

export function bookingKey(bookingId: string): string {
  return `v:${bookingId}`;
}
export function dayKey(day: string): string {
  return `d:${day}`;
}
export function callerRowKey(callerKey: string): string {
  return `c:${callerKey}`;
}
export function requestRowKey(key: string): string {
  return `r:${key}`;
}
/** Padded, so that keys sort by time. */
export function bucketKey(bucket: number): string {
  return `t:${String(bucket).padStart(9, '0')}`;
}

/** The buckets of a viewing and one buffer after it: two of them that share none are a buffer apart, in whichever order. */
export function bucketsOf({ start, end }: Interval, bufferMinutes: number): number[] {
  const first = Math.floor(start / BUCKET_MS);
  const last = Math.ceil((end + bufferMinutes * 60_000) / BUCKET_MS);
  return Array.from({ length: last - first }, (_, index) => first + index);
}

/** Where buckets of a booking at this time can lie, whatever the buffer was: duration and buffer are 6 hours together at most. */
export function bucketRange({ start, end }: Interval): { from: string; to: string } {
  return {
    from: bucketKey(Math.floor(start / BUCKET_MS)),
    to: bucketKey(Math.ceil(end / BUCKET_MS) + (6 * 60 * 60_000) / BUCKET_MS),
  };
}

export function sweepAtOf({ end }: Interval): number {
  return end + KEPT_MS;
}

export function toBucketRow(partitionKey: string, bucket: number, booking: string, at: Interval): Row {
  return {
    partitionKey,
    rowKey: bucketKey(bucket),
    booking,
    sweep_at: sweepAtOf(at),
  };
}

const states = z.enum(['held', 'booked', 'moving', 'cancelling', 'cancelled', 'freed']);
const details = z.object({ propertyAddress: z.string(), attendeeName: z.string().nullable() });

function contextOf(partitionKey: string, bookingId: string): string {
  return `booking ${partitionKey} ${bookingId}`;
}

function intervalOf(row: Row, name: string): Interval | null {
  const start = numberOf(row, `${name}start`);
  const end = numberOf(row, `${name}end`);
  return start === null || end === null ? null : { start, end };
}

export async function toBookingRow(
  partitionKey: string,
  booking: Omit<Booking, 'version'>,
  encryption: Encryption,
): Promise<Row> {
  return {
    partitionKey,
    rowKey: bookingKey(booking.bookingId),
    state: booking.state,
    start: booking.interval.start,
    end: booking.interval.end,
    to_start: booking.movingTo?.start,
    to_end: booking.movingTo?.end,
    from_start: booking.movedFrom?.start,
    from_end: booking.movedFrom?.end,
    changed_at: booking.changedAt,
    event_id: booking.eventId,
    web_link: booking.webLink,
    invited: booking.invited,
    caller: booking.callerKey,
    days: booking.days.join(' '),
    details: await encryption.encrypt(
      JSON.stringify({ propertyAddress: booking.propertyAddress, attendeeName: booking.attendeeName }),
      contextOf(partitionKey, booking.bookingId),
    ),
    sweep_at: sweepAtOf(booking.movingTo ?? booking.interval),
  };
}

export async function fromBookingRow(row: StoredRow, encryption: Encryption): Promise<Booking> {
  const bookingId = row.rowKey.slice(2);
  const sealed = await encryption.decrypt(
    textOf(row, 'details') ?? '',
    contextOf(row.partitionKey, bookingId),
  );
  const interval = intervalOf(row, '');
  if (interval === null) throw new TypeError('A booking without its time');
  return {
    bookingId,
    state: states.parse(row['state']),
    interval,
    movingTo: intervalOf(row, 'to_'),
    movedFrom: intervalOf(row, 'from_'),
    changedAt: numberOf(row, 'changed_at') ?? 0,
    eventId: textOf(row, 'event_id'),
    webLink: textOf(row, 'web_link') ?? '',
    invited: row['invited'] === true,
    callerKey: textOf(row, 'caller'),
    days: (textOf(row, 'days') ?? '').split(' ').filter(Boolean),
    ...details.parse(JSON.parse(sealed)),
    version: row.etag,
  };
}

const entryList = z.array(z.tuple([z.string(), z.number(), z.number(), z.number()]));

/** The bookings that a day or a caller lists. */
export function entriesOf(row: Row | null): DayEntry[] {
  return entryList
    .parse(JSON.parse((row && textOf(row, 'entries')) ?? '[]'))
    .map(([bookingId, start, end, since]) => ({ bookingId, interval: { start, end }, since }));
}

export function toEntriesRow(partitionKey: string, rowKey: string, entries: readonly DayEntry[]): Row {
  return {
    partitionKey,
    rowKey,
    entries: JSON.stringify(
      entries.map(({ bookingId, interval, since }) => [bookingId, interval.start, interval.end, since]),
    ),
    sweep_at: Math.max(LONG_PAST, ...entries.map(({ interval }) => sweepAtOf(interval))),
  };
}
