// Days as whole numbers, counted from January 1, 1970: they compare and subtract like numbers, in no zone.

import { DAY_MS } from '../../../core/duration.ts';

/** The number of a date `YYYY-MM-DD`. */
export function toDayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

const FIRST_DAY = toDayNumber('0000-01-01');
const LAST_DAY = toDayNumber('9999-12-31');

/** The date `YYYY-MM-DD`; the first or the last with a year of four digits if there is none. */
export function toDate(day: number): string {
  return new Date(Math.min(Math.max(day, FIRST_DAY), LAST_DAY) * DAY_MS).toISOString().slice(0, 10);
}

/** @param month 1 to 12. */
export function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** Monday is 0. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** A date in parts; `month` is 1 to 12. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The date of a day number, in parts. */
export function toCivil(day: number): Civil {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The last day of a month: 28 to 31. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** So many months on; the 31st of a shorter month is its last day. */
function addMonths(day: number, months: number): number {
  const civil = toCivil(day);
  const index = civil.year * 12 + civil.month - 1 + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  return dayOf(year, month, Math.min(civil.day, daysInMonth(year, month)));
}

/** A distance later: days, or months; the same day if it has neither. */
export function later(
  day: number,
  { days = 0, months = 0 }: { readonly days?: number; readonly months?: number },
): number {
  return months === 0 ? day + days : addMonths(day + days, months);
}

/** The whole numbers from `from` to `to`, both included; none if `to` is smaller. */
export function range(from: number, to: number): number[] {
  const days: number[] = [];
  for (let day = from; day <= to; day++) days.push(day);
  return days;
}
