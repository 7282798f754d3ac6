// Times of day with two bounds: "between 2 and 4 pm", "2-4", "not before 3 and not after 5".
import type { Time, WindowReading } from './meaning.ts';
import { minusStart } from './minutes-to.ts';
import { either, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { DAY_END, NOON } from './part-of-day-table.ts';
import { to } from './small-words.ts';
import { bound, one, start } from './starts.ts';

/** What remains of the pairs: the end is the next such time after the start, and no more than twelve hours later. */
function span(starts: readonly number[], ends: readonly number[]): Time | undefined {
  const readings: WindowReading[] = [];
  const add = (first: number, last: number): void => {
    const end = last === 0 ? DAY_END : last;
    if (first < end) readings.push({ from: first, until: end, bounds: [first, end - 1] });
  };
  const nextAfter = (first: number): number | undefined =>
    ends
      .map((end) => (end === 0 ? DAY_END : end))
      .filter((end) => end > first)
      .sort((a, b) => a - b)[0];
  if (starts.length > 1 && ends.length === 1) {
    const [end = 0] = ends.map((at) => (at === 0 ? DAY_END : at));
    const first = starts.filter((at) => at < end).sort((a, b) => b - a)[0];
    if (first !== undefined) add(first, end);
  } else {
    for (const first of starts) {
      const end = nextAfter(first);
      if (end !== undefined && (starts.length + ends.length === 2 || end - first <= NOON)) add(first, end);
    }
  }
  return readings.length > 0 ? { kind: 'window', readings } : undefined;
}

/** "between 2 and 4", "from 2 to 4 pm", "2-4" */
export const spans: Rule<Time> = either<Time>(
  sequence([maybe(word('around')), either(word('from'), word('since')), bound, to, bound], ([, , a, , b]) =>
    span(a, b),
  ),
  sequence(
    [
      word('between'),
      bound,
      either(word('and'), word('y'), word('dash'), word('to')),
      bound,
      maybe(word('ish')),
    ],
    ([, a, , b]) => span(a, b),
  ),
  sequence(
    [maybe(word('around')), either(start, one), to, either(start, minusStart, one), maybe(word('ish'))],
    ([, a, , b]) => span(a, b),
  ),
  sequence([word('at'), either(start, one), to, word('at'), either(start, one)], ([, a, , , b]) =>
    span(a, b),
  ),
  sequence([word('at'), either(start, one), word('dash'), either(start, one)], ([, a, , b]) => span(a, b)),
  sequence(
    [word('after'), bound, maybe(word('comma')), maybe(word('and')), word('before'), bound],
    ([, a, , , , b]) => span(a, b),
  ),
  sequence(
    [
      word('not_before'),
      bound,
      maybe(word('comma')),
      maybe(word('and')),
      either(word('not_after'), word('before')),
      bound,
    ],
    ([, a, , , , b]) => span(a, b),
  ),
);
