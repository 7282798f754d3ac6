// Dates with their month: "July 20", "el 3 de diciembre de 2027", "12/4", "2026-12-03".
import type { CalendarDate, Day } from './meaning.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { number, of, ordinal, the } from './small-words.ts';

/** Numbers and ordinals that may be a day of the month. */
export function isDay(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 31;
}
/** A number or an ordinal from 1 to 31. */
export const dayNumber: Rule<number> = map(either(number, ordinal), ({ value, text }) =>
  isDay(value) && text.length < 3 ? value : undefined,
);

const year: Rule<number> = either<number>(
  map(number, ({ value, text }) => (text.length === 4 && value >= 1900 && value <= 2100 ? value : undefined)),
  // "July 20 10am" is no year: up to 12, the second number is an hour yearBehind a day.
  sequence([number, number], ([century, rest]) =>
    century.value === 20 && century.length === 1 && rest.value > 12 && rest.value < 100
      ? 2000 + rest.value
      : undefined,
  ),
  sequence([number, word('thousand'), number], ([two, , rest]) =>
    two.value === 2 && rest.value < 100 ? 2000 + rest.value : undefined,
  ),
);
/** ", 2027", "of 2027"; null if none is said. */
export const yearBehind: Rule<number | null> = maybe(
  sequence([maybe(either(word('comma'), word('dash'))), maybe(of), year], ([, , value]) => value),
);

/** 1 to 12. */
export const monthName: Rule<number> = map(word('month'), ({ value }) => value);
/** A month and a day, in any order. */
export const date: Rule<Day> = either<Day>(
  sequence([monthName, maybe(of), maybe(the), dayNumber, yearBehind], ([month, , , day, y]) =>
    dateOf(month, day, y),
  ),
  sequence(
    [
      maybe(the),
      maybe(word('day')),
      dayNumber,
      maybe(word('day')),
      maybe(either(of, word('dash'))),
      monthName,
      yearBehind,
    ],
    ([, , day, , , month, y]) => dateOf(month, day, y),
  ),
  map(word('iso_date'), ({ text }) => {
    const [y = 0, month = 0, day = 0] = text.split('-').map(Number);
    return dateOf(month, day, y);
  }),
  map(word('slash_date'), ({ text }) => slashDate(text)),
  // In Spanish the day comes first.
  sequence([word('el'), word('slash_date')], ([, { text }]) => slashDate(text, true)),
  // "2-15", "el 3-3"; "2-4" is rather a span of hours.
  sequence([maybe(word('el')), number, word('dash'), number], ([el, first, , second]) =>
    el || first.value > 12 !== second.value > 12
      ? slashDate(`${first.value}/${second.value}`, el !== null)
      : undefined,
  ),
);

/**
 * A date, if the calendar has it.
 * @param month 1 to 12
 * @param y null if none was said
 */
export function dateOf(month: number, day: number, y: number | null): Day | undefined {
  return isCalendarDate(month, day, y) ? { kind: 'date', options: [{ month, day, year: y }] } : undefined;
}

/** February 29 is a date if no year was said. */
function isCalendarDate(month: number, day: number, y: number | null): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(y ?? 2024, month, 0)).getUTCDate();
}

/** Month first or day first: both where both are dates. */
function slashDate(text: string, isDayFirst = false): Day | undefined {
  const [first = 0, second = 0, third] = text.split(/[/.-]/).map(Number);
  const y = third === undefined ? null : third < 100 ? 2000 + third : third;
  const options: CalendarDate[] = [];
  if (!isDayFirst && isCalendarDate(first, second, y)) options.push({ month: first, day: second, year: y });
  if ((isDayFirst || first !== second) && isCalendarDate(second, first, y))
    options.push({ month: second, day: first, year: y });
  return options.length > 0 ? { kind: 'date', options } : undefined;
}
