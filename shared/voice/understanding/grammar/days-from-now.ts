// Days counted from today: "in 3 days", "two weeks ago", "the next 3 days", "three Fridays from now".
import { distance, isCount, monthsOf } from './distances.ts';
import type { Day, Distance } from './meaning.ts';
import { either, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { number, the } from './small-words.ts';

/** "the next 3 days": today and so many after it. */
export const coming: Rule<Day> = either<Day>(
  sequence(
    [maybe(the), either(word('next'), word('coming'), word('following'), word('within')), distance],
    ([, , by]) => ({ kind: 'coming', by }),
  ),
  sequence([word('within'), either(word('next'), word('coming')), distance], ([, , by]) => ({
    kind: 'coming',
    by,
  })),
  sequence([maybe(word('on')), maybe(the), distance, word('next')], ([, , by]) => ({ kind: 'coming', by })),
  sequence(
    [
      either(number, word('couple')),
      either(word('coming'), word('next')),
      either(word('day'), word('week'), word('month_unit')),
    ],
    ([{ value }, which, unit]) => {
      if (!(unit.isPlural || which.kind === 'coming') || !isCount(value)) return undefined;
      const by =
        unit.kind === 'month_unit' ? monthsOf(value) : { days: unit.kind === 'week' ? 7 * value : value };
      return by && { kind: 'coming', by };
    },
  ),
);

/** "two days from", "dos dias a partir de"; "a day starting" is how long. */
export const countedFrom = either(
  word('from'),
  word('since', ({ text }) => text === '1'),
);

/** Counted from now. */
export const fromNow: Rule<Day> = either<Day>(
  sequence([word('in'), distance, maybe(word('time_word'))], ([, by]) => shiftedToday(by)),
  sequence(
    [
      distance,
      countedFrom,
      either(
        word('now'),
        word('relative_day', ({ value }) => value === 0),
      ),
    ],
    ([by]) => shiftedToday(by),
  ),
  sequence([distance, word('hence')], ([by]) => shiftedToday(by)),
  sequence([distance, word('ago')], ([by]) => shiftedToday(negate(by))),
  sequence([word('hace'), distance], ([, by]) => shiftedToday(negate(by))),
  sequence(
    [
      word('from'),
      either(
        word('now'),
        word('relative_day', ({ value }) => value === 0),
      ),
      word('in'),
      distance,
    ],
    ([, , , by]) => shiftedToday(by),
  ),
);
/** "today" */
export const TODAY: Day = { kind: 'relative', days: 0 };
const shiftedToday = (by: Distance): Day => ({ kind: 'shift', by, of: TODAY });

/** The same distance backwards. */
export function negate(by: Distance): Distance {
  return {
    ...by,
    ...(by.days !== undefined && { days: -by.days }),
    ...(by.months !== undefined && { months: -by.months }),
  };
}

/** "three Fridays from now" */
export const weekdayCount: Rule<Day> = either<Day>(
  sequence([number, word('weekday'), word('from'), word('now')], ([{ value }, day]) =>
    countWeekdays(value, day.value),
  ),
  sequence([word('in'), number, word('weekday')], ([, { value }, day]) => countWeekdays(value, day.value)),
);

function countWeekdays(n: number, weekday: number): Day | undefined {
  return isCount(n) ? { kind: 'weekday_count', n, weekday } : undefined;
}
