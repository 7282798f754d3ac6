// Minutes before an hour: "ten to three", "diez para las tres", "las tres menos diez".
import { someMinutes, wholeHour } from './clock-times.ts';
import type { ClockTime } from './clock-times.ts';
import { fitsMarker, meridiem, settle } from './morning-or-afternoon.ts';
import type { Marker } from './morning-or-afternoon.ts';
import { either, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { DAY_END } from './part-of-day-table.ts';
import { oclock } from './small-words.ts';

/** "las tres menos diez" */
export const minusStart: Rule<readonly number[]> = sequence(
  [wholeHour, word('minus'), someMinutes, oclock, maybe(meridiem)],
  ([time, , less, , marker]) => lessThan(time, less, marker),
);
/** "ten to three", "diez para las tres", "las tres menos diez": without "at" the first may be a span as well. */
export const startBefore: Rule<readonly number[]> = either(
  sequence(
    [someMinutes, word('to_hour'), maybe(word('at')), wholeHour, oclock, maybe(meridiem)],
    ([less, , , time, , marker]) => lessThan(time, less, marker),
  ),
  minusStart,
);

/** "A quarter to twelve in the morning" is in the morning, and one "to 12 pm" is before noon. */
function lessThan(time: ClockTime, less: number, marker: Marker | null): readonly number[] | undefined {
  if (time.minute !== 0 || less > 30) return undefined;
  const back = (at: number): number => (at - less + DAY_END) % DAY_END;
  const named = settle(time, marker)?.map(back) ?? [];
  const counted =
    marker === null
      ? []
      : (settle(time, null)
          ?.map(back)
          .filter((at) => fitsMarker(at, marker)) ?? []);
  const all = [...new Set([...named, ...counted])];
  return all.length > 0 ? all : undefined;
}
