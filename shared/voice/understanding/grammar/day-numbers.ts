// A day of a month that is not said: "the 3rd", "el 4", "the twenty-first".
import { isDay } from './dates.ts';
import type { Day } from './meaning.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { number, ordinal, the } from './small-words.ts';

/** "the 3rd", "4th", "el 4", "el dia 4", "el primero"; the 24 */
export const numbered: Rule<Day> = either<Day>(
  map(ordinal, ({ value, text }) => (text !== '' && isDay(value) ? numberDay(value) : undefined)),
  sequence([the, maybe(word('day')), ordinal], ([, , { value }]) =>
    isDay(value) ? numberDay(value) : undefined,
  ),
  sequence([word('el'), maybe(word('day')), number], ([, , { value, text }]) =>
    isDay(value) && text.length < 3 ? numberDay(value) : undefined,
  ),
  sequence([the, number], ([, { value, text }]) =>
    isDay(value) && value > 12 && text.length < 3 ? numberDay(value) : undefined,
  ),
  sequence([word('day', ({ isPlural }) => !isPlural), number], ([, { value }]) =>
    isDay(value) ? numberDay(value) : undefined,
  ),
  map(ordinal, ({ value, text }) =>
    text === '' && isDay(value) && value > 10 ? numberDay(value) : undefined,
  ),
);
/** @param day 1 to 31 */
export function numberDay(day: number): Day {
  return { kind: 'number', day };
}

/** A number alone: a day only from 13 on, else rather an hour. */
export const bareDayNumber: Rule<Day> = map(number, ({ value, text }) =>
  isDay(value) && value > 12 && text.length < 3 ? numberDay(value) : undefined,
);
