import {
  chooseVaried,
  padWithSoonest,
  MAX_SPOKEN,
  PARTS_OF_DAY,
  partOfDay,
  presentSlots,
  rankBy,
} from './select-slots.ts';
import type {
  AvailabilityRequest,
  BusyTime,
  DateRange,
  Interval,
  Offer,
  Schedule,
  Slot,
} from './schedule.ts';
import { findSlots, lookAheadDates } from './slots.ts';
import { dayInterval, daysBetween, localDate, minuteOfDay, minutesOf } from './zone.ts';

/** What to offer a caller. @param busyTime must cover the whole horizon and one buffer on each side of it. */
export function offerSlots(
  schedule: Schedule,
  busyTime: BusyTime,
  now: number,
  request: AvailabilityRequest,
): Offer {
  return chooseOffer(schedule, findSlots(schedule, busyTime, now), now, request);
}

/**
 * What to offer a caller: a varied few of the slots as requested, or those nearest to the time of day that was named. If
 * none is as requested: the nearest of all.
 * @param slots every slot that can be booked, in order of time.
 */
export function chooseOffer(
  schedule: Schedule,
  slots: readonly Slot[],
  now: number,
  request: AvailabilityRequest,
): Offer {
  if (slots.length === 0) return { kind: 'none' };
  const zone = schedule.timeZone;
  const dates = requestedDates(schedule, now, request);
  const asked = slots.filter((slot) => isAsked(slot, dates, request, zone));
  if (asked.length === 0)
    return { kind: 'slots', fit: 'nearest', ...presentNearest(slots, dates, request, zone) };
  if (request.order === 'soonest')
    return { kind: 'slots', fit: 'asked', ...padWithSoonest(asked.slice(0, MAX_SPOKEN), asked) };
  if (request.order === 'latest')
    return { kind: 'slots', fit: 'asked', ...padWithSoonest(asked.slice(-MAX_SPOKEN), []) };
  if (request.near === undefined) return { kind: 'slots', fit: 'asked', ...presentSlots(asked, zone) };
  const nearest = rankBy(asked, (slot) => [minutesOff(slot, request, zone)]);
  return { kind: 'slots', fit: 'asked', ...padWithSoonest(nearest.slice(0, MAX_SPOKEN), asked) };
}

/** The time from the first requested local day to the end of the last. Whole local days. May be empty. */
export function requestedWindow(schedule: Schedule, now: number, request: AvailabilityRequest): Interval {
  const { from, to } = requestedDates(schedule, now, request);
  return {
    start: dayInterval(from, schedule.timeZone).start,
    end: dayInterval(to, schedule.timeZone).end,
  };
}

/** The local days that are requested: those named, the days ahead, or else those that `within` touches. */
function requestedDates(schedule: Schedule, now: number, request: AvailabilityRequest): DateRange {
  if (request.dates !== undefined) return request.dates;
  const within = (request.within ?? []).filter(({ start, end }) => start < end);
  if (within.length === 0 || request.daysAhead !== undefined)
    return lookAheadDates(schedule, now, request.daysAhead);
  return {
    from: localDate(Math.min(...within.map(({ start }) => start)), schedule.timeZone),
    to: localDate(Math.max(...within.map(({ end }) => end)) - 1, schedule.timeZone),
  };
}

/** The spoken ones are on different days, so that a caller whose day is full hears the day before and the day after. */
function presentNearest(
  all: readonly Slot[],
  dates: DateRange,
  request: AvailabilityRequest,
  zone: string,
): { slots: Slot[]; spoken: Slot[] } {
  const ranked = rankBy(all, (slot) => {
    const away = awayFrom(slot, request.within);
    const days = daysOff(slot, dates, zone);
    const minutes = minutesOff(slot, request, zone);
    // A day that was named counts before the time of day. If none was, the time of day is all that was asked for.
    if (request.dates) return [days, minutes, away];
    return away > 0 ? [away, minutes] : [minutes, days];
  });
  const spoken = chooseVaried(ranked, ({ start }) => localDate(start, zone));
  // The soonest that is presented is always spoken.
  const soonest = Math.min(...spoken.map(({ start }) => start));
  return padWithSoonest(
    spoken,
    ranked.filter(({ start }) => start >= soonest),
  );
}

function isAsked(
  slot: Slot,
  { from, to }: DateRange,
  { within, partOfDay: part }: AvailabilityRequest,
  zone: string,
): boolean {
  const date = localDate(slot.start, zone);
  if (date < from || date > to || awayFrom(slot, within) > 0) return false;
  return part === undefined || partOfDay(slot.start, zone) === part;
}

/** Milliseconds between a start and the nearest of these intervals; 0 inside one, or if there are none to be in. */
function awayFrom({ start }: Slot, within: readonly Interval[] | undefined): number {
  if (within === undefined) return 0;
  return Math.min(
    ...within.map((one) => (start < one.start ? one.start - start : Math.max(0, start - one.end + 1))),
  );
}

/** Local days between a slot and the requested ones. */
function daysOff(slot: Slot, { from, to }: DateRange, zone: string): number {
  const date = localDate(slot.start, zone);
  if (date < from) return daysBetween(date, from);
  return date > to ? daysBetween(to, date) : 0;
}

/** Minutes on the clock between a slot's time of day and the requested one. */
function minutesOff(slot: Slot, request: AvailabilityRequest, zone: string): number {
  const minute = minuteOfDay(slot.start, zone);
  const near = request.near === undefined ? null : minutesOf(request.near);
  if (near !== null) return Math.abs(minute - near);
  if (request.partOfDay === undefined) return 0;
  const { from, to } = PARTS_OF_DAY[request.partOfDay];
  return Math.max(0, from - minute, minute - to + 1);
}
