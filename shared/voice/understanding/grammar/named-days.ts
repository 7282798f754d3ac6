// Days with a name of their own: "tomorrow", "pasado mañana", "Christmas Eve", "the same day".
import { yearBehind } from './dates.ts';
import type { Day } from './meaning.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { oneUnit, the } from './small-words.ts';

/** "today", "tomorrow", "pasado mañana", "yesterday" */
export const relative: Rule<Day> = sequence([maybe(word('el')), word('relative_day')], ([, { value }]) => ({
  kind: 'relative',
  days: value,
}));
/** "now": today. */
export const now: Rule<Day> = map(word('now'), () => ({ kind: 'relative', days: 0 }));

/** "Christmas Eve", "Thanksgiving 2027" */
export const holiday: Rule<Day> = sequence(
  [maybe(the), maybe(either(word('this'), word('next'), word('coming'))), word('holiday'), yearBehind],
  ([, , { text }, y]) => ({ kind: 'holiday', name: text, year: y }),
);
/** "the same day" as the viewing that moves. */
export const same: Rule<Day> = sequence([word('same'), oneUnit('day')], () => ({ kind: 'same' }));
