// Times of day with one bound: "after 5", "before 10 am", "by noon", "around 3".
import { bareClock } from './clock-times.ts';
import type { Time } from './meaning.ts';
import { startBefore } from './minutes-to.ts';
import { meridiem, settle } from './morning-or-afternoon.ts';
import { either, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { DAY_END } from './part-of-day-table.ts';
import { bound, noon, one, start } from './starts.ts';

/** "after 5", "before 10 am", "by noon". "By" includes the time itself. */
export const window: Rule<Time> = either<Time>(
  sequence(
    [
      either(word('after'), word('past'), word('since'), word('not_before'), word('on_or_after')),
      bound,
      maybe(either(word('onwards'), word('on_end'))),
    ],
    ([, at]) => from(at),
  ),
  sequence(
    [maybe(either(word('from'), word('at'))), bound, either(word('onwards'), word('or_later'))],
    ([, at]) => from(at),
  ),
  sequence([either(word('before'), word('until')), bound], ([, at]) => until(at, false)),
  sequence([either(word('by'), word('not_after'), word('on_or_before')), bound], ([, at]) => until(at, true)),
  sequence([maybe(word('at')), bound, word('or_earlier')], ([, at]) => until(at, true)),
);

const from = (starts: readonly number[]): Time => ({
  kind: 'window',
  readings: starts.map((at) => ({ from: at, until: DAY_END, bounds: [at] })),
});
const until = (starts: readonly number[], isIncluded: boolean): Time => ({
  kind: 'window',
  // Midnight as an end is that of the day.
  readings: starts.map((at) => ({
    from: 0,
    until: (at === 0 ? DAY_END : at) + (isIncluded ? 1 : 0),
    bounds: [at === 0 ? DAY_END : at - 1],
  })),
});

/** "around 3", "noonish": half an hour either side. */
export const around: Rule<Time> = either<Time>(
  // "noonish"
  sequence([maybe(word('at')), noon, word('ish')], ([, at]) => near(at)),
  sequence([word('around'), maybe(word('at')), either(start, startBefore, one)], ([, , at]) => near(at)),
  sequence([maybe(word('at')), either(start, startBefore, one), word('ish')], ([, at]) => near(at)),
  sequence([maybe(word('at')), bareClock, word('ish'), meridiem], ([, time, , marker]) => {
    const at = settle(time, marker);
    return at && near(at);
  }),
);

/** Half an hour either side. */
const near = (starts: readonly number[]): Time => ({
  kind: 'window',
  readings: starts.map((at) => ({ from: Math.max(0, at - 30), until: at + 31, bounds: [at], near: at })),
});
