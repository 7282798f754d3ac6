// Times counted from now: "in two hours", "within the next hour".
import { minutesLong } from './distances.ts';
import type { Element } from './meaning.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';

/** "in two hours" */
export const hoursFromNow: Rule<Element> = either<Element>(
  sequence([word('in'), maybe(word('around')), minutesLong, maybe(word('time_word'))], ([, , minutes]) =>
    fromNow(minutes),
  ),
  sequence([minutesLong, word('from'), word('now')], ([minutes]) => fromNow(minutes)),
  sequence([minutesLong, word('hence')], ([minutes]) => fromNow(minutes)),
);
const fromNow = (minutes: number): Element => ({ kind: 'from_now', minutes });

/** "within the next two hours" */
export const withinHours: Rule<Element> = sequence(
  [
    either(
      word('within'),
      word('next'),
      sequence([word('within'), either(word('next'), word('the'))], () => null),
      sequence([maybe(word('within')), word('the'), word('next')], () => null),
    ),
    either(
      minutesLong,
      map(
        word('hour', ({ isPlural }) => !isPlural),
        () => 60,
      ),
    ),
  ],
  ([, minutes]) => ({
    kind: 'day_and_time',
    day: { kind: 'relative', days: 0 },
    time: { kind: 'soon', minutes },
  }),
);
