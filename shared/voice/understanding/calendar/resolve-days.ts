// Which days of the calendar are meant. If words have more than one reading, each is a list of its own.
import type { Day } from '../grammar/meaning.ts';
import { later, range, weekdayOf } from './calendar-days.ts';
import { oneReading, OPEN_END } from './day-reading.ts';
import type { DayContext, DayReading } from './day-reading.ts';
import { holidayIn } from './holidays.ts';
import { nearestOf, resolveDate } from './resolve-date.ts';
import { monthDays, resolveNth } from './resolve-month.ts';
import { resolveSpan } from './resolve-span.ts';
import { resolveWeekend, weekDays } from './resolve-week.ts';
import { resolveWeekday, withNumber, withWeekday } from './resolve-weekday.ts';

/** What all of these days have in common; no reading if they have nothing. */
export function resolveDays(days: readonly Day[], context: DayContext): DayReading[] {
  const flat = days.flatMap((day) => (day.kind === 'all' ? day.days : [day]));
  const weekdays: readonly Day[] = flat.filter((day) => day.kind === 'weekday' && day.which === 'bare');
  const numbers: readonly Day[] = flat.filter((day) => day.kind === 'number');
  const others = flat.filter((day) => !weekdays.includes(day) && !numbers.includes(day));
  if (weekdays.length > 1 || numbers.length > 1) return [];

  let readings: DayReading[] | null = null;
  for (const day of others) readings = meet(readings, resolveDay(day, context), day);
  const [number] = numbers;
  const [weekday] = weekdays;
  if (number?.kind === 'number') readings = withNumber(readings, number.day, context);
  if (weekday?.kind === 'weekday') readings = withWeekday(readings, weekday.weekday, context);
  return readings ?? [];
}

function meet(readings: DayReading[] | null, more: DayReading[], day: Day): DayReading[] {
  if (!readings) return more;
  return readings.flatMap((reading) =>
    more.flatMap((other) => {
      const days = reading.days.filter((each) => other.days.includes(each));
      if (days.length > 0) return [{ days, clash: reading.clash ?? other.clash }];
      const isOneDay = day.kind === 'weekday' || day.kind === 'date' || day.kind === 'relative';
      const [first] = reading.days;
      const [second] = other.days;
      if (
        !isOneDay ||
        reading.days.length > 1 ||
        other.days.length > 1 ||
        first === undefined ||
        second === undefined
      )
        return [];
      return [{ days: [], clash: [first, second] }];
    }),
  );
}

function resolveDay(day: Day, context: DayContext): DayReading[] {
  const { today, viewing } = context;
  switch (day.kind) {
    case 'relative':
      return oneReading([today + day.days]);
    case 'weekday':
      return resolveWeekday(day.weekday, day.which, context);
    case 'every':
      return oneReading(
        range(today, today + OPEN_END).filter((each) => day.weekdays.includes(weekdayOf(each))),
      );
    case 'number':
      return withNumber(null, day.day, context);
    case 'date':
      return resolveDate(day.options, context);
    case 'month':
      return oneReading(monthDays(day.month, day.part, context));
    case 'week':
      return oneReading(weekDays(today - weekdayOf(today) + 7 * day.weeks, day.part, today));
    case 'week_of':
      return resolveDays([day.day], context).map(({ days: [first = today], clash }) => ({
        days: range(first - weekdayOf(first), first - weekdayOf(first) + 6),
        clash,
      }));
    case 'weekend':
      return resolveWeekend(day.which, context);
    case 'nth':
      return resolveNth(day, context);
    case 'holiday':
      return oneReading(
        nearestOf((year) => [holidayIn(day.name, year) ?? NaN].filter(Number.isFinite), day.year, context),
      );
    case 'span':
      return resolveSpan(day, context, resolveDays);
    case 'coming':
      return oneReading(
        range(today, Math.min(later(today, day.by) + (day.by.spread ?? 0), today + OPEN_END)),
      );
    case 'shift':
      return resolveShift(day, context);
    case 'weekday_count': {
      const ahead = ((day.weekday - weekdayOf(today) + 6) % 7) + 1;
      return oneReading([today + ahead + 7 * (day.n - 1)]);
    }
    case 'around':
      return resolveDays([day.day], context).map(({ days, clash }) => ({
        days: range(Math.min(...days) - 2, Math.max(...days) + 2),
        clash,
      }));
    case 'all':
      return resolveDays(day.days, context);
    case 'same':
      return viewing === null ? [] : oneReading([viewing]);
  }
}

function resolveShift({ by, of }: Extract<Day, { kind: 'shift' }>, context: DayContext): DayReading[] {
  return resolveDays([of], context).flatMap(({ days, clash }) => {
    if (clash) return [{ days: [], clash }];
    const shifted = days.map((day) => later(day, by));
    const [first] = shifted;
    if (by.spread !== undefined && first !== undefined) return oneReading(range(first, first + by.spread));
    if (by.alternativeDays === undefined) return oneReading(shifted);
    const { alternativeDays } = by;
    return [...oneReading(shifted), ...oneReading(days.map((day) => day + alternativeDays))];
  });
}
