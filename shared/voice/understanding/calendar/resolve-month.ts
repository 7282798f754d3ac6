// The days of a month, of a part of it, and those that are counted within it.
import type { Day, MonthRef, PartOf } from '../grammar/meaning.ts';
import { dayOf, daysInMonth, range, toCivil, weekdayOf } from './calendar-days.ts';
import { oneReading } from './day-reading.ts';
import type { DayContext, DayReading } from './day-reading.ts';
import { nthWeekday } from './holidays.ts';
import { nearestOf } from './resolve-date.ts';

function monthsOf(
  ref: MonthRef,
  { today }: DayContext,
): { months: readonly { year: number; month: number }[]; isNear: boolean } {
  const { year, month } = toCivil(today);
  if (ref.kind === 'named' && ref.year !== null)
    return { months: [{ year: ref.year, month: ref.month }], isNear: false };
  if (ref.kind === 'named')
    return { months: [-1, 0, 1].map((by) => ({ year: year + by, month: ref.month })), isNear: true };
  const index = year * 12 + month - 1 + (ref.kind === 'relative' ? ref.months : 0);
  return { months: [{ year: Math.floor(index / 12), month: (index % 12) + 1 }], isNear: false };
}

/** The month meant: of those with its name, the one that can be booked, else the nearest. */
export function inMonth(
  ref: MonthRef,
  context: DayContext,
  daysIn: (year: number, month: number) => readonly number[],
): readonly number[] {
  const { months, isNear } = monthsOf(ref, context);
  const [first] = months;
  if (!first) return [];
  return isNear
    ? nearestOf((year) => daysIn(year, first.month), null, context)
    : daysIn(first.year, first.month);
}

/** The days of a month, or of a part of it: 1 to 10, 11 to 20, 21 to the end. */
export function monthDays(ref: MonthRef, part: PartOf, context: DayContext): readonly number[] {
  return inMonth(ref, context, (year, month) => {
    const end = daysInMonth(year, month);
    const [from, to] = { whole: [1, end], early: [1, 10], mid: [11, 20], late: [21, end], rest: [1, end] }[
      part
    ];
    const days = range(dayOf(year, month, from ?? 1), dayOf(year, month, to ?? end));
    return part === 'rest' ? days.filter((day) => day >= context.today) : days;
  });
}

/** "the second Tuesday in December", "the last week of the month". The nth week is the days 7n-6 to 7n. */
export function resolveNth(
  { n, of, weekday, month }: Extract<Day, { kind: 'nth' }>,
  context: DayContext,
): DayReading[] {
  const daysIn = (year: number, each: number): readonly number[] => {
    const end = daysInMonth(year, each);
    const first = dayOf(year, each, 1);
    switch (of) {
      case 'weekday': {
        const day = nthWeekday(year, each, weekday, n);
        return day === null ? [] : [day];
      }
      case 'weekend': {
        const saturday = nthWeekday(year, each, 5, n);
        return saturday === null ? [] : [saturday, saturday + 1];
      }
      case 'week':
        return n < 0
          ? range(first + end - 7, first + end - 1)
          : range(first + 7 * n - 7, Math.min(first + 7 * n - 1, first + end - 1));
      case 'day':
        return n < 0 ? [first + end + n] : n <= end ? [first + n - 1] : [];
    }
  };
  if (month.kind !== 'unsaid')
    return oneReading(inMonth(month, context, daysIn)).filter(({ days }) => days.length > 0);
  // "the second Tuesday": of this month, or of the next if it has passed; or the second from today.
  const { today } = context;
  const { year, month: this_ } = toCivil(today);
  const next = this_ === 12 ? daysIn(year + 1, 1) : daysIn(year, this_ + 1);
  const here = daysIn(year, this_);
  const ofMonth = here.some((day) => day >= today) ? here : next;
  const counted = today + ((weekday - weekdayOf(today) + 7) % 7) + 7 * (n - 1);
  return ofMonth.includes(counted) ? oneReading(ofMonth) : [...oneReading(ofMonth), ...oneReading([counted])];
}
