// Weeks and weekends: "next week", "the week of December 7", "this weekend".
import { date } from './dates.ts';
import { numbered } from './day-numbers.ts';
import type { Day } from './meaning.ts';
import { holiday } from './named-days.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { oneUnit, the } from './small-words.ts';
import { weekdayDate, weekdayNumber } from './weekdays-with-a-date.ts';
import { whichAfter, whichBefore } from './weekdays.ts';

/** How many weeks after this one. */
export const weeks: Rule<number> = either<number>(
  sequence([maybe(the), word('this'), oneUnit('week')], () => 0),
  sequence([maybe(the), either(word('next'), word('coming'), word('following')), oneUnit('week')], () => 1),
  sequence([maybe(the), oneUnit('week'), word('next')], () => 1),
  sequence([maybe(the), oneUnit('week'), word('after_next')], () => 2),
  sequence([maybe(the), word('last'), oneUnit('week')], () => -1),
  sequence([maybe(the), oneUnit('week'), word('last')], () => -1),
);
/** "next week", "all week" */
export const week: Rule<Day> = either<Day>(
  map(weeks, (n) => ({ kind: 'week', weeks: n, part: 'whole' })),
  sequence([word('whole'), maybe(the), oneUnit('week')], () => ({ kind: 'week', weeks: 0, part: 'rest' })),
);
/** "the week of December 7" */
export const weekOf: Rule<Day> = sequence(
  [
    maybe(the),
    oneUnit('week'),
    maybe(word('of')),
    either(date, numbered, holiday, weekdayNumber, weekdayDate),
  ],
  ([, , , day]) => ({ kind: 'week_of', day }),
);

/** "this weekend", "el fin de semana que viene" */
export const weekend: Rule<Day> = either<Day>(
  sequence([maybe(the), maybe(whichBefore), oneUnit('weekend')], ([, which]) => ({
    kind: 'weekend',
    which: which ?? 'bare',
  })),
  sequence([maybe(the), oneUnit('weekend'), whichAfter], ([, , which]) => ({ kind: 'weekend', which })),
);
