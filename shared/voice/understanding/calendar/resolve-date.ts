// The day of a date: of those with its month and day, the one that can be booked.
import type { CalendarDate } from '../grammar/meaning.ts';
import { dayOf, daysInMonth, toCivil } from './calendar-days.ts';
import { one } from './day-reading.ts';
import type { DayContext, DayReading } from './day-reading.ts';

/** The next such date that can be booked; else the nearest, past or far, so that it can be said what is wrong with it. */
export function resolveDate(options: readonly CalendarDate[], context: DayContext): DayReading[] {
  return options.flatMap(({ month, day, year }) =>
    one(
      nearestOf((each) => (day <= daysInMonth(each, month) ? [dayOf(each, month, day)] : []), year, context),
    ),
  );
}

export function nearestOf(
  daysIn: (year: number) => readonly number[],
  year: number | null,
  { today, last }: DayContext,
): readonly number[] {
  if (year !== null) return daysIn(year);
  const now = toCivil(today).year;
  const years = [now - 1, now, now + 1].map(daysIn).filter((days) => days.length > 0);
  const open = years.find((days) => days.some((day) => day >= today && day <= last));
  if (open) return open;
  const distance = (days: readonly number[]): number => Math.min(...days.map((day) => Math.abs(day - today)));
  return years.sort((a, b) => distance(a) - distance(b))[0] ?? [];
}
