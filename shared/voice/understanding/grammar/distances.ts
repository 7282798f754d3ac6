// Distances: "two weeks", "a couple of days", "half an hour", "hora y media".
import type { Distance } from './meaning.ts';
import { either, map, maybe, rule, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';

interface Count {
  readonly n: number;
  /** Of "a few": up to so many more. */
  readonly spread?: number;
}

const count: Rule<Count> = either<Count>(
  map(word('number'), ({ value }) => ({ n: value })),
  map(word('a'), () => ({ n: 1 })),
  map(word('couple'), () => ({ n: 2 })),
  map(word('few'), () => ({ n: 2, spread: 2 })),
);
const more = maybe(word('more'));

/** Days, weeks or months. */
export const distance: Rule<Distance> = rule(() =>
  either<Distance>(
    sequence([count, more, word('day')], ([{ n, spread }, , { value }]) =>
      daysOf(n, spread, 1, value === SPANISH_DAY),
    ),
    sequence([count, more, word('week')], ([{ n, spread }]) => daysOf(n, spread, 7, false)),
    sequence([count, more, word('month_unit')], ([{ n, spread }]) =>
      spread === undefined ? monthsOf(n) : undefined,
    ),
    sequence([maybe(word('a')), word('fortnight')], () => ({ days: 14 })),
  ),
);

const SPANISH_DAY = 1;
/** Of days, weeks or months: whoever says more means nothing that can be booked. */
const MAX_COUNT = 400;

/** Whether so many days, weeks, months or weekdays are counted in earnest. */
export function isCount(n: number): boolean {
  return Number.isInteger(n) && n <= MAX_COUNT;
}

/** So many months; undefined if nobody counts so far. */
export function monthsOf(n: number): Distance | undefined {
  return isCount(n) ? { months: n } : undefined;
}

function daysOf(
  n: number,
  spread: number | undefined,
  unit: number,
  isSpanish: boolean,
): Distance | undefined {
  if (!isCount(n)) return undefined;
  return {
    days: n * unit,
    ...(spread !== undefined && { spread: spread * unit }),
    // "en ocho dias" is a week for many, and "en quince dias" two.
    ...(isSpanish && n === 8 && { alternativeDays: 7 }),
    ...(isSpanish && n === 15 && { alternativeDays: 14 }),
  };
}

/** Hours and minutes, in minutes. */
export const minutesLong: Rule<number> = rule(() =>
  either<number>(
    sequence([map(count, exact), more, word('hour')], ([n]) => n * 60),
    sequence([map(count, exact), more, word('minute')], ([n]) => n),
    sequence([maybe(word('a')), word('half'), maybe(word('a')), word('hour')], () => 30),
    sequence(
      [map(count, exact), word('hour'), either(word('and'), word('y')), maybe(word('a')), word('half')],
      ([n]) => n * 60 + 30,
    ),
    sequence(
      [map(count, exact), either(word('and'), word('y')), maybe(word('a')), word('half'), word('hour')],
      ([n]) => n * 60 + 30,
    ),
    sequence([word('hour'), word('y'), word('half')], () => 90),
    sequence(
      [
        map(count, exact),
        word('hour'),
        either(word('and'), word('y')),
        word('number'),
        maybe(word('minute')),
      ],
      ([n, , , { value }]) => (value < 60 ? n * 60 + value : undefined),
    ),
    sequence([maybe(word('a')), word('quarter'), word('of'), maybe(word('a')), word('hour')], () => 15),
    sequence(
      [word('number'), word('quarter'), maybe(word('of')), maybe(word('a')), word('hour')],
      ([{ value }]) => (value === 3 ? 45 : undefined),
    ),
  ),
);

const exact = ({ n, spread }: Count): number | undefined =>
  spread === undefined && n > 0 && n < 1000 ? n : undefined;
