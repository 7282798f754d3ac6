// A weekday and its number or date, which must agree: "Friday the 4th", "viernes 4", "Friday, December 4".
import { date, isDay } from './dates.ts';
import { numberDay, numbered } from './day-numbers.ts';
import type { Day } from './meaning.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { number, optionalComma, ordinal, the } from './small-words.ts';
import { weekday, weekdayDay, whichBefore } from './weekdays.ts';

/** "Friday the 4th", "viernes 4": the number must agree. */
export const weekdayNumber: Rule<Day> = sequence(
  [
    weekday,
    optionalComma,
    either(
      numbered,
      map(ordinal, ({ value }) => (isDay(value) ? numberDay(value) : undefined)),
      sequence([word('on'), numbered], ([, day]) => day),
    ),
  ],
  ([first, , second]) => ({ kind: 'all', days: [first, second] }),
);
/** "Friday 4" may be said of a day or of an hour; "viernes 4" is a day, for an hour has an article. */
export const spanishWeekdayNumber: Rule<Day> = sequence(
  [maybe(the), maybe(whichBefore), word('weekday', ({ isSpanish }) => isSpanish), number],
  ([, which, { value: day }, { value, text }]) =>
    isDay(value) && text.length < 3
      ? { kind: 'all', days: [weekdayDay(day, which ?? 'bare'), numberDay(value)] }
      : undefined,
);
/** "Friday 4": a day, or an hour of the Friday. */
export const weekdayBareNumber: Rule<Day> = sequence([weekday, number], ([first, { value, text }]) =>
  isDay(value) && text.length < 3 ? { kind: 'all', days: [first, numberDay(value)] } : undefined,
);
/** "Friday, December 4", "December 4, a Friday" */
export const weekdayDate: Rule<Day> = either<Day>(
  sequence([weekday, optionalComma, maybe(word('on')), date], ([first, , , second]) => ({
    kind: 'all',
    days: [first, second],
  })),
  sequence([date, optionalComma, weekday], ([first, , second]) => ({ kind: 'all', days: [second, first] })),
);
