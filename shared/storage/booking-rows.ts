/**
 * How bookings stand in their table; one partition per manager.
 *
 * `v:` a viewing, its details sealed. `t:` a bucket of 5 minutes and the booking that holds it. `d:` a local day's viewings and holds.
 * `c:` a caller's bookings. `r:` which booking a request made. `sweep_at` says when a row may go.
 */
import { z } from 'zod';
import type { Booking, DayEntry } from '../booking/store.ts';
import type { Interval } from '../scheduling/schedule.ts';
import { numberOf, textOf } from './rows.ts';
import type { Sealer } from './sealed.ts';
import type { Row, StoredRow } from './tables.ts';

const BUCKET_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Callers' numbers and names go with the viewings they belong to. */
const KEPT_MS = 30 * DAY_MS;
/** For rows that hold nothing any more. Large enough to be stored as a 64-bit number like the others. */
const LONG_PAST = 1_000_000_000_000;

export const bookingKey = (bookingId: string): string => `v:${bookingId}`;
export const dayKey = (day: string): string => `d:${day}`;
export const callerRowKey = (callerKey: string): string => `c:${callerKey}`;
export const requestRowKey = (key: string): string => `r:${key}`;
/** Padded, so that keys sort by time. */
export const bucketKey = (bucket: number): string => `t:${String(bucket).padStart(9, '0')}`;

/** The buckets of a viewing and one buffer after it: two of them that share none are a buffer apart, in whichever order. */
export const bucketsOf = ({ start, end }: Interval, bufferMinutes: number): number[] => {
  const first = Math.floor(start / BUCKET_MS);
  const last = Math.ceil((end + bufferMinutes * 60_000) / BUCKET_MS);
  return Array.from({ length: last - first }, (_, index) => first + index);
};

/** Where buckets of a booking at this time can lie, whatever the buffer was: duration and buffer are 6 hours together at most. */
export const bucketRange = ({ start, end }: Interval): { from: string; to: string } => ({
  from: bucketKey(Math.floor(start / BUCKET_MS)),
  to: bucketKey(Math.ceil(end / BUCKET_MS) + (6 * 60 * 60_000) / BUCKET_MS),
});

export const sweepAtOf = ({ end }: Interval): number => end + KEPT_MS;

export const toBucketRow = (partitionKey: string, bucket: number, booking: string, at: Interval): Row => ({
  partitionKey,
  rowKey: bucketKey(bucket),
  booking,
  sweep_at: sweepAtOf(at),
});

const states = z.enum(['held', 'booked', 'moving', 'cancelling', 'cancelled', 'freed']);
const details = z.object({ propertyAddress: z.string(), attendeeName: z.string().nullable() });

const contextOf = (partitionKey: string, bookingId: string): string => `booking ${partitionKey} ${bookingId}`;

const intervalOf = (row: Row, name: string): Interval | null => {
  const start = numberOf(row, `${name}start`);
  const end = numberOf(row, `${name}end`);
  return start === null || end === null ? null : { start, end };
};

export const toBookingRow = async (
  partitionKey: string,
  booking: Omit<Booking, 'version'>,
  sealer: Sealer,
): Promise<Row> => ({
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
  details: await sealer.seal(
    JSON.stringify({ propertyAddress: booking.propertyAddress, attendeeName: booking.attendeeName }),
    contextOf(partitionKey, booking.bookingId),
  ),
  sweep_at: sweepAtOf(booking.movingTo ?? booking.interval),
});

export const fromBookingRow = async (row: StoredRow, sealer: Sealer): Promise<Booking> => {
  const bookingId = row.rowKey.slice(2);
  const sealed = await sealer.open(textOf(row, 'details') ?? '', contextOf(row.partitionKey, bookingId));
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
};

const entryList = z.array(z.tuple([z.string(), z.number(), z.number(), z.number()]));

/** The bookings that a day or a caller lists. */
export const entriesOf = (row: Row | null): DayEntry[] =>
  entryList
    .parse(JSON.parse((row && textOf(row, 'entries')) ?? '[]'))
    .map(([bookingId, start, end, since]) => ({ bookingId, interval: { start, end }, since }));

export const toEntriesRow = (partitionKey: string, rowKey: string, entries: readonly DayEntry[]): Row => ({
  partitionKey,
  rowKey,
  entries: JSON.stringify(
    entries.map(({ bookingId, interval, since }) => [bookingId, interval.start, interval.end, since]),
  ),
  sweep_at: Math.max(LONG_PAST, ...entries.map(({ interval }) => sweepAtOf(interval))),
});
