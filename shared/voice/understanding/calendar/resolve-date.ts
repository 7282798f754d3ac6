// The day of a date: of those with its month and day, the one that can be booked.
import type { CalendarDate } from '../grammar/meaning.ts';
import { dayOf, daysInMonth, range, toCivil } from './calendar-days.ts';
import { oneReading } from './day-reading.ts';
import type { DayContext, DayReading } from './day-reading.ts';

/** At most so many years lie between two leap years: 2096 and 2104. */
const LEAP_YEARS_APART = 8;

/** The next such date that can be booked; else the nearest, past or far, so that it can be said what is wrong with it. */
export function resolveDate(options: readonly CalendarDate[], context: DayContext): DayReading[] {
  return options.flatMap(({ month, day, year }) =>
    oneReading(
      nearestOf((each) => (day <= daysInMonth(each, month) ? [dayOf(each, month, day)] : []), year, context),
    ),
  );
}

/**
 * Of last year, this one and the next: the days that can be booked, else those nearest to today. February 29 may be in none of
 * these: then it is the next one.
 * @param daysIn the days that are meant in a year
 * @param year the only one that counts, if one was said
 */
export function nearestOf(
  daysIn: (year: number) => readonly number[],
  year: number | null,
  { today, last }: DayContext,
): readonly number[] {
  if (year !== null) return daysIn(year);
  const now = toCivil(today).year;
  const years = [now - 1, now, now + 1].map(daysIn).filter(isSome);
  if (years.length === 0)
    return (
      range(now + 2, now + LEAP_YEARS_APART)
        .map(daysIn)
        .find(isSome) ?? []
    );
  const open = years.find((days) => days.some((day) => day >= today && day <= last));
  if (open) return open;
  const distance = (days: readonly number[]): number => Math.min(...days.map((day) => Math.abs(day - today)));
  return years.sort((a, b) => distance(a) - distance(b))[0] ?? [];
}

function isSome(days: readonly number[]): boolean {
  return days.length > 0;
}
