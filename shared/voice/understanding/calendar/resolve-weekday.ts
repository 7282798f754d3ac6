// The days of a weekday, or of a number without its month.
import { toCivil, weekdayOf } from './calendar-days.ts';
import type { Which } from '../grammar/meaning.ts';
import { oneReading } from './day-reading.ts';
import type { DayContext, DayReading } from './day-reading.ts';

/** The days with this number in their month; without other words the next one, up to 70 days ahead. */
export function withNumber(
  readings: DayReading[] | null,
  number: number,
  { today }: DayContext,
): DayReading[] {
  if (!readings) {
    for (let day = today; day < today + 70; day++) if (toCivil(day).day === number) return oneReading([day]);
    return [];
  }
  return readings.flatMap(({ days, clash }) => {
    const fitting = days.filter((day) => toCivil(day).day === number);
    return fitting.length > 0 ? [{ days: fitting, clash }] : [];
  });
}

/** The days that fall on this weekday (Monday is 0); without other words the next one, and today as well. */
export function withWeekday(
  readings: DayReading[] | null,
  weekday: number,
  { today }: DayContext,
): DayReading[] {
  const ahead = (weekday - weekdayOf(today) + 7) % 7;
  // By its name alone, today's weekday is today or in a week.
  if (!readings)
    return ahead === 0 ? [...oneReading([today]), ...oneReading([today + 7])] : oneReading([today + ahead]);
  return readings.flatMap(({ days, clash }) => {
    const fitting = days.filter((day) => weekdayOf(day) === weekday);
    if (fitting.length > 0) return [{ days: fitting, clash }];
    const [only, ...others] = days;
    if (only === undefined || others.length > 0) return [];
    // The weekday nearest to the date that was named, and that date.
    const off = (weekday - weekdayOf(only) + 7) % 7;
    const nearest = off <= 3 ? only + off : only + off - 7;
    return [{ days: [], clash: [nearest < today ? nearest + 7 : nearest, only] }];
  });
}

/** "next Friday", "this Friday", "the Friday after next". "next" is that of next week, Monday to Sunday. */
export function resolveWeekday(weekday: number, which: Which, context: DayContext): DayReading[] {
  const { today, viewing } = context;
  const monday = today - weekdayOf(today);
  const ahead = (weekday - weekdayOf(today) + 7) % 7;
  switch (which) {
    case 'next':
      return oneReading([monday + 7 + weekday]);
    case 'after_next':
      return oneReading([monday + 14 + weekday]);
    case 'coming':
      return oneReading([today + (ahead === 0 ? 7 : ahead)]);
    case 'last': {
      const ago = (weekdayOf(today) - weekday + 7) % 7;
      return oneReading([today - (ago === 0 ? 7 : ago)]);
    }
    case 'following': {
      if (viewing === null) return [];
      const on = (weekday - weekdayOf(viewing) + 7) % 7;
      return oneReading([viewing + (on === 0 ? 7 : on)]);
    }
    default:
      return withWeekday(null, weekday, context);
  }
}
