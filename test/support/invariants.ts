// What must hold whenever nobody is at work: bookings, the time they hold, the lists that name them and Outlook agree.
import {
  bookingKey,
  bucketKey,
  callerRowKey,
  dayKey,
  entriesOf,
} from '../../shared/storage/bookings/rows.ts';
import type { Interval } from '../../shared/scheduling/schedule.ts';
import { localDate } from '../../shared/scheduling/zone.ts';
import { BOOKING_PROPERTY } from '../../shared/microsoft/event.ts';
import type { BookingApp } from './booking-harness.ts';

const ZONE = 'America/Chicago';

/** Every 5 minutes of a viewing and the buffer after it; viewings start and end on such. */
function bucketsOf({ start, end }: Interval, bufferMinutes: number): number[] {
  const step = 5 * 60_000;
  const count = (end - start) / step + bufferMinutes / 5;
  return Array.from({ length: count }, (_, index) => start / step + index);
}

/** The ids of the bookings whose events stand in Outlook; one id twice where there are two events. */
export function eventsByBooking(app: BookingApp): string[] {
  return app
    .events()
    .flatMap(({ extendedProperties }) =>
      extendedProperties.filter(({ id }) => id === BOOKING_PROPERTY).map(({ value }) => value),
    );
}

/**
 * One line for everything that is not as it should be.
 * @param moved bookings that the manager moved himself: they may lie over others, and hold only what was free.
 */
export async function findInvariantViolations(
  app: BookingApp,
  { bufferMinutes = 0, moved = new Set<string>() } = {},
): Promise<string[]> {
  const violations: string[] = [];
  const check = (holds: boolean, line: string): void => {
    if (!holds) violations.push(line);
  };
  const [rows, pending, bookings] = await Promise.all([
    app.rowsOf('bookings'),
    app.rowsOf('pending'),
    app.bookings(),
  ]);
  const booked = bookings.filter(({ state }) => state === 'booked');
  const booking = new Map(booked.map((one) => [one.bookingId, one]));
  const listed = (rowKey: string): string[] =>
    entriesOf(rows.find((row) => row.rowKey === rowKey) ?? null).map(({ bookingId }) => bookingId);

  const freed = new Set(bookings.filter(({ state }) => state === 'freed').map(({ workId }) => workId));
  // A hold that came to nothing is watched for an event that may come late.
  const left = pending.filter(({ rowKey }) => !freed.has(rowKey.split('.')[2] ?? ''));
  check(left.length === 0, `${left.length} are pending`);
  for (const { bookingId, state } of bookings)
    check(['booked', 'cancelled', 'freed'].includes(state), `${bookingKey(bookingId)} is ${state}`);

  const written = eventsByBooking(app);
  check(new Set(written).size === written.length, 'a booking has two events');
  for (const id of written) check(booking.has(id), `the event of ${id} has no booking`);
  for (const { bookingId, eventId, interval, callerKeys } of booked) {
    const [found] = app.events().filter(({ id }) => eventId?.includes(id));
    check(found !== undefined && written.includes(bookingId), `${bookingId} has no event`);
    check(
      found?.when.isAllDay === false &&
        found.when.start === interval.start &&
        found.when.end === interval.end,
      `${bookingId} is at another time than its event`,
    );
    check(
      listed(dayKey(localDate(interval.start, ZONE))).includes(bookingId),
      `${bookingId} is not in its day`,
    );
    for (const key of callerKeys)
      check(listed(callerRowKey(key)).includes(bookingId), `${bookingId} is not its caller's`);
    for (const bucket of moved.has(bookingId) ? [] : bucketsOf(interval, bufferMinutes)) {
      const holder = rows.find(({ rowKey }) => rowKey === bucketKey(bucket))?.['booking'];
      check(holder === bookingId, `${bucketKey(bucket)} of ${bookingId} is ${String(holder)}'s`);
    }
    for (const other of booked.filter((one) => one.bookingId > bookingId)) {
      const apart = bufferMinutes * 60_000;
      const clash =
        interval.start < other.interval.end + apart && other.interval.start < interval.end + apart;
      check(
        !clash || moved.has(bookingId) || moved.has(other.bookingId),
        `${bookingId} overlaps ${other.bookingId}`,
      );
    }
  }
  for (const row of rows.filter(({ rowKey }) => rowKey.startsWith('t:'))) {
    const holder = booking.get(String(row['booking']));
    const keys = holder === undefined ? [] : bucketsOf(holder.interval, bufferMinutes).map(bucketKey);
    check(keys.includes(row.rowKey), `${row.rowKey} is held for nothing`);
  }
  for (const row of rows.filter(({ rowKey }) => /^[cd]:/.test(rowKey))) {
    const ids = entriesOf(row).map(({ bookingId }) => bookingId);
    check(new Set(ids).size === ids.length, `${row.rowKey} lists one twice`);
    for (const id of ids) check(booking.has(id), `${row.rowKey} lists ${id}, which is not booked`);
  }
  return violations;
}
