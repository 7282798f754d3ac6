import { MINUTE_MS } from '../core/duration.ts';
import type { Interval, Schedule } from './schedule.ts';
import { addDays, instantOf, minutesOf, weekdayOf } from './zone.ts';

/** One span of hours on one local day. */
export interface OpenSpan extends Interval {
  readonly date: string;
  /** Opening and closing as the hours give them, in minutes from midnight; the grid is counted from the opening. */
  readonly opensAt: number;
  readonly closesAt: number;
}

/**
 * The hours of each local day from `fromDate` to `toDate`, both included, in order of time. An edge that the clocks skip
 * stands at the change, one that comes twice at its first pass. Spans are kept as given: overlapping or touching ones
 * are not joined, since each has its own grid. Those that are empty or unreadable are left out.
 */
export function openSpans(schedule: Schedule, fromDate: string, toDate: string): OpenSpan[] {
  const spans: OpenSpan[] = [];
  for (let date = fromDate; date <= toDate; date = addDays(date, 1)) {
    for (const [from, to] of schedule.hours[weekdayOf(date)] ?? []) {
      const opensAt = minutesOf(from);
      const closesAt = minutesOf(to);
      if (opensAt === null || closesAt === null) continue;
      const start = instantOf({ date, time: from }, schedule.timeZone).at;
      const end = instantOf({ date, time: to }, schedule.timeZone).at;
      if (start < end) spans.push({ start, end, date, opensAt, closesAt });
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}

/**
 * The starts on a span's grid from which a slot fits into the span. The grid is on the clock on the wall, so a day on
 * which the clocks change has the same times as any other: those skipped are left out, and an hour that comes twice
 * has its starts in the first pass alone, where a spoken time finds them.
 */
export function startsIn(span: OpenSpan, schedule: Schedule): number[] {
  const { durationMinutes, gridMinutes } = schedule.rules;
  const starts: number[] = [];
  if (!(gridMinutes > 0 && durationMinutes > 0)) return starts;
  const isPlain = span.end - span.start === (span.closesAt - span.opensAt) * MINUTE_MS;
  for (let minute = span.opensAt; minute < span.closesAt; minute += gridMinutes) {
    const { at, resolution } = isPlain
      ? { at: span.start + (minute - span.opensAt) * MINUTE_MS, resolution: 'normal' }
      : instantOf({ date: span.date, time: timeOf(minute) }, schedule.timeZone);
    if (at + durationMinutes * MINUTE_MS > span.end) break;
    if (resolution !== 'gap') starts.push(at);
  }
  return starts;
}

function timeOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
