import type { Interval } from '../../../scheduling/schedule.ts';
import { localDate } from '../../../scheduling/zone.ts';
import { MINUTE_MS } from '../../../core/duration.ts';
import { range, toDate, toDayNumber } from './calendar-days.ts';
import type { Minutes } from '../grammar/meaning.ts';
import type { WantedTimes } from '../reading.ts';
import { isStart } from './resolve-times.ts';
import { includes, instantIn } from './time-sets.ts';
import type { TimePart, TimeSet } from './time-sets.ts';

/** All that the words may mean, for what is offered: a start is wanted if one reading has it. */
export function toWanted(
  sets: readonly TimeSet[],
  order: WantedTimes['order'],
  managersZone: string,
): WantedTimes {
  const parts = sets.flatMap((set) => set.parts);
  const days = parts.flatMap(
    (part) => part.days ?? part.starts?.map((at) => toDayNumber(localDate(at, managersZone))) ?? [],
  );
  const isUndated = parts.some((part) => part.days === null && part.starts === null);
  const near = parts.find((part) => part.near !== undefined)?.near ?? null;
  const hasTime = parts.some((part) => part.spans !== null || part.starts !== null);
  return {
    includes: (start) => sets.some((set) => includes(set, start)),
    intervals: (dates) => sets.flatMap((set) => intervalsOf(set, dates)),
    isAny: isUndated && !hasTime && sets.every(({ exceptions }) => exceptions.length === 0),
    dates:
      isUndated || days.length === 0
        ? null
        : {
            from: toDate(days.reduce((a, b) => Math.min(a, b))),
            to: toDate(days.reduce((a, b) => Math.max(a, b))),
          },
    order,
    near,
    hasTime,
  };
}

const DAY: Minutes = { from: 0, until: 24 * 60 };

function intervalsOf(
  { zone, parts, exceptions }: TimeSet,
  { from, to }: { from: string; to: string },
): Interval[] {
  const intervals: Interval[] = [];
  // The zone that was named may be a day ahead or behind.
  const [first, last] = [toDayNumber(from) - 1, toDayNumber(to) + 1];
  const days = parts.every((part) => part.days !== null || part.starts !== null)
    ? [...new Set(parts.flatMap((part) => part.days ?? []))].filter((day) => first <= day && day <= last)
    : range(first, last);
  for (const day of days.sort((a, b) => a - b)) {
    const wanted = parts.flatMap((part) => spansOn(part, day));
    const ruledOut = exceptions.flatMap((part) => spansOn(part, day));
    for (const span of wanted.flatMap((one) => without(one, ruledOut))) {
      const start = instantIn(zone, day, span.from);
      // On a day on which clocks change, the next minute of the wall's may be this one, or an hour away.
      intervals.push({ start, end: isStart(span) ? start + MINUTE_MS : instantIn(zone, day, span.until) });
    }
  }
  const excluded = new Set(exceptions.flatMap(({ starts }) => starts ?? []));
  for (const { starts } of parts) {
    for (const at of starts ?? []) if (!excluded.has(at)) intervals.push({ start: at, end: at + 1 });
  }
  return intervals.flatMap((interval) => cutOut(interval, excluded)).filter(({ start, end }) => start < end);
}

function spansOn({ days, spans, starts }: TimePart, day: number): readonly Minutes[] {
  if (starts !== null || (days !== null && !days.includes(day))) return [];
  return spans ?? [DAY];
}

function without(span: Minutes, ruledOut: readonly Minutes[]): Minutes[] {
  let left: Minutes[] = [span];
  for (const { from, until } of ruledOut) {
    left = left.flatMap((one) => [
      { from: one.from, until: Math.min(one.until, from) },
      { from: Math.max(one.from, until), until: one.until },
    ]);
    left = left.filter((one) => one.from < one.until);
  }
  return left;
}

/** The interval without these instants. */
function cutOut(interval: Interval, instants: ReadonlySet<number>): Interval[] {
  let left = [interval];
  for (const at of instants) {
    left = left.flatMap(({ start, end }) =>
      start <= at && at < end
        ? [
            { start, end: at },
            { start: at + 1, end },
          ]
        : [{ start, end }],
    );
  }
  return left;
}
