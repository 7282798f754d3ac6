import { DEFAULT_RULES } from '../../../shared/scheduling/schedule.ts';
import type { Schedule } from '../../../shared/scheduling/schedule.ts';
import { toIsoWithOffset } from '../../../shared/scheduling/zone.ts';
import { readStart } from '../../../shared/voice/understanding/read-start.ts';
import { readWish } from '../../../shared/voice/understanding/read-wish.ts';
import type { Offered, ReadingContext, WantedTimes } from '../../../shared/voice/understanding/reading.ts';

// Readers of one manager, open from 8 to 20 every day, on a Thursday morning.

export const ZONE = 'America/Chicago';
export const NOW = Date.parse('2026-11-26T04:50:00-06:00');
const ALL_DAY = [['08:00', '20:00']] as const;
export const SCHEDULE: Schedule = {
  timeZone: ZONE,
  hours: { mon: ALL_DAY, tue: ALL_DAY, wed: ALL_DAY, thu: ALL_DAY, fri: ALL_DAY, sat: ALL_DAY, sun: ALL_DAY },
  rules: DEFAULT_RULES,
};

/** A local time of the manager's, `2026-12-04 10:00`, as an instant. */
export const at = (local: string): number => Date.parse(`${local.replace(' ', 'T')}:00-06:00`);
export const local = (instant: number): string =>
  toIsoWithOffset(instant, ZONE).slice(0, 16).replace('T', ' ');

export function offeredAt(...locals: readonly string[]): Offered {
  const starts = locals.map(at);
  return { spoken: starts, all: starts };
}

export function contextWith(changes: Partial<ReadingContext> = {}): ReadingContext {
  return { now: NOW, schedule: SCHEDULE, offered: { spoken: [], all: [] }, ...changes };
}

/** What the words are booked at, `2026-12-04 10:00`; or what is asked, with the starts between which they do not decide. */
export function start(text: string, changes: Partial<ReadingContext> = {}): string {
  const result = readStart(text, contextWith(changes));
  switch (result.kind) {
    case 'start':
      return local(result.start);
    case 'which':
      return [result.reason, ...result.choices.map(local)].join(' ');
    case 'refused':
      return `${result.reason} ${local(result.at)}`;
    case 'unread':
      return ['unread', ...result.words].join(' ');
    default:
      return result.kind;
  }
}

/** What is asked for: the days and the hours in which every start, on the half hour, is wanted. */
export function wish(text: string, changes: Partial<ReadingContext> = {}, partOfDay?: string): string {
  const result = readWish({ date: text, partOfDay }, contextWith(changes));
  switch (result.kind) {
    case 'wanted':
      return describe(result.wanted);
    case 'refused':
      return result.reason;
    case 'which_day':
      return `which_day ${result.days.join(' ')}`;
    case 'unread':
      return ['unread', ...result.words].join(' ');
    default:
      return result.kind;
  }
}

const DAY = 86_400_000;
const HALF_HOUR = 1_800_000;
const MIDNIGHT = at('2026-11-26 00:00');

/** `12-01..12-05` days in a row, each with its first and last start in opening hours if these are not all. */
export function describe(wanted: WantedTimes): string {
  const days: { date: string; hours: string; n: number }[] = [];
  for (let n = 0; n < 60; n++) {
    const starts: string[] = [];
    for (let i = 16; i < 40; i++) {
      const instant = MIDNIGHT + n * DAY + i * HALF_HOUR;
      if (wanted.includes(instant)) starts.push(local(instant));
    }
    const [first] = starts;
    const last = starts.at(-1);
    if (first === undefined || last === undefined) continue;
    const hours =
      starts.length === 24 ? '' : `${first.slice(11)}${first === last ? '' : `-${last.slice(11)}`}`;
    days.push({ date: first.slice(5, 10), hours: hours + (isGapless(starts) ? '' : '!'), n });
  }
  const groups: string[] = [];
  for (let i = 0; i < days.length;) {
    const [first] = days.slice(i, i + 1);
    let end = i;
    while (days[end + 1]?.n === (days[end]?.n ?? 0) + 1 && days[end + 1]?.hours === first?.hours) end++;
    const last = days[end];
    groups.push(
      `${first?.date ?? ''}${end > i ? `..${last?.date ?? ''}` : ''}${first?.hours ? ` ${first.hours}` : ''}`,
    );
    i = end + 1;
  }
  return groups.join(', ');
}

function isGapless(starts: readonly string[]): boolean {
  return starts.every((time, i) => i === 0 || at(time) - at(starts[i - 1] ?? '') === HALF_HOUR);
}
