// Spans of days: "December 1st through the 5th", "between Monday and Wednesday", "by Friday", "around the 15th".
import { dateOf, dayNumber, monthName, yearBehind } from './dates.ts';
import { bareDayNumber, numberDay } from './day-numbers.ts';
import { shifted } from './days-from-a-day.ts';
import { fromNow, TODAY } from './days-from-now.ts';
import type { Day } from './meaning.ts';
import { month } from './months.ts';
import { now } from './named-days.ts';
import { either, maybe, rule, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { partOfMonth, partOfWeek } from './parts-of-weeks-and-months.ts';
import { singleDay } from './single-day.ts';
import { of, optionalComma, the, to } from './small-words.ts';
import { week, weekend } from './weeks.ts';

/** What a span may begin and end with. */
const edge: Rule<Day> = rule(() =>
  either<Day>(singleDay, week, month, now, shifted, weekend, partOfMonth, partOfWeek, fromNow, bareDayNumber),
);
const theEdge: Rule<Day> = sequence([maybe(either(word('on'), word('at'))), edge], ([, day]) => day);

/** "from Wednesday on", "by Friday", "not before Tuesday" */
export const openEnded: Rule<Day> = either<Day>(
  sequence([word('after'), theEdge], ([, from]) => ({ kind: 'span', from, to: null, afterFrom: true })),
  sequence(
    [
      either(word('since'), word('not_before'), word('on_or_after')),
      theEdge,
      maybe(either(word('onwards'), word('on_end'))),
    ],
    ([, from]) => ({ kind: 'span', from, to: null }),
  ),
  sequence([maybe(word('from')), theEdge, either(word('onwards'), word('or_later'))], ([, from]) => ({
    kind: 'span',
    from,
    to: null,
  })),
  sequence([word('before'), theEdge], ([, to]) => ({ kind: 'span', from: TODAY, to, beforeTo: true })),
  sequence(
    [either(word('by'), word('until'), word('not_after'), word('on_or_before')), theEdge],
    ([, to]) => ({ kind: 'span', from: TODAY, to }),
  ),
  sequence([theEdge, word('or_earlier')], ([to]) => ({ kind: 'span', from: TODAY, to })),
);

/** "Monday to Friday", "from the 3rd to the 7th of December" */
export const spans: Rule<Day> = rule(() =>
  either<Day>(
    sequence(
      [maybe(either(word('from'), word('since'))), theEdge, optionalComma, either(to, word('al')), theEdge],
      ([, from, , , end]) => spanOf(from, end),
    ),
    sequence([word('between'), theEdge, either(word('and'), word('dash')), theEdge], ([, from, , end]) =>
      spanOf(from, end),
    ),
    // One month for both: "December 1st through the 5th", "from the 3rd to the 7th of December", "13-15 July"
    sequence(
      [
        maybe(word('from')),
        monthName,
        maybe(the),
        dayNumber,
        either(to, word('al')),
        maybe(the),
        dayNumber,
        yearBehind,
      ],
      ([, m, , first, , , last, y]) => spanIn(m, first, last, y),
    ),
    sequence(
      [word('between'), monthName, maybe(the), dayNumber, word('and'), maybe(the), dayNumber, yearBehind],
      ([, m, , first, , , last, y]) => spanIn(m, first, last, y),
    ),
    sequence(
      [
        maybe(either(word('from'), word('between'))),
        maybe(the),
        dayNumber,
        either(to, word('and'), word('al')),
        maybe(the),
        dayNumber,
        maybe(of),
        monthName,
        yearBehind,
      ],
      ([, , first, , , last, , m, y]) => spanIn(m, first, last, y),
    ),
    sequence([word('del'), dayNumber, word('al'), dayNumber], ([, first, , last]) => ({
      kind: 'span',
      from: numberDay(first),
      to: numberDay(last),
    })),
  ),
);

/** "the 3rd to May" is no span of days, and a year behind the end is that of the start too. */
function spanOf(from: Day, to: Day): Day | undefined {
  if (from.kind === 'number' && to.kind !== 'number' && to.kind !== 'date' && to.kind !== 'all')
    return undefined;
  const [start] = from.kind === 'date' ? from.options : [];
  const [end] = to.kind === 'date' ? to.options : [];
  if (!start || !end || end.year === null || start.year !== null) return { kind: 'span', from, to };
  const isLater = start.month > end.month || (start.month === end.month && start.day > end.day);
  return {
    kind: 'span',
    from: { kind: 'date', options: [{ ...start, year: isLater ? end.year - 1 : end.year }] },
    to,
  };
}

function spanIn(m: number, first: number, last: number, y: number | null): Day | undefined {
  const from = dateOf(m, first, y);
  const end = dateOf(m, last, y);
  return from && end && first < last ? { kind: 'span', from, to: end } : undefined;
}

/** "around the 15th" */
export const around: Rule<Day> = sequence(
  [word('around'), maybe(either(word('on'), the)), either(singleDay, week)],
  ([, , day]) => (day.kind === 'week' ? day : { kind: 'around', day }),
);
