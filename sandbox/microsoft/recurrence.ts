// Series: daily and weekly patterns on the series' own clock, with days left out and days moved.
import type { CalendarEvent, When } from './calendar.ts';
import { addDays, instantOf, wallAt, weekdayOf } from './zones.ts';

export const dayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

export interface Recurrence {
  type: 'daily' | 'weekly';
  /** Every so many days or weeks. */
  interval: number;
  /** Of a weekly pattern: names as in Graph. */
  daysOfWeek: string[];
  /** The last date on which it may start; without it, and without a number, it never ends. */
  endDate?: string;
  numberOfOccurrences?: number;
  /** IANA: the clock on which it repeats. */
  zone: string;
  /** Dates without an occurrence. */
  removed: string[];
  /** Occurrences at another time, by the date on which the pattern has them. */
  moved: Record<string, When>;
}

export interface Occurrence {
  /** The date on which the pattern has it; undefined for an event that does not repeat. */
  date?: string;
  when: When;
  type: 'singleInstance' | 'occurrence' | 'exception';
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

/** The event's times between two instants, give or take the pattern's neighbours: the caller checks the overlap. */
export function expandEvent(event: CalendarEvent, from: number, to: number): Occurrence[] {
  const { recurrence, when } = event;
  if (!recurrence) return [{ when, type: 'singleInstance' }];
  const { zone } = recurrence;
  const firstWall = when.isAllDay ? `${when.startDate}T00:00:00` : wallAt(when.start, zone);
  const first = firstWall.slice(0, 10);
  const time = firstWall.slice(10);
  const lastWanted = addDays(wallAt(to, zone).slice(0, 10), 1);
  const last =
    recurrence.endDate !== undefined && recurrence.endDate < lastWanted ? recurrence.endDate : lastWanted;
  const lengthDays = when.isAllDay ? daysBetween(when.startDate, when.endDate) : 0;
  const lengthMs = when.isAllDay ? 0 : when.end - when.start;
  // Counting needs every date from the first one on; otherwise what lies before the window is skipped.
  const windowStart = addDays(wallAt(from - lengthMs, zone).slice(0, 10), -1 - lengthDays);
  const found: Occurrence[] = [];
  let count = 0;
  for (let date = first; date <= last; date = addDays(date, 1)) {
    if (!isOnPattern(recurrence, first, date)) continue;
    count += 1;
    if (recurrence.numberOfOccurrences !== undefined && count > recurrence.numberOfOccurrences) break;
    if (recurrence.removed.includes(date) || recurrence.moved[date]) continue;
    if (date < windowStart) continue;
    const start = when.isAllDay ? 0 : instantOf(date + time, zone);
    found.push({
      date,
      type: 'occurrence',
      when: when.isAllDay
        ? { isAllDay: true, startDate: date, endDate: addDays(date, lengthDays) }
        : { isAllDay: false, start, end: start + lengthMs },
    });
  }
  for (const [date, moved] of Object.entries(recurrence.moved)) {
    found.push({ date, type: 'exception', when: moved });
  }
  return found;
}

function isOnPattern(recurrence: Recurrence, first: string, date: string): boolean {
  if (recurrence.type === 'daily') return daysBetween(first, date) % recurrence.interval === 0;
  if (!recurrence.daysOfWeek.includes(dayNames[weekdayOf(date)] ?? '')) return false;
  const weekStart = addDays(first, -weekdayOf(first));
  return Math.floor(daysBetween(weekStart, date) / 7) % recurrence.interval === 0;
}
