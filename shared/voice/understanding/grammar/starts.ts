// One start, in all the ways in which it is said: "at 3", "half past two", "noon", "ten to three".
import { bareClock, lateHour, minutes } from './clock-times.ts';
import type { ClockTime } from './clock-times.ts';
import { minusStart, startBefore } from './minutes-to.ts';
import { meridiem, settle } from './morning-or-afternoon.ts';
import { either, map, maybe, rule, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { NOON, partNamed } from './part-of-day-table.ts';
import { number, oclock, the } from './small-words.ts';

function timeOf(base: Rule<ClockTime>): Rule<readonly number[]> {
  return sequence([base, oclock, maybe(meridiem)], ([time, exactly, marker]) =>
    time.isBareOne && exactly === null && marker === null ? undefined : settle(time, marker),
  );
}

/** `noon`, `mediodía` */
export const noon: Rule<readonly number[]> = sequence([maybe(the), word('noon')], () => [NOON]);
const midnight: Rule<readonly number[]> = map(word('midnight'), () => [0]);
/** "in the afternoon at 3" */
const partFirst: Rule<readonly number[]> = sequence(
  [maybe(word('on')), maybe(the), word('part'), word('at'), bareClock, oclock],
  ([, , { text }, , time]) => {
    const part = partNamed(text);
    return part?.settles ? settle(time, part) : undefined;
  },
);

/** Readings of one start, in minutes from midnight. */
export const start: Rule<readonly number[]> = rule(() =>
  either<readonly number[]>(timeOf(bareClock), noon, midnight, partFirst),
);
/** "one" alone is rather one of those offered. */
export const one: Rule<readonly number[]> = map(number, ({ value, text }) =>
  value === 1 && text === '' ? [13 * 60, 60] : undefined,
);

const at24: Rule<readonly number[]> = sequence(
  [lateHour, maybe(minutes), maybe(word('hours_word'))],
  ([hours, minute]) => [hours * 60 + (minute ?? 0)],
);
/** With "at" it is surely a time, and no span. */
const atStart: Rule<readonly number[]> = sequence(
  [either(word('at'), word('for')), maybe(word('at')), either(start, startBefore, at24, one)],
  ([, , at]) => at,
);
/** A start in any words. Readings in minutes from midnight. */
export const anyStart: Rule<readonly number[]> = rule(() =>
  either<readonly number[]>(start, startBefore, atStart),
);

/** An end of a span or of a window. */
export const bound: Rule<readonly number[]> = rule(() =>
  either<readonly number[]>(
    start,
    minusStart,
    one,
    sequence([word('at'), either(start, minusStart, at24, one)], ([, at]) => at),
  ),
);
