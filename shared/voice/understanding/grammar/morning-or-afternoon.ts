// Whether an hour is before or after noon: "3 pm", "3 in the afternoon", "las 8 de la tarde".
import type { ClockTime } from './clock-times.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { NOON, partNamed } from './part-of-day-table.ts';
import type { Part } from './part-of-day-table.ts';
import { the } from './small-words.ts';

/** What tells the two halves of a day apart. */
export type Marker = 'am' | 'pm' | Part;

/** "am", "in the afternoon", "de la tarde" */
export const meridiem: Rule<Marker> = either<Marker>(
  map(word('am'), () => 'am' as const),
  map(word('pm'), () => 'pm' as const),
  sequence([maybe(either(word('on'), word('of'))), maybe(the), word('part')], ([, , { text }]) => {
    const part = partNamed(text);
    return part?.settles ? part : undefined;
  }),
);

/** The readings of a clock time, in minutes from midnight; undefined if the marker fits none. */
export function settle(time: ClockTime, marker: Marker | null): readonly number[] | undefined {
  const { hour: hours, minute, half } = time;
  const am = (hours % 12) * 60 + minute;
  const readings =
    half === 'pm'
      ? [am + NOON]
      : half === 'am'
        ? [am]
        : half === '24'
          ? [(hours % 24) * 60 + minute]
          : hours === 12
            ? [am + NOON, am]
            : [am, am + NOON];
  const fitting = marker === null ? readings : readings.filter((at) => fitsMarker(at, marker));
  return fitting.length > 0 ? fitting : undefined;
}

/** @param at minutes from midnight */
export function fitsMarker(at: number, marker: Marker): boolean {
  if (marker === 'am') return at < NOON;
  return marker === 'pm' ? at >= NOON : marker.loose.some(({ from, until }) => from <= at && at < until);
}
