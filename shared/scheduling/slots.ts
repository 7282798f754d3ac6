// What is offered can be booked: findSlots is made of checkRules' own parts and of findConflict.
import { openSpans, startsIn } from './opening-hours.ts';
import { mergeIntervals, overlapsAny } from './intervals.ts';
import { MINUTE_MS } from '../core/duration.ts';
import type {
  BusyTime,
  Conflict,
  DateRange,
  Interval,
  RuleRejection,
  Schedule,
  Slot,
  ViewingTime,
} from './schedule.ts';
import { addDays, dayInterval, localDate } from './zone.ts';

/** Today and the `days - 1` local days after it. @param days default: `rules.daysAhead` */
export function lookAheadDates(schedule: Schedule, now: number, days = schedule.rules.daysAhead): DateRange {
  const from = localDate(now, schedule.timeZone);
  return { from, to: addDays(from, days - 1) };
}

/** The local days that can be booked at all. */
export function horizonDates(schedule: Schedule, now: number): DateRange {
  return lookAheadDates(schedule, now, schedule.rules.horizonDays);
}

/**
 * Which starts the notice, the home's first day and the horizon allow: to the end of the horizon's last local day. May be
 * empty.
 */
export function bookableWindow(schedule: Schedule, now: number): Interval {
  const start = Math.max(noticeEnd(schedule, now), firstDay(schedule));
  const { end } = dayInterval(horizonDates(schedule, now).to, schedule.timeZone);
  return { start, end: Math.max(start, end) };
}

function noticeEnd({ rules }: Schedule, now: number): number {
  return now + rules.noticeMinutes * MINUTE_MS;
}

function firstDay({ home, timeZone }: Schedule): number {
  return home?.viewableFrom == null ? -Infinity : dayInterval(home.viewableFrom, timeZone).start;
}

/**
 * Every slot that can be booked now, in order of time.
 * @param busyTime everything that is within one buffer of the slots, and all viewings of their local days.
 * @param within only slots that start inside one of these intervals. Default: all.
 */
export function findSlots(
  schedule: Schedule,
  busyTime: BusyTime,
  now: number,
  within?: Interval | readonly Interval[],
): Slot[] {
  const bookable = bookableWindow(schedule, now);
  const allowed = mergeIntervals(listOf(within) ?? [bookable]);
  const start = Math.max(bookable.start, allowed[0]?.start ?? Infinity);
  const end = Math.min(bookable.end, allowed.at(-1)?.end ?? -Infinity);
  if (start >= end) return [];

  const conflictOf = createConflictFinder(schedule, busyTime);
  const spans = openSpans(
    schedule,
    localDate(start, schedule.timeZone),
    localDate(end - 1, schedule.timeZone),
  );
  const starts = new Set(spans.flatMap((span) => startsIn(span, schedule)));
  return [...starts]
    .filter((at) => start <= at && at < end && overlapsAny(allowed, { start: at, end: at + 1 }))
    .sort((a, b) => a - b)
    .map((at) => slotAt(schedule, at))
    .filter((slot) => conflictOf(slot) === null);
}

function listOf(within: Interval | readonly Interval[] | undefined): readonly Interval[] | undefined {
  return within !== undefined && 'start' in within ? [within] : within;
}

/** Why a start is outside of `bookableWindow`; null if it is inside. */
export function checkWindow(
  schedule: Schedule,
  now: number,
  start: number,
): Exclude<RuleRejection, 'outside_hours' | 'off_grid'> | null {
  if (start < now) return 'past';
  if (start < noticeEnd(schedule, now)) return 'notice';
  if (start < firstDay(schedule)) return 'not_yet';
  return start >= bookableWindow(schedule, now).end ? 'horizon' : null;
}

/**
 * Whether the rules allow a start, whatever is in the calendar. If several rules refuse it, the first of this order is
 * told: past, notice, not_yet, horizon, outside_hours, off_grid.
 */
export function checkRules(
  schedule: Schedule,
  now: number,
  start: number,
): { readonly ok: true; readonly slot: Slot } | { readonly ok: false; readonly reason: RuleRejection } {
  const reason = checkWindow(schedule, now, start);
  if (reason !== null) return { ok: false, reason };

  const slot = slotAt(schedule, start);
  const date = localDate(start, schedule.timeZone);
  const around = openSpans(schedule, date, date).filter((s) => s.start <= slot.start && slot.end <= s.end);
  if (around.length === 0) return { ok: false, reason: 'outside_hours' };
  if (!around.some((span) => startsIn(span, schedule).includes(start)))
    return { ok: false, reason: 'off_grid' };
  return { ok: true, slot };
}

/**
 * Why the calendar refuses a slot; null if it does not. `busy` is told before `day_full`.
 * @param busyTime everything that is within one buffer of the slot, and all viewings of its local day.
 */
export function findConflict(schedule: Schedule, busyTime: BusyTime, slot: Slot): Conflict | null {
  return createConflictFinder(schedule, busyTime)(slot);
}

function slotAt({ rules }: Schedule, start: number): Slot {
  return { start, end: start + rules.durationMinutes * MINUTE_MS };
}

function createConflictFinder(
  { rules, timeZone, home }: Schedule,
  { busy, viewings }: BusyTime,
): (slot: Slot) => Conflict | null {
  const buffer = rules.bufferMinutes * MINUTE_MS;
  // A viewing blocks, whether or not the caller has listed it as busy too.
  const taken = mergeIntervals([...busy, ...viewings]);
  const isFull = createDayCounter(timeZone, viewings, rules.dailyLimit);
  const isFullOfHome = createDayCounter(
    timeZone,
    home === undefined ? [] : viewings.filter(({ propertyId }) => propertyId === home.propertyId),
    home?.dailyLimit ?? null,
  );
  return ({ start, end }) => {
    if (overlapsAny(taken, { start: start - buffer, end: end + buffer })) return 'busy';
    return isFull(start) || isFullOfHome(start) ? 'day_full' : null;
  };
}

/** Whether the local day of a start holds as many of these viewings as the limit allows. */
function createDayCounter(
  timeZone: string,
  viewings: readonly ViewingTime[],
  limit: number | null,
): (start: number) => boolean {
  if (limit === null) return () => false;
  const perDay = new Map<string, Set<string | ViewingTime>>();
  for (const viewing of viewings) {
    const date = localDate(viewing.start, timeZone);
    const counted = perDay.get(date) ?? new Set();
    perDay.set(date, counted.add(viewing.bookingId ?? viewing));
  }
  return (start) => (perDay.get(localDate(start, timeZone))?.size ?? 0) >= limit;
}
