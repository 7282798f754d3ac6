import { AppError, codeOf, isAppError } from '../core/errors.ts';
import { DAY_MS, MINUTE_MS } from '../core/duration.ts';
import type { Log } from '../core/log.ts';
import type { BusyTime, Conflict, Interval, RuleRejection, Schedule } from '../scheduling/schedule.ts';
import { nearestSlots } from '../scheduling/select-slots.ts';
import { findSlots, horizonDates } from '../scheduling/slots.ts';
import { addDays, dayInterval, localDate } from '../scheduling/zone.ts';
import type { NotBookable, RequireAuthReason, Slot, Viewing } from './booking.ts';
import { busyTimeFrom } from './busy-time.ts';
import type { OwnBooking } from './busy-time.ts';
import type { BusyReader, Calendar, CalendarEvent, ListingReader } from './calendar.ts';
import type { CallerKeys } from './caller-keys.ts';
import { subjectOf } from './event-draft.ts';
import type { Booking, DayEntry, HoldShape, ListedDays, ManagerBookings, Transition } from './store.ts';

/** One manager's calendar and rules, open for one request. */
export interface BookingContext {
  readonly userId: string;
  /** The manager's, or that of the home that the request is about. */
  readonly schedule: Schedule;
  /** The schedule that applies to viewings of a home; null: to viewings of no listed home. */
  readonly scheduleOf: (propertyId: string | null) => Schedule;
  readonly calendar: Calendar;
  /** What listings read; bookings and moves read `calendar`. */
  readonly listing: ListingReader;
  readonly bookings: ManagerBookings;
  readonly callerKeys: CallerKeys;
  /** Aborts at the request's deadline. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A manager's calendar, if it can be opened. */
export type OpenedCalendar =
  | {
      readonly ok: true;
      readonly schedule: Schedule;
      readonly calendar: Calendar;
      /** Default: the calendar itself. */
      readonly listing?: ListingReader;
    }
  | { readonly ok: false; readonly reason: RequireAuthReason };

/** @param signal aborts at the request's deadline */
export type OpenCalendar = (userId: string, signal: AbortSignal) => Promise<OpenedCalendar>;

/** How holds are cut under the rules of this request. */
export function shapeOf({ schedule: { rules, timeZone } }: BookingContext): HoldShape {
  return { bufferMinutes: rules.bufferMinutes, timeZone };
}

/** Writes what becomes of a booking. Null if somebody else changed it. */
export function apply(
  context: BookingContext,
  booking: Booking,
  transition: Transition,
): Promise<Booking | null> {
  return context.bookings.apply(booking, transition, shapeOf(context), context.now());
}

/**
 * A write that decides what becomes of a booking. If its answer is lost, it may have been carried out.
 * @throws AppError `outcome_unknown` for an answer that is lost; every other failure as it is: then nothing was written
 */
export async function orUnknown<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    if (!isAppError(cause, 'storage_unavailable', 'deadline_exceeded')) throw cause;
    throw new AppError('outcome_unknown', 'It is not known whether the decision was written down', { cause });
  }
}

/** Logs a failure that must not hide another one, and that the timer makes up for. */
export function logLeftover({ log }: BookingContext, booking: Booking, error: unknown): void {
  log.warn('booking_left_to_sweep', {
    booking: booking.bookingId,
    state: booking.state,
    code: codeOf(error),
  });
}

/** A booking as callers of the room see it. */
export function toViewing({ schedule }: BookingContext, booking: Booking): Viewing {
  return {
    bookingId: booking.bookingId,
    eventId: booking.eventId ?? '',
    subject: subjectOf(booking.propertyAddress),
    propertyId: booking.propertyId,
    propertyAddress: booking.propertyAddress,
    ...booking.interval,
    timeZone: schedule.timeZone,
    webLink: booking.webLink,
  };
}

/** Whole local days, so that the daily limit can be counted. */
function wholeDays(from: string, to: string, zone: string): Interval {
  return { start: dayInterval(from, zone).start, end: dayInterval(to, zone).end };
}

/** Enough around a start to find others near it, without reading two months. */
const DAYS_BEFORE = 2;
const DAYS_AFTER = 5;

/** The whole local days from 2 before a start to 5 after it. */
export function windowAround({ schedule }: BookingContext, start: number): Interval {
  const day = localDate(start, schedule.timeZone);
  return wholeDays(addDays(day, -DAYS_BEFORE), addDays(day, DAYS_AFTER), schedule.timeZone);
}

/** The whole local days that can be booked at all, from today to the horizon. */
export function horizonWindow({ schedule, now }: Pick<BookingContext, 'schedule' | 'now'>): Interval {
  const { from, to } = horizonDates(schedule, now());
  return wholeDays(from, to, schedule.timeZone);
}

/** The time with one buffer on each side: all that can clash with it. */
export function clashWindow(
  { schedule }: Pick<BookingContext, 'schedule'>,
  { start, end }: Interval,
): Interval {
  const buffer = schedule.rules.bufferMinutes * MINUTE_MS;
  return { start: start - buffer, end: end + buffer };
}

/** What a listing looks at, and one day more, so that tomorrow's listing has enough of it, too. */
export function listingWindow(context: Pick<BookingContext, 'schedule' | 'now'>): Interval {
  const { start, end } = clashWindow(context, horizonWindow(context));
  return { start, end: end + DAY_MS };
}

/** What Outlook shows in a window, and what our tables list on its days. Read at once. */
export async function readWindow(
  { bookings, schedule }: BookingContext,
  reader: BusyReader,
  window: Interval,
): Promise<{ events: readonly CalendarEvent[]; entries: readonly DayEntry[] }> {
  const [events, { entries }] = await Promise.all([
    reader.read(window),
    listDaysOf({ bookings, schedule }, window),
  ]);
  return { events, entries };
}

/**
 * What our tables list on the local days that a window touches, and on a day more on either side: a viewing that was booked before
 * the manager's time zone changed is filed by the old one. One read.
 */
export function listDaysOf(
  { bookings, schedule: { timeZone } }: Pick<BookingContext, 'bookings' | 'schedule'>,
  { start, end }: Interval,
): Promise<ListedDays> {
  return bookings.listDays(addDays(localDate(start, timeZone), -1), addDays(localDate(end - 1, timeZone), 1));
}

/** The busy time of a window, as Graph has it now. */
export async function readBusyTime(
  context: BookingContext,
  window: Interval,
  ignoring?: OwnBooking,
): Promise<BusyTime> {
  const { events, entries } = await readWindow(context, context.calendar, window);
  return busyTimeFrom(events, entries, context.now(), ignoring);
}

const ALTERNATIVES = 2;

/** Busy time that was read already, and for which window. */
export interface KnownBusyTime {
  readonly window: Interval;
  readonly busyTime: BusyTime;
}

/** The two free slots nearest to a start that cannot be booked. */
export async function findAlternatives(
  context: BookingContext,
  start: number,
  known: KnownBusyTime,
): Promise<Slot[]> {
  const { schedule, now } = context;
  const pick = (busyTime: BusyTime, within?: Interval): Slot[] =>
    nearestSlots(
      findSlots(schedule, busyTime, now(), within).filter((slot) => slot.start !== start),
      start,
      ALTERNATIVES,
    );
  const near = pick(known.busyTime, known.window);
  if (near.length === ALTERNATIVES) return near;
  return pick(await readBusyTime(context, clashWindow(context, horizonWindow(context))));
}

/** The same, after reading the calendar again. */
export async function readAlternatives(context: BookingContext, start: number): Promise<Slot[]> {
  const horizon = horizonWindow(context);
  // Around a start that cannot be booked at all there is nothing to find: look from the nearest end.
  const nearest = Math.min(Math.max(start, horizon.start), horizon.end - 1);
  const window = windowAround(context, nearest);
  const busyTime = await readBusyTime(context, clashWindow(context, window));
  return findAlternatives(context, start, { window, busyTime });
}

/** The outcome for a start whose time is not free, with the 2 nearest that are. */
export async function conflictAt(
  context: BookingContext,
  start: number,
  reason: Conflict,
  known: KnownBusyTime,
): Promise<NotBookable> {
  const alternatives = await findAlternatives(context, start, known);
  return { kind: 'conflict', reason, alternatives, schedule: context.schedule };
}

/** The outcome for a start that the rules forbid, with the 2 nearest that they allow. */
export async function refuseStart(
  context: BookingContext,
  start: number,
  reason: RuleRejection,
): Promise<NotBookable> {
  const alternatives = await readAlternatives(context, start);
  return { kind: 'refused', reason, alternatives, schedule: context.schedule };
}
