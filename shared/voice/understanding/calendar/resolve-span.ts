// The days between two others, or from one on.
import type { Day } from '../grammar/meaning.ts';
import { range, toCivil } from './calendar-days.ts';
import { oneReading, OPEN_END } from './day-reading.ts';
import type { DayContext, DayReading } from './day-reading.ts';

/** What some days mean together: `resolveDays`, of which a span is a part. */
export type ResolveDays = (days: readonly Day[], context: DayContext) => DayReading[];

/** @param resolve what the two ends are read by */
export function resolveSpan(
  { from, to, afterFrom, beforeTo }: Extract<Day, { kind: 'span' }>,
  context: DayContext,
  resolve: ResolveDays,
): DayReading[] {
  const { today } = context;
  const starts = from ? startsOf(from, to, context, resolve) : oneReading([today]);
  return starts.flatMap((start) => {
    // "from last week" is not said of what is to come.
    if (!to && !start.clash && Math.max(...start.days) < today) return [];
    const first = afterFrom ? Math.max(...start.days) + 1 : Math.min(...start.days);
    if (!to) return [{ days: range(first, today + OPEN_END), clash: start.clash }];
    return endsOf(to, from ? first : null, context, resolve).flatMap((end) => {
      const last = beforeTo ? Math.min(...end.days) - 1 : Math.max(...end.days);
      const clash = start.clash ?? end.clash;
      if (clash) return [{ days: [], clash }];
      // "before today" and the like are past.
      if (last < first) return from ? [] : oneReading([last]);
      return last - first > OPEN_END ? [] : [{ days: range(first, last) }];
    });
  });
}

/** "the 3rd to the 7th of December": a number alone is the last such day before the end. */
function startsOf(from: Day, to: Day | null, context: DayContext, resolve: ResolveDays): DayReading[] {
  if (from.kind !== 'number' || to === null || (to.kind !== 'date' && to.kind !== 'all'))
    return resolve([from], context);
  return resolve([to], context).flatMap(({ days: [end] }) => {
    for (let day = (end ?? 0) - 1; end !== undefined && day > end - 31; day--)
      if (toCivil(day).day === from.day) return oneReading([day]);
    return [];
  });
}

/** The end of a span comes after its start: "Monday to Friday", "December 20 to January 3", "the 28th to the 2nd". */
function endsOf(to: Day, first: number | null, context: DayContext, resolve: ResolveDays): DayReading[] {
  const isFlexible =
    to.kind === 'weekday' ||
    to.kind === 'number' ||
    to.kind === 'date' ||
    to.kind === 'all' ||
    to.kind === 'month';
  return first === null || !isFlexible
    ? resolve([to], context)
    : resolve([to], { ...context, today: first, last: first + 60 }).slice(0, 1);
}
