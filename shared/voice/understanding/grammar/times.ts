// A time of day, or several, in any of the ways in which they are said.
import { minutesLong } from './distances.ts';
import type { Element, Time } from './meaning.ts';
import { either, map, maybe, rule, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { DAY_END } from './part-of-day-table.ts';
import { aroundPart, firstThing, part } from './parts-of-day.ts';
import { anyStart, bound } from './starts.ts';
import { spans } from './time-spans.ts';
import { around, window } from './time-windows.ts';

const clock = (minutes: readonly number[]): Time => ({ kind: 'clock', minutes });
const sameTime: Rule<Time> = sequence([maybe(word('at')), word('same'), word('time_word')], () => ({
  kind: 'same',
}));

/** "an hour after noon" */
const shifted: Rule<Time> = either<Time>(
  sequence([maybe(word('at')), minutesLong, either(word('after'), word('past')), bound], ([, by, , at]) =>
    clockShifted(at, by),
  ),
  sequence([maybe(word('at')), minutesLong, word('before'), bound], ([, by, , at]) => clockShifted(at, -by)),
);

function clockShifted(starts: readonly number[], by: number): Time | undefined {
  const minutes = starts.map((at) => at + by).filter((at) => at >= 0 && at < DAY_END);
  return minutes.length > 0 ? { kind: 'clock', minutes } : undefined;
}

const timeElement = (time: Time): Element => ({ kind: 'time', time });

/** Whatever is said of a time of day. */
export const timeItem: Rule<Element> = rule(() =>
  map(
    either(map(anyStart, clock), around, spans, window, part, aroundPart, firstThing, sameTime, shifted),
    timeElement,
  ),
);
