// The days of a week, of a part of it, and of a weekend.
import type { PartOf, Which } from '../grammar/meaning.ts';
import { range, weekdayOf } from './calendar-days.ts';
import { oneReading } from './day-reading.ts';
import type { DayContext, DayReading } from './day-reading.ts';

/** The days of the week from `monday` on, or of a part of it: Monday and Tuesday, Wednesday, Thursday and Friday. */
export function weekDays(monday: number, part: PartOf, today: number): number[] {
  switch (part) {
    case 'early':
      return range(monday, monday + 1);
    case 'mid':
      return [monday + 2];
    case 'late':
      // Said on the Thursday, it is the Friday.
      return range(today === monday + 3 ? monday + 4 : monday + 3, monday + 4);
    case 'rest':
      return range(Math.max(monday, today), monday + 6);
    case 'whole':
      return range(monday, monday + 6);
  }
}

/** A Saturday and its Sunday. */
export function resolveWeekend(which: Which, { today }: DayContext): DayReading[] {
  const saturday = today - weekdayOf(today) + 5;
  const at = (weeks: number): number[] => range(saturday + 7 * weeks, saturday + 7 * weeks + 1);
  switch (which) {
    case 'next':
      return oneReading(at(1));
    case 'after_next':
      return oneReading(at(2));
    case 'last':
      return oneReading(at(-1));
    case 'coming':
      return oneReading(at(weekdayOf(today) >= 5 ? 1 : 0));
    default:
      // On a Sunday, some mean the one to come.
      return weekdayOf(today) === 6 ? [...oneReading(at(0)), ...oneReading(at(1))] : oneReading(at(0));
  }
}
