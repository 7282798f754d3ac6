// A day, or several, in any of the ways in which they are said.
import { around, openEnded, spans } from './day-spans.ts';
import { shifted } from './days-from-a-day.ts';
import { coming, fromNow, weekdayCount } from './days-from-now.ts';
import type { Day, Element } from './meaning.ts';
import { month } from './months.ts';
import { dayBeforeAfter } from './moves.ts';
import { now, same } from './named-days.ts';
import { nth } from './nth-of-month.ts';
import { either, map, maybe, rule, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { partOfMonth, partOfWeek } from './parts-of-weeks-and-months.ts';
import { singleDay } from './single-day.ts';
import { of } from './small-words.ts';
import { every } from './weekdays.ts';
import { spanishWeekdayNumber, weekdayBareNumber } from './weekdays-with-a-date.ts';
import { week, weekend, weekOf } from './weeks.ts';

const preposition = maybe(either(word('on'), word('for'), of));

const dayPhrase: Rule<Day> = rule(() =>
  either<Day>(
    sequence(
      [
        preposition,
        either(
          singleDay,
          spanishWeekdayNumber,
          week,
          weekOf,
          weekend,
          month,
          partOfWeek,
          partOfMonth,
          nth,
          every,
          coming,
          same,
        ),
      ],
      ([, day]) => day,
    ),
    // "for 3 days from today" is how long, not when.
    sequence([maybe(word('on')), shifted], ([, day]) => day),
    either(fromNow, weekdayCount, openEnded, spans, around, now),
  ),
);

/** Whatever is said of a day. */
export const dayItem: Rule<Element> = rule(() =>
  either<Element>(
    map(dayPhrase, (day) => ({ kind: 'day' as const, day })),
    dayBeforeAfter,
  ),
);
/** As likely something else: a number behind a weekday. */
export const unlikelyDayItem: Rule<Element> = sequence([preposition, weekdayBareNumber], ([, day]) => ({
  kind: 'day',
  day,
}));
