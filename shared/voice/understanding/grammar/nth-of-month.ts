// Counted within a month: "the second Tuesday in December", "the last day of the month", "the 20th of next month".
import { dayNumber } from './dates.ts';
import type { Day } from './meaning.ts';
import { monthRefOrThe } from './months.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { of, oneUnit, ordinal, the } from './small-words.ts';
import { weekdayName } from './weekdays.ts';

const nthOf: Rule<number> = either<number>(
  map(ordinal, ({ value }) => (value <= 5 || value <= 31 ? value : undefined)),
  map(word('last'), () => -1),
);
/** "the second Tuesday in December", "the last week of the month" */
export const nth: Rule<Day> = either<Day>(
  sequence([maybe(the), nthOf, weekdayName, maybe(of), monthRefOrThe], ([, n, day, , ref]) =>
    n <= 5 ? { kind: 'nth', n, of: 'weekday', weekday: day, month: ref } : undefined,
  ),
  sequence([maybe(the), ordinal, weekdayName], ([, { value, text }, day]) =>
    value <= 5 && text === ''
      ? { kind: 'nth', n: value, of: 'weekday', weekday: day, month: { kind: 'unsaid' } }
      : undefined,
  ),
  sequence(
    [
      maybe(the),
      nthOf,
      either(
        map(oneUnit('week'), () => 'week' as const),
        map(oneUnit('weekend'), () => 'weekend' as const),
      ),
      of,
      monthRefOrThe,
    ],
    ([, n, unit, , ref]) => (n <= 5 ? { kind: 'nth', n, of: unit, weekday: 0, month: ref } : undefined),
  ),
  sequence([maybe(the), nthOf, oneUnit('day'), of, monthRefOrThe], ([, n, , , ref]) => ({
    kind: 'nth',
    n,
    of: 'day',
    weekday: 0,
    month: ref,
  })),
  // "the 20th of next month"
  sequence([maybe(the), dayNumber, of, monthRefOrThe], ([, n, , ref]) =>
    ref.kind === 'relative' ? { kind: 'nth', n, of: 'day', weekday: 0, month: ref } : undefined,
  ),
);
