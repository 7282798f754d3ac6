import { dayOf, daysInMonth, weekdayOf } from './calendar-days.ts';

/** The day of a holiday in a year: those of the United States, and the ones its callers name. */
type Holiday = (year: number) => number;

const fixed =
  (month: number, day: number): Holiday =>
  (year) =>
    dayOf(year, month, day);

/** The nth of a weekday (Monday is 0) in a month; the last if `n` is -1. */
export function nthWeekday(year: number, month: number, weekday: number, n: number): number | null {
  const first = dayOf(year, month, 1);
  const last = dayOf(year, month, daysInMonth(year, month));
  const day =
    n > 0
      ? first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1)
      : last - ((weekdayOf(last) - weekday + 7) % 7) + 7 * (n + 1);
  return day >= first && day <= last ? day : null;
}

const nth =
  (month: number, weekday: number, n: number, later = 0): Holiday =>
  (year) =>
    (nthWeekday(year, month, weekday, n) ?? 0) + later;

/** The Gregorian computus. */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return dayOf(year, Math.floor(sum / 31), (sum % 31) + 1);
}

const MONDAY = 0;
const THURSDAY = 3;
const SUNDAY = 6;

// prettier-ignore
const HOLIDAYS: Readonly<Record<string, Holiday>> = {
  new_year: fixed(1, 1), epiphany: fixed(1, 6), mlk: nth(1, MONDAY, 3), groundhog: fixed(2, 2), valentines: fixed(2, 14),
  presidents: nth(2, MONDAY, 3), st_patrick: fixed(3, 17), good_friday: (year) => easter(year) - 2, easter,
  easter_monday: (year) => easter(year) + 1, cinco_de_mayo: fixed(5, 5), mothers_day: nth(5, SUNDAY, 2),
  memorial: nth(5, MONDAY, -1), fathers_day: nth(6, SUNDAY, 3), juneteenth: fixed(6, 19), independence: fixed(7, 4),
  labor: nth(9, MONDAY, 1), columbus: nth(10, MONDAY, 2), halloween: fixed(10, 31), veterans: fixed(11, 11),
  thanksgiving: nth(11, THURSDAY, 4), black_friday: nth(11, THURSDAY, 4, 1), guadalupe: fixed(12, 12),
  christmas_eve: fixed(12, 24), christmas: fixed(12, 25), boxing_day: fixed(12, 26), new_years_eve: fixed(12, 31),
};

/** Null for a name that is none. */
export function holidayIn(name: string, year: number): number | null {
  return Object.hasOwn(HOLIDAYS, name) ? (HOLIDAYS[name]?.(year) ?? null) : null;
}
