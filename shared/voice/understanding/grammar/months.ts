// Months: "December", "next month", "el mes que viene".
import { monthName, yearBehind } from './dates.ts';
import type { Day, MonthRef } from './meaning.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { oneUnit, the } from './small-words.ts';

/** "December", "next month" */
export const monthRef: Rule<MonthRef> = either<MonthRef>(
  sequence(
    [maybe(the), maybe(either(word('this'), word('next'), word('coming'))), monthName, yearBehind],
    ([, , month, y]) => ({ kind: 'named' as const, month, year: y }),
  ),
  sequence([maybe(the), word('this'), oneUnit('month_unit')], () => ({
    kind: 'relative' as const,
    months: 0,
  })),
  sequence(
    [maybe(the), either(word('next'), word('coming'), word('following')), oneUnit('month_unit')],
    () => ({ kind: 'relative' as const, months: 1 }),
  ),
  sequence([maybe(the), oneUnit('month_unit'), word('next')], () => ({
    kind: 'relative' as const,
    months: 1,
  })),
  sequence([maybe(the), word('last'), oneUnit('month_unit')], () => ({
    kind: 'relative' as const,
    months: -1,
  })),
);
/** The same, or "the month", which is this one. */
export const monthRefOrThe: Rule<MonthRef> = either<MonthRef>(
  monthRef,
  sequence([maybe(the), oneUnit('month_unit')], () => ({ kind: 'relative' as const, months: 0 })),
);
/** A whole month. */
export const month: Rule<Day> = map(monthRef, (ref) => ({ kind: 'month', month: ref, part: 'whole' }));
