import type { DateRange, Interval, NamedStart, Schedule } from '../../scheduling/schedule.ts';

/** Starts that were offered, or viewings that were listed, on this call: epoch milliseconds, in the order spoken. */
export interface Offered {
  readonly spoken: readonly number[];
  /** All that were given to the model, the spoken ones among them. */
  readonly all: readonly number[];
}

/** What words are read against. */
export interface ReadingContext {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The clock, the opening hours and the rules of whoever shows the home. */
  readonly schedule: Schedule;
  readonly offered: Offered;
  /** The local days, `YYYY-MM-DD`, that were spoken of on this call after the times were offered. */
  readonly spokenDays?: readonly string[];
  /** The start of the viewing that moves. */
  readonly viewing?: number | null;
  /** The address that is asked about: words that repeat it say nothing about a time. */
  readonly propertyAddress?: string | null;
}

/** A set of times, as the words have it. */
export interface WantedTimes {
  /** Whether a start is one of them. */
  includes(start: number): boolean;
  /** The same as intervals, within these local days and about them. */
  intervals(dates: DateRange): Interval[];
  /** Any time will do. */
  readonly isAny: boolean;
  /** The first and the last local day meant, `YYYY-MM-DD`; null if the words name none. */
  readonly dates: DateRange | null;
  /** Which of them to speak first. */
  readonly order: 'soonest' | 'latest' | null;
  /** Minutes from midnight that they should be nearest to. */
  readonly near: number | null;
  /** Whether a time of day was said. */
  readonly hasTime: boolean;
}

/** Why none of the readings can be booked: that of the nearest. */
export type Unbookable = 'past' | 'notice' | 'not_yet' | 'horizon' | 'outside_hours';

/** Words from which nothing follows: they are asked about. */
export type NotRead =
  /** `words`: those that are not known; empty if they are all known but make no sense together. */
  | { readonly kind: 'unread'; readonly words: readonly string[] }
  /** `the fourth one` of fewer. */
  | { readonly kind: 'no_such_option'; readonly count: number }
  /** `the second one`, but nothing was offered. */
  | { readonly kind: 'nothing_offered' };

/** What the words for one start mean. */
export type StartResult =
  | { readonly kind: 'start'; readonly start: NamedStart }
  /**
   * More than one start is meant. `choices`: those between which the words do not decide; none if they name a wider
   * set. `day`: the one day that is meant, `YYYY-MM-DD`.
   */
  | {
      readonly kind: 'which';
      readonly reason: 'which_time' | 'which_day';
      readonly choices: readonly number[];
      readonly day: string | null;
      readonly wanted: WantedTimes;
    }
  /**
   * No reading of the words can be booked. `at` is the nearest of them; `start` is set if it is the only one: booking it
   * is refused for the same reason, or it repeats what was done.
   */
  | {
      readonly kind: 'refused';
      readonly reason: Unbookable;
      readonly at: number;
      readonly start: NamedStart | null;
      readonly wanted: WantedTimes;
    }
  | NotRead;

/** What the words for times to be offered mean. */
export type WishResult =
  | { readonly kind: 'wanted'; readonly wanted: WantedTimes }
  | {
      readonly kind: 'refused';
      readonly reason: 'past' | 'horizon';
      readonly at: number;
      readonly wanted: WantedTimes;
    }
  /** A weekday and a date that do not agree. */
  | { readonly kind: 'which_day'; readonly days: readonly string[]; readonly wanted: WantedTimes }
  | NotRead;
