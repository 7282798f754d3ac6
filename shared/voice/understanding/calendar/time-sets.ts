// One reading of words, laid on the calendar: a union of days and times of day, less what is ruled out.
import { instantOf, localDate, minuteOfDay } from '../../../scheduling/zone.ts';
import { toDate, toDayNumber } from './calendar-days.ts';
import type { Minutes } from '../grammar/meaning.ts';
import { isStart } from './resolve-times.ts';

/** What is null was not said: any will do. */
export interface TimePart {
  readonly days: readonly number[] | null;
  readonly spans: readonly Minutes[] | null;
  /** Instants, epoch milliseconds: only these. */
  readonly starts: readonly number[] | null;
  readonly near?: number;
}

/** The times that one reading of words means. */
export interface TimeSet {
  /** The zone in which days and times are meant. */
  readonly zone: string;
  readonly parts: readonly TimePart[];
  readonly exceptions: readonly TimePart[];
  /** Days that disagree, of which one is meant. */
  readonly clash?: readonly number[];
  /** One of the offers was pointed at. */
  readonly isChoice?: boolean;
}

/** Only these instants, in epoch milliseconds. */
export function startsOnly(starts: readonly number[]): TimePart {
  return { days: null, spans: null, starts };
}

/** A set of one part, without exceptions. @param zone IANA name */
export function asSet(part: TimePart, zone: string): TimeSet {
  return { zone, parts: [part], exceptions: [] };
}

/** @param start epoch milliseconds */
export function includes(set: TimeSet, start: number): boolean {
  const day = toDayNumber(localDate(start, set.zone));
  const minute = minuteOfDay(start, set.zone);
  const isWithin = (span: Minutes): boolean =>
    (span.from <= minute && minute < span.until) || isSkippedStart(span, set.zone, day, minute, start);
  const isIn = ({ days, spans, starts }: TimePart): boolean =>
    (starts === null || starts.includes(start)) &&
    (days === null || days.includes(day)) &&
    (spans === null || spans.some(isWithin));
  return set.parts.some(isIn) && !set.exceptions.some(isIn);
}

/** No clocks go forward by more. */
const LONGEST_SKIP_MINUTES = 180;

/** Whether a start that the clocks skip on that day is this one: it is the instant at which they change. */
function isSkippedStart(span: Minutes, zone: string, day: number, minute: number, start: number): boolean {
  const ahead = minute - span.from;
  return (
    isStart(span) && ahead > 0 && ahead <= LONGEST_SKIP_MINUTES && instantIn(zone, day, span.from) === start
  );
}

/** The start, if the set is one; null else. */
export function onlyStart(set: TimeSet): number | null {
  const starts = new Set<number>();
  for (const { days, spans, starts: instants } of set.parts) {
    if (instants) {
      for (const at of instants) starts.add(at);
    } else if (
      days?.length === 1 &&
      spans?.length === 1 &&
      days[0] !== undefined &&
      spans[0] &&
      isStart(spans[0])
    ) {
      starts.add(instantIn(set.zone, days[0], spans[0].from));
    } else return null;
  }
  const [at, ...others] = starts;
  return at !== undefined && others.length === 0 && includes(set, at) ? at : null;
}

/**
 * The instant of a minute of a day, in epoch milliseconds.
 * @param day a day number
 * @param minute from midnight on the clock on the wall, 0 to 1,440
 */
export function instantIn(zone: string, day: number, minute: number): number {
  const two = (n: number): string => String(n).padStart(2, '0');
  return instantOf({ date: toDate(day), time: `${two(Math.floor(minute / 60))}:${two(minute % 60)}` }, zone)
    .at;
}
