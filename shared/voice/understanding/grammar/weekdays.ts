// Weekdays by their name: "Tuesday", "next Tuesday", "el martes que viene", "Mondays", "weekends".
import type { Day, Which } from './meaning.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { the } from './small-words.ts';

/** "this Friday", "next Friday" */
export const whichBefore: Rule<Which> = either<Which>(
  map(word('this'), () => 'this' as const),
  map(word('next'), () => 'next' as const),
  map(word('coming'), () => 'coming' as const),
  map(word('last'), () => 'last' as const),
  map(word('following'), () => 'following' as const),
);
/** "Friday next", "el viernes que viene", "the Friday after next" */
export const whichAfter: Rule<Which> = either<Which>(
  map(word('next'), () => 'next' as const),
  map(word('last'), () => 'last' as const),
  map(word('after_next'), () => 'after_next' as const),
);

/** From Monday, which is 0. */
export const weekdayName: Rule<number> = map(
  word('weekday', ({ isPlural }) => !isPlural),
  ({ value }) => value,
);
/** "Friday", "next Friday", "the Friday after next" */
export const weekday: Rule<Day> = either<Day>(
  sequence([maybe(the), maybe(whichBefore), weekdayName], ([, which, day]) =>
    weekdayDay(day, which ?? 'bare'),
  ),
  sequence([maybe(the), weekdayName, whichAfter], ([, day, which]) => weekdayDay(day, which)),
);
/** @param day from Monday, which is 0 */
export function weekdayDay(day: number, which: Which): Day {
  return { kind: 'weekday', weekday: day, which };
}

/** "Mondays", "every Monday", "weekdays", "weekends" */
export const every: Rule<Day> = either<Day>(
  map(
    word('weekday', ({ isPlural }) => isPlural),
    ({ value }) => everyDay([value]),
  ),
  sequence([either(word('every'), word('a'), word('los')), word('weekday')], ([, { value }]) =>
    everyDay([value]),
  ),
  sequence([the, word('weekday', ({ isPlural }) => isPlural)], ([, { value }]) => everyDay([value])),
  sequence([maybe(either(word('every'), word('a'), the)), word('weekdays')], () => everyDay([0, 1, 2, 3, 4])),
  map(
    word('weekend', ({ isPlural }) => isPlural),
    () => everyDay([5, 6]),
  ),
  sequence([either(word('every'), word('a'), word('los')), word('weekend')], () => everyDay([5, 6])),
);
const everyDay = (weekdays: readonly number[]): Day => ({ kind: 'every', weekdays });
