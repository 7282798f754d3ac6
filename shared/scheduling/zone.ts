// Hazard: most of date-fns-tz 3.2.0 reads the process's own zone. Its fromZonedTime moves a time that a clock change
// skips to before the change and takes either pass of a repeated hour; its formatted times are wrong where the process's
// clock skips. What depends on its arguments alone is the offset of an instant: everything here is built on that.
import { formatInTimeZone } from 'date-fns-tz';
import { DAY_MS, MINUTE_MS } from '../core/duration.ts';
import { rememberResults } from '../core/remember.ts';
import { WEEKDAYS } from './schedule.ts';
import type { Interval, Weekday } from './schedule.ts';

/** Long before any zone was kept. */
const FIRST_KNOWN = Date.parse('1000-01-01T00:00:00Z');
const WEEK = 7 * DAY_MS;

/** What a calendar and a clock on the wall show. */
export interface LocalTime {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** `HH:MM`; `24:00` is midnight at the end of the date. */
  readonly time: string;
}

/** `gap`: the clocks skip this time, the instant is that of the change. `ambiguous`: it comes twice, the instant is the first. */
export type Resolution = 'normal' | 'gap' | 'ambiguous';

/** Whether this is an IANA name that Node knows, in any case of letters. */
export function isTimeZone(name: string): boolean {
  // Node takes offsets such as +05:30 for zones; they are no IANA names and know no clock changes.
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Whether this is a day of the calendar, written `YYYY-MM-DD`. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  // Date.parse takes February 30 for March 2.
  return new Date(`${text}T00:00:00Z`).getUTCDate() === Number(text.slice(8));
}

/** Minutes from midnight of `HH:MM`, up to 1,440 for `24:00`; null for anything else. */
export function minutesOf(time: string): number | null {
  const match = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(time);
  if (!match) return null;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return minutes <= 24 * 60 ? minutes : null;
}

/** @throws RangeError where the date, the time or the zone is none. */
export function instantOf(local: LocalTime, zone: string): { at: number; resolution: Resolution } {
  const minutes = minutesOf(local.time);
  if (minutes === null) throw new RangeError('Not a time of day');
  return instantOfWall(wallOf(local.date) + minutes * MINUTE_MS, zone);
}

function instantOfWall(wall: number, zone: string): { at: number; resolution: Resolution } {
  // No zone is a day away from UTC: these two stand before and after any change near the wall time.
  const before = offsetAt(wall - DAY_MS, zone);
  const after = offsetAt(wall + DAY_MS, zone);
  const first = wall - before;
  const second = wall - after;
  const isFirst = offsetAt(first, zone) === before;
  const isSecond = offsetAt(second, zone) === after;
  if (isFirst) return { at: first, resolution: isSecond && second !== first ? 'ambiguous' : 'normal' };
  if (isSecond) return { at: second, resolution: 'normal' };
  return { at: findChange(second, first, zone), resolution: 'gap' };
}

/**
 * `YYYY-MM-DD`.
 * @param at epoch milliseconds
 * @throws RangeError if the zone is none
 */
export function localDate(at: number, zone: string): string {
  return dateText(at + offsetAt(at, zone));
}

/** `HH:MM`, 24 hours. */
export function localTime(at: number, zone: string): string {
  return new Date(clampWall(at + offsetAt(at, zone))).toISOString().slice(11, 16);
}

/** Minutes that the clock on the wall shows since midnight. */
export function minuteOfDay(at: number, zone: string): number {
  const wall = at + offsetAt(at, zone);
  return Math.floor((((wall % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);
}

/** The first instant of a local day; where midnight is skipped, the change that skips it. */
export function startOfDay(date: string, zone: string): number {
  return instantOf({ date, time: '00:00' }, zone).at;
}

/** The whole local day: 24 hours, or what a clock change makes of them. */
export function dayInterval(date: string, zone: string): Interval {
  const wall = wallOf(date);
  return { start: instantOfWall(wall, zone).at, end: instantOfWall(wall + DAY_MS, zone).at };
}

/** The date so many days later; the first or last date that can be written if there is none. */
export function addDays(date: string, days: number): string {
  return dateText(wallOf(date) + days * DAY_MS);
}

/** How many days `to` comes after `from`; negative where it comes before. */
export function daysBetween(from: string, to: string): number {
  return (wallOf(to) - wallOf(from)) / DAY_MS;
}

/**
 * @param date `YYYY-MM-DD`
 * @throws RangeError if the date is none
 */
export function weekdayOf(date: string): Weekday {
  // Day 0 of the epoch was a Thursday.
  const index = (((wallOf(date) / DAY_MS + 3) % 7) + 7) % 7;
  const weekday = WEEKDAYS[index];
  if (weekday === undefined) throw new RangeError('Not a date');
  return weekday;
}

/** `2026-12-01T14:00:00-06:00` */
export function toIsoWithOffset(at: number, zone: string): string {
  const offset = offsetAt(at, zone);
  const size = Math.abs(offset) / MINUTE_MS;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${new Date(at + offset).toISOString().slice(0, 19)}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The first and the last moment whose date has a year of four digits, as every date here is written. */
const FIRST_WALL = Date.parse('0000-01-01T00:00:00Z');
const LAST_WALL = Date.parse('9999-12-31T23:59:59Z');

function dateText(wall: number): string {
  return textOfDay(Math.floor(clampWall(wall) / DAY_MS));
}

/** A listing asks for the dates of some hundred instants, on a few dozen days. */
const MAX_DAYS = 2_000;
/** @param day days since the epoch */
const textOfDay = rememberResults(MAX_DAYS, (day: number) =>
  new Date(day * DAY_MS).toISOString().slice(0, 10),
);

function clampWall(wall: number): number {
  return Math.min(Math.max(wall, FIRST_WALL), LAST_WALL);
}

/** A local date's midnight as if the zone were UTC. */
const wallOf = rememberResults(MAX_DAYS, (date: string) => {
  if (!isLocalDate(date)) throw new RangeError('Not a date');
  return Date.parse(`${date}T00:00:00Z`);
});

/** Offsets in milliseconds east of UTC, before and from `change` on; no change is `Infinity`. */
interface Stretch {
  readonly before: number;
  readonly after: number;
  readonly change: number;
}

/** Stretches of a week each, by zone: no zone changes its clock twice within a week. */
const known = new Map<string, Map<number, Stretch>>();
const MAX_STRETCHES = 1_000;
/** There are 600 zones, but callers' words can spell each in any case of letters. */
const MAX_SPELLINGS = 1_000;

function offsetAt(at: number, zone: string): number {
  let stretches = known.get(zone);
  if (!stretches) {
    if (!isTimeZone(zone)) throw new RangeError('Not a time zone');
    stretches = new Map();
    if (known.size >= MAX_SPELLINGS) known.clear();
    known.set(zone, stretches);
  }
  const week = Math.floor(at / WEEK);
  let stretch = stretches.get(week);
  if (!stretch) {
    const start = week * WEEK;
    const before = readOffset(start, zone);
    const after = readOffset(start + WEEK, zone);
    const change = before === after ? Infinity : findChange(start, start + WEEK, zone);
    stretch = { before, after, change };
    if (stretches.size >= MAX_STRETCHES) stretches.clear();
    stretches.set(week, stretch);
  }
  return at < stretch.change ? stretch.before : stretch.after;
}

/** The first instant in `(from, to]` whose offset is no longer that of `from`. */
function findChange(from: number, to: number, zone: string): number {
  const before = readOffset(from, zone);
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (readOffset(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}

function readOffset(at: number, zone: string): number {
  // Beyond these years no zone has rules of its own, and the libraries take other spellings for a year.
  const inRange = new Date(Math.min(Math.max(at, FIRST_KNOWN), LAST_WALL));
  // date-fns-tz keeps a formatter of 30 KB for each spelling, for ever.
  const text = formatInTimeZone(inRange, zone.toLowerCase(), 'xxx');
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  return (text.startsWith('-') ? -minutes : minutes) * MINUTE_MS;
}
