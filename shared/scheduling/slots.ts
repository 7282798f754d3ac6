// Offered = bookable: findSlots and judgeStart are both made of bookableWindow, openSpans, startsIn and findClash.
import { openSpans, startsIn } from './opening-hours.ts';
import { mergeIntervals, overlapsAny } from './intervals.ts';
import type { DateRange, Interval, BusyTime, SlotRejection, Schedule, Slot } from './schedule.ts';
import { addDays, dayInterval, localDate } from './zone.ts';

const MINUTE = 60_000;

/** Today and the `days - 1` local days after it; `rules.daysAhead` by default. */
export function lookAheadDates(schedule: Schedule, now: number, days = schedule.rules.daysAhead): DateRange {
  const from = localDate(now, schedule.timeZone);
  return { from, to: addDays(from, days - 1) };
}

/** The local days that can be booked at all. */
export function horizonDates(schedule: Schedule, now: number): DateRange {
  return lookAheadDates(schedule, now, schedule.rules.horizonDays);
}

/** Where a start may stand: from `now` and the notice to the end of the horizon's last local day. May be empty. */
export function bookableWindow(schedule: Schedule, now: number): Interval {
  const start = now + schedule.rules.noticeMinutes * MINUTE;
  const { end } = dayInterval(horizonDates(schedule, now).to, schedule.timeZone);
  return { start, end: Math.max(start, end) };
}

/** Every slot that can be booked now and starts inside `within`, in order of time. n log n in what is occupied. */
export function findSlots(schedule: Schedule, occupied: BusyTime, now: number, within?: Interval): Slot[] {
  const bookable = bookableWindow(schedule, now);
  const start = Math.max(bookable.start, within?.start ?? -Infinity);
  const end = Math.min(bookable.end, within?.end ?? Infinity);
  if (start >= end) return [];

  const findClash = createClashFinder(schedule, occupied);
  const spans = openSpans(
    schedule,
    localDate(start, schedule.timeZone),
    localDate(end - 1, schedule.timeZone),
  );
  const starts = new Set(spans.flatMap((span) => startsIn(span, schedule)));
  return [...starts]
    .filter((at) => start <= at && at < end)
    .sort((a, b) => a - b)
    .map((at) => slotAt(schedule, at))
    .filter((slot) => findClash(slot) === null);
}

/**
 * Whether `findSlots` would give a slot at this start, and why not. Of several reasons the first of this order is told:
 * past, notice, horizon, outside_hours, off_grid, busy, day_full.
 */
export function judgeStart(
  schedule: Schedule,
  occupied: BusyTime,
  now: number,
  start: number,
): { readonly ok: true; readonly slot: Slot } | { readonly ok: false; readonly reason: SlotRejection } {
  const reason = refuse(schedule, occupied, now, start);
  return reason === null ? { ok: true, slot: slotAt(schedule, start) } : { ok: false, reason };
}

function refuse(schedule: Schedule, occupied: BusyTime, now: number, start: number): SlotRejection | null {
  const bookable = bookableWindow(schedule, now);
  if (start < now) return 'past';
  if (start < bookable.start) return 'notice';
  if (start >= bookable.end) return 'horizon';

  const slot = slotAt(schedule, start);
  const date = localDate(start, schedule.timeZone);
  const around = openSpans(schedule, date, date).filter((s) => s.start <= slot.start && slot.end <= s.end);
  if (around.length === 0) return 'outside_hours';
  if (!around.some((span) => startsIn(span, schedule).includes(start))) return 'off_grid';
  return createClashFinder(schedule, occupied)(slot);
}

function slotAt({ rules }: Schedule, start: number): Slot {
  return {
    start,
    end: start + rules.durationMinutes * MINUTE,
  };
}

type Clash = Extract<SlotRejection, 'busy' | 'day_full'>;

function createClashFinder({ rules, timeZone }: Schedule, occupied: BusyTime): (slot: Slot) => Clash | null {
  const buffer = rules.bufferMinutes * MINUTE;
  // A viewing blocks by itself, whether or not the caller has listed it as busy too.
  const taken = mergeIntervals([...occupied.busy, ...occupied.viewings]);
  const perDay = new Map<string, number>();
  if (rules.dailyLimit !== null) {
    for (const viewing of occupied.viewings) {
      const date = localDate(viewing.start, timeZone);
      perDay.set(date, (perDay.get(date) ?? 0) + 1);
    }
  }
  return ({ start, end }) => {
    if (overlapsAny(taken, { start: start - buffer, end: end + buffer })) return 'busy';
    if (rules.dailyLimit === null) return null;
    return (perDay.get(localDate(start, timeZone)) ?? 0) >= rules.dailyLimit ? 'day_full' : null;
  };
}
