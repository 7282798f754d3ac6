import {
  chooseVaried,
  padWithSoonest,
  MAX_SPOKEN,
  PARTS_OF_DAY,
  partOfDay,
  presentSlots,
  rankBy,
} from './select-slots.ts';
import type { DateRange, BusyTime, Offer, Schedule, Slot, AvailabilityRequest } from './schedule.ts';
import { findSlots, lookAheadDates } from './slots.ts';
import { daysBetween, localDate, minuteOfDay, minutesOf } from './zone.ts';

/**
 * What to offer a caller: of the slots as wished, a varied few, or those nearest to the time of day he named; where none
 * is as wished, the nearest of the horizon. `occupied` must cover the whole horizon.
 */
export function offerSlots(
  schedule: Schedule,
  occupied: BusyTime,
  now: number,
  wish: AvailabilityRequest,
): Offer {
  const zone = schedule.timeZone;
  const all = findSlots(schedule, occupied, now);
  if (all.length === 0) return { kind: 'none' };

  const dates = wish.dates ?? lookAheadDates(schedule, now, wish.daysAhead);
  const asked = all.filter((slot) => isAsked(slot, dates, wish, zone));
  if (asked.length === 0) return { kind: 'slots', fit: 'nearest', ...presentNearest(all, dates, wish, zone) };
  if (wish.near === undefined) return { kind: 'slots', fit: 'asked', ...presentSlots(asked, zone) };
  const nearest = rankBy(asked, (slot) => [minutesOff(slot, wish, zone)]);
  return { kind: 'slots', fit: 'asked', ...padWithSoonest(nearest.slice(0, MAX_SPOKEN), asked) };
}

/** Spoken of different days, so that a caller whose day is full hears the day before and the day after. */
function presentNearest(
  all: readonly Slot[],
  dates: DateRange,
  wish: AvailabilityRequest,
  zone: string,
): { slots: Slot[]; spoken: Slot[] } {
  const ranked = rankBy(all, (slot) => {
    const days = daysOff(slot, dates, zone);
    const minutes = minutesOff(slot, wish, zone);
    // A day that was named counts before the time of day; where none was, the time of day is all that was asked for.
    return wish.dates ? [days, minutes] : [minutes, days];
  });
  const spoken = chooseVaried(ranked, ({ start }) => localDate(start, zone));
  // The soonest that is presented is always spoken.
  const soonest = Math.min(...spoken.map(({ start }) => start));
  return padWithSoonest(
    spoken,
    ranked.filter(({ start }) => start >= soonest),
  );
}

function isAsked(slot: Slot, { from, to }: DateRange, wish: AvailabilityRequest, zone: string): boolean {
  const date = localDate(slot.start, zone);
  if (date < from || date > to) return false;
  return wish.partOfDay === undefined || partOfDay(slot.start, zone) === wish.partOfDay;
}

/** Local days between a slot and the wished ones. */
function daysOff(slot: Slot, { from, to }: DateRange, zone: string): number {
  const date = localDate(slot.start, zone);
  if (date < from) return daysBetween(date, from);
  return date > to ? daysBetween(to, date) : 0;
}

/** Minutes on the clock between a slot's time of day and the wished one. */
function minutesOff(slot: Slot, wish: AvailabilityRequest, zone: string): number {
  const minute = minuteOfDay(slot.start, zone);
  const near = wish.near === undefined ? null : minutesOf(wish.near);
  if (near !== null) return Math.abs(minute - near);
  if (wish.partOfDay === undefined) return 0;
  const { from, to } = PARTS_OF_DAY[wish.partOfDay];
  return Math.max(0, from - minute, minute - to + 1);
}
