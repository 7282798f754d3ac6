// Which readings count: those that are past, inside the notice, closed or beyond the horizon drop out. What stands in
// the calendar plays no part: a busy time is still what was meant.
import { openSpans, startsIn } from '../../../scheduling/opening-hours.ts';
import type { Schedule } from '../../../scheduling/schedule.ts';
import { bookableWindow, checkWindow } from '../../../scheduling/slots.ts';
import { localDate } from '../../../scheduling/zone.ts';
import { toDate, toDayNumber } from './calendar-days.ts';
import type { Unbookable } from '../reading.ts';
import { includes, instantIn } from './time-sets.ts';
import type { TimeSet } from './time-sets.ts';
import { MINUTE_MS } from '../../../core/duration.ts';

/** Null if a viewing could be had then, but for the grid and the calendar. */
export function judgeNamedStart(at: number, schedule: Schedule, now: number): Unbookable | null {
  const outside = checkWindow(schedule, now, at);
  if (outside !== null) return outside;
  const date = localDate(at, schedule.timeZone);
  const until = at + schedule.rules.durationMinutes * MINUTE_MS;
  return openSpans(schedule, date, date).some((span) => span.start <= at && until <= span.end)
    ? null
    : 'outside_hours';
}

/** Null if some viewing could be had in the set; else why not, and an instant of it. */
export function judgeSet(
  set: TimeSet,
  schedule: Schedule,
  now: number,
): { readonly reason: Unbookable; readonly at: number } | null {
  const zone = schedule.timeZone;
  const window = bookableWindow(schedule, now);
  const today = toDayNumber(localDate(now, zone));
  const last = today + schedule.rules.horizonDays - 1;
  const starts = set.parts.flatMap((part) => part.starts ?? []);
  if (starts.some((at) => judgeNamedStart(at, schedule, now) === null)) return null;

  const named = set.parts.flatMap(({ days }) => days ?? []);
  const isAnyDay = set.parts.some((part) => part.days === null && part.starts === null);
  const margin = set.zone === zone ? 0 : 1;
  const days = isAnyDay
    ? null
    : new Set(named.flatMap((day) => (margin === 0 ? [day] : [day - 1, day, day + 1])));
  for (let day = today; day <= last; day++) {
    if (days && !days.has(day)) continue;
    const date = toDate(day);
    for (const span of openSpans(schedule, date, date)) {
      for (const at of startsIn(span, schedule)) {
        if (at >= window.start && at < window.end && includes(set, at)) return null;
      }
    }
  }
  const [nearest = now] = [...starts, ...named.map((day) => momentOn(day, set))].sort(
    (a, b) => Math.abs(a - now) - Math.abs(b - now),
  );
  return { reason: checkWindow(schedule, now, nearest) ?? 'outside_hours', at: nearest };
}

/** The last moment of the set on a day: a day is not past before all of it is. */
function momentOn(day: number, set: TimeSet): number {
  const spans = set.parts.flatMap((part) => part.spans ?? []);
  const minute = spans.length === 0 ? 24 * 60 - 1 : Math.max(...spans.map(({ until }) => until)) - 1;
  return instantIn(set.zone, day, minute);
}
