import type { Interval, BusyTime, Schedule } from '../scheduling/schedule.ts';
import { nearestSlots } from '../scheduling/select-slots.ts';
import { findConflict, findSlots, horizonDates } from '../scheduling/slots.ts';
import { addDays, dayInterval, localDate } from '../scheduling/zone.ts';
import type { NotBookable, RequireAuthReason, Slot, Viewing } from './booking.ts';
import type { Calendar } from './calendar.ts';
import { subjectOf } from './event-draft.ts';
import { busyTimeFrom } from './busy-time.ts';
import type { Booking, BookingStore, Limits } from './store.ts';

/** One manager's calendar and rules, open for one request. */
export interface BookingContext {
  readonly userId: string;
  readonly schedule: Schedule;
  readonly calendar: Calendar;
  readonly store: BookingStore;
  readonly now: () => number;
}

export type OpenCalendar = (
  userId: string,
  signal: AbortSignal,
) => Promise<
  | { readonly ok: true; readonly schedule: Schedule; readonly calendar: Calendar }
  | { readonly ok: false; readonly reason: RequireAuthReason }
>;

export function limitsOf({ rules, timeZone }: Schedule): Limits {
  return { ...rules, timeZone };
}

export function toViewing(booking: Booking): Viewing {
  return {
    bookingId: booking.bookingId,
    eventId: booking.eventId ?? '',
    subject: subjectOf(booking.propertyAddress),
    propertyAddress: booking.propertyAddress,
    ...booking.interval,
    webLink: booking.webLink,
  };
}

/** Whole local days, so that the daily limit can be counted. */
function daysFrom(from: string, to: string, zone: string): Interval {
  return {
    start: dayInterval(from, zone).start,
    end: dayInterval(to, zone).end,
  };
}

/** Enough around a start to find others near it, without reading two months. */
const DAYS_BEFORE = 2;
const DAYS_AFTER = 5;

export function windowAround({ schedule }: BookingContext, start: number): Interval {
  const day = localDate(start, schedule.timeZone);
  return daysFrom(addDays(day, -DAYS_BEFORE), addDays(day, DAYS_AFTER), schedule.timeZone);
}

export function horizonWindow({ schedule, now }: BookingContext): Interval {
  const { from, to } = horizonDates(schedule, now());
  return daysFrom(from, to, schedule.timeZone);
}

/** All that can clash with a viewing in this time. */
export function clashWindow({ schedule }: BookingContext, { start, end }: Interval): Interval {
  const buffer = schedule.rules.bufferMinutes * 60_000;
  return { start: start - buffer, end: end + buffer };
}

/** What in the calendar refuses a start. */
export function clashAt(
  { schedule }: BookingContext,
  occupied: BusyTime,
  start: number,
): 'busy' | 'day_full' | null {
  return findConflict(schedule, occupied, { start, end: start + schedule.rules.durationMinutes * 60_000 });
}

/** What stands in this window: Outlook's word and our own claims, asked at once. */
export async function readBusyTime(
  context: BookingContext,
  window: Interval,
  except?: Parameters<typeof busyTimeFrom>[3],
): Promise<BusyTime> {
  const { calendar, store, schedule, userId, now } = context;
  const [events, entries] = await Promise.all([
    calendar.read(window),
    store.listDays(
      userId,
      localDate(window.start, schedule.timeZone),
      localDate(window.end - 1, schedule.timeZone),
    ),
  ]);
  return busyTimeFrom(events, entries, now(), except);
}

const ALTERNATIVES = 2;

/** The two free slots nearest to a start that is not to be had. */
async function findAlternatives(
  context: BookingContext,
  start: number,
  known: { readonly window: Interval; readonly occupied: BusyTime },
): Promise<Slot[]> {
  const { schedule, now } = context;
  const pick = (occupied: BusyTime, within?: Interval): Slot[] =>
    nearestSlots(
      findSlots(schedule, occupied, now(), within).filter((slot) => slot.start !== start),
      start,
      ALTERNATIVES,
    );
  const near = pick(known.occupied, known.window);
  if (near.length === ALTERNATIVES) return near;
  return pick(await readBusyTime(context, horizonWindow(context)));
}

export async function conflictAt(
  context: BookingContext,
  start: number,
  reason: Extract<NotBookable, { kind: 'conflict' }>['reason'],
  known: { readonly window: Interval; readonly occupied: BusyTime },
): Promise<NotBookable> {
  return {
    kind: 'conflict',
    reason,
    alternatives: await findAlternatives(context, start, known),
  };
}

export async function refuseStart(
  context: BookingContext,
  start: number,
  reason: Extract<NotBookable, { kind: 'refused' }>['reason'],
): Promise<NotBookable> {
  const horizon = horizonWindow(context);
  // Around a start that lies outside of what can be booked there is nothing to find: look from its nearest end.
  const nearest = Math.min(Math.max(start, horizon.start), horizon.end - 1);
  const window = windowAround(context, nearest);
  const occupied = await readBusyTime(context, window);
  return {
    kind: 'refused',
    reason,
    alternatives: await findAlternatives(context, start, { window, occupied }),
  };
}
