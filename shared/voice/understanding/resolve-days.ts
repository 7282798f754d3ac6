// Which days of the calendar are meant. Where words have more than one reading, each is a list of its own.
import { addMonths, dayOf, daysInMonth, range, toCivil, weekdayOf } from './calendar-days.ts';
import { holidayIn, nthWeekday } from './holidays.ts';
import type { CalendarDate, Day, Distance, MonthRef, PartOf, Which } from './meaning.ts';

export interface DayContext {
  readonly today: number;
  /** The last day that can be booked. */
  readonly last: number;
  /** The day of the viewing that moves. */
  readonly viewing: number | null;
}

/** One reading, in order of time. `clash`: words that name one day disagree, these are the days that they name. */
export interface DayReading {
  readonly days: readonly number[];
  readonly clash?: readonly number[];
}

/** How many days "from Wednesday on" reaches, and whatever else has no near end. */
const OPEN_END = 400;

const one = (days: readonly number[]): DayReading[] => [{ days }];

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

function withNumber(readings: DayReading[] | null, number: number, { today }: DayContext): DayReading[] {
  if (!readings) {
    for (let day = today; day < today + 70; day++) if (toCivil(day).day === number) return one([day]);
    return [];
  }
  return readings.flatMap(({ days, clash }) => {
    const fitting = days.filter((day) => toCivil(day).day === number);
    return fitting.length > 0 ? [{ days: fitting, clash }] : [];
  });
}

function withWeekday(readings: DayReading[] | null, weekday: number, { today }: DayContext): DayReading[] {
  const ahead = (weekday - weekdayOf(today) + 7) % 7;
  // By its name alone, today's weekday is today or in a week.
  if (!readings) return ahead === 0 ? [...one([today]), ...one([today + 7])] : one([today + ahead]);
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

function resolveDay(day: Day, context: DayContext): DayReading[] {
  const { today, viewing } = context;
  switch (day.kind) {
    case 'relative':
      return one([today + day.days]);
    case 'weekday':
      return resolveWeekday(day.weekday, day.which, context);
    case 'every':
      return one(range(today, today + OPEN_END).filter((each) => day.weekdays.includes(weekdayOf(each))));
    case 'number':
      return withNumber(null, day.day, context);
    case 'date':
      return resolveDate(day.options, context);
    case 'month':
      return one(monthDays(day.month, day.part, context));
    case 'week':
      return one(weekDays(today - weekdayOf(today) + 7 * day.weeks, day.part, today));
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
      return one(
        nearestOf((year) => [holidayIn(day.name, year) ?? NaN].filter(Number.isFinite), day.year, context),
      );
    case 'span':
      return resolveSpan(day, context);
    case 'coming':
      return one(range(today, Math.min(later(today, day.by) + (day.by.spread ?? 0), today + OPEN_END)));
    case 'shift':
      return resolveShift(day, context);
    case 'weekday_count': {
      const ahead = ((day.weekday - weekdayOf(today) + 6) % 7) + 1;
      return one([today + ahead + 7 * (day.n - 1)]);
    }
    case 'around':
      return resolveDays([day.day], context).map(({ days, clash }) => ({
        days: range(Math.min(...days) - 2, Math.max(...days) + 2),
        clash,
      }));
    case 'all':
      return resolveDays(day.days, context);
    case 'same':
      return viewing === null ? [] : one([viewing]);
  }
}

function resolveWeekday(weekday: number, which: Which, context: DayContext): DayReading[] {
  const { today, viewing } = context;
  const monday = today - weekdayOf(today);
  const ahead = (weekday - weekdayOf(today) + 7) % 7;
  switch (which) {
    case 'next':
      return one([monday + 7 + weekday]);
    case 'after_next':
      return one([monday + 14 + weekday]);
    case 'coming':
      return one([today + (ahead === 0 ? 7 : ahead)]);
    case 'last': {
      const ago = (weekdayOf(today) - weekday + 7) % 7;
      return one([today - (ago === 0 ? 7 : ago)]);
    }
    case 'following': {
      if (viewing === null) return [];
      const on = (weekday - weekdayOf(viewing) + 7) % 7;
      return one([viewing + (on === 0 ? 7 : on)]);
    }
    default:
      return withWeekday(null, weekday, context);
  }
}

/** The next such date that can be booked; else the nearest, past or far, so that it can be said what is wrong with it. */
function resolveDate(options: readonly CalendarDate[], context: DayContext): DayReading[] {
  return options.flatMap(({ month, day, year }) =>
    one(
      nearestOf((each) => (day <= daysInMonth(each, month) ? [dayOf(each, month, day)] : []), year, context),
    ),
  );
}

function nearestOf(
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
function inMonth(
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

function monthDays(ref: MonthRef, part: PartOf, context: DayContext): readonly number[] {
  return inMonth(ref, context, (year, month) => {
    const end = daysInMonth(year, month);
    const [from, to] = { whole: [1, end], early: [1, 10], mid: [11, 20], late: [21, end], rest: [1, end] }[
      part
    ];
    const days = range(dayOf(year, month, from ?? 1), dayOf(year, month, to ?? end));
    return part === 'rest' ? days.filter((day) => day >= context.today) : days;
  });
}

function weekDays(monday: number, part: PartOf, today: number): number[] {
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

function resolveWeekend(which: Which, { today }: DayContext): DayReading[] {
  const saturday = today - weekdayOf(today) + 5;
  const at = (weeks: number): number[] => range(saturday + 7 * weeks, saturday + 7 * weeks + 1);
  switch (which) {
    case 'next':
      return one(at(1));
    case 'after_next':
      return one(at(2));
    case 'last':
      return one(at(-1));
    case 'coming':
      return one(at(weekdayOf(today) >= 5 ? 1 : 0));
    default:
      // On a Sunday, some mean the one to come.
      return weekdayOf(today) === 6 ? [...one(at(0)), ...one(at(1))] : one(at(0));
  }
}

function resolveNth(
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
    return one(inMonth(month, context, daysIn)).filter(({ days }) => days.length > 0);
  // "the second Tuesday": of this month, or of the next if it has passed; or the second from today.
  const { today } = context;
  const { year, month: this_ } = toCivil(today);
  const next = this_ === 12 ? daysIn(year + 1, 1) : daysIn(year, this_ + 1);
  const here = daysIn(year, this_);
  const ofMonth = here.some((day) => day >= today) ? here : next;
  const counted = today + ((weekday - weekdayOf(today) + 7) % 7) + 7 * (n - 1);
  return ofMonth.includes(counted) ? one(ofMonth) : [...one(ofMonth), ...one([counted])];
}

function resolveSpan(
  { from, to, afterFrom, beforeTo }: Extract<Day, { kind: 'span' }>,
  context: DayContext,
): DayReading[] {
  const { today } = context;
  const starts = from ? startsOf(from, to, context) : one([today]);
  return starts.flatMap((start) => {
    // "from last week" is not said of what is to come.
    if (!to && !start.clash && Math.max(...start.days) < today) return [];
    const first = afterFrom ? Math.max(...start.days) + 1 : Math.min(...start.days);
    if (!to) return [{ days: range(first, today + OPEN_END), clash: start.clash }];
    return endsOf(to, from ? first : null, context).flatMap((end) => {
      const last = beforeTo ? Math.min(...end.days) - 1 : Math.max(...end.days);
      const clash = start.clash ?? end.clash;
      if (clash) return [{ days: [], clash }];
      // "before today" and the like are past.
      if (last < first) return from ? [] : one([last]);
      return last - first > OPEN_END ? [] : [{ days: range(first, last) }];
    });
  });
}

/** "the 3rd to the 7th of December": a number alone is the last such day before the end. */
function startsOf(from: Day, to: Day | null, context: DayContext): DayReading[] {
  if (from.kind !== 'number' || to === null || (to.kind !== 'date' && to.kind !== 'all'))
    return resolveDays([from], context);
  return resolveDays([to], context).flatMap(({ days: [end] }) => {
    for (let day = (end ?? 0) - 1; end !== undefined && day > end - 31; day--)
      if (toCivil(day).day === from.day) return one([day]);
    return [];
  });
}

/** The end of a span comes after its start: "Monday to Friday", "December 20 to January 3", "the 28th to the 2nd". */
function endsOf(to: Day, first: number | null, context: DayContext): DayReading[] {
  const isFlexible =
    to.kind === 'weekday' ||
    to.kind === 'number' ||
    to.kind === 'date' ||
    to.kind === 'all' ||
    to.kind === 'month';
  return first === null || !isFlexible
    ? resolveDays([to], context)
    : resolveDays([to], { ...context, today: first, last: first + 60 }).slice(0, 1);
}

function resolveShift({ by, of }: Extract<Day, { kind: 'shift' }>, context: DayContext): DayReading[] {
  return resolveDays([of], context).flatMap(({ days, clash }) => {
    if (clash) return [{ days: [], clash }];
    const shifted = days.map((day) => later(day, by));
    const [first] = shifted;
    if (by.spread !== undefined && first !== undefined) return one(range(first, first + by.spread));
    if (by.alternativeDays === undefined) return one(shifted);
    const { alternativeDays } = by;
    return [...one(shifted), ...one(days.map((day) => day + alternativeDays))];
  });
}

export function later(day: number, { days = 0, months = 0 }: Distance): number {
  return months === 0 ? day + days : addMonths(day + days, months);
}
