// What a phrase says, before it is laid on a calendar. Weekdays count from Monday (0); minutes from midnight.

/** A month: named, with the year if one was said, or counted from this one. */
export type MonthRef =
  | { readonly kind: 'named'; readonly month: number; readonly year: number | null }
  | { readonly kind: 'relative'; readonly months: number }
  /** None was said: this one, or from today on. */
  | { readonly kind: 'unsaid' };

/** The part of a week or month: the table stands in docs/speech.md. */
export type PartOf = 'whole' | 'early' | 'mid' | 'late' | 'rest';

/** Which one of its kind: the coming one, that of this or of next week, the one after next, the one before. */
export type Which = 'bare' | 'this' | 'next' | 'coming' | 'after_next' | 'last' | 'following';

/** A date as it was said. */
export interface CalendarDate {
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** Null if none was said. */
  readonly year: number | null;
}

/** How far the viewing is to move. */
export interface Move extends Distance {
  readonly minutes?: number;
  /** `the next day`: the time is not said. */
  readonly isDayOnly?: boolean;
}

/** Days or months; never both. `alternatives` are other counts that the same words may mean. */
export interface Distance {
  readonly days?: number;
  readonly months?: number;
  /** Of `a few days`: up to so many more. */
  readonly spread?: number;
  readonly alternativeDays?: number;
}

/** What is said of a day, or of several. */
export type Day =
  | { readonly kind: 'relative'; readonly days: number }
  | { readonly kind: 'weekday'; readonly weekday: number; readonly which: Which }
  /** Every one of these weekdays. */
  | { readonly kind: 'every'; readonly weekdays: readonly number[] }
  /** `the 3rd` */
  | { readonly kind: 'number'; readonly day: number }
  /** One date; more than one if its order of day and month is not certain. */
  | { readonly kind: 'date'; readonly options: readonly CalendarDate[] }
  | { readonly kind: 'month'; readonly month: MonthRef; readonly part: PartOf }
  | { readonly kind: 'week'; readonly weeks: number; readonly part: PartOf }
  | { readonly kind: 'week_of'; readonly day: Day }
  | { readonly kind: 'weekend'; readonly which: Which }
  /** The nth of a month, counted from its end if `n` is negative. */
  | {
      readonly kind: 'nth';
      readonly n: number;
      readonly of: 'weekday' | 'week' | 'weekend' | 'day';
      readonly weekday: number;
      readonly month: MonthRef;
    }
  | { readonly kind: 'holiday'; readonly name: string; readonly year: number | null }
  /** Open at an end that is null. */
  | {
      readonly kind: 'span';
      readonly from: Day | null;
      readonly to: Day | null;
      /** The first, or the last, day is not part of it. */
      readonly afterFrom?: boolean;
      readonly beforeTo?: boolean;
    }
  /** Today and so many days, or months, after it. */
  | { readonly kind: 'coming'; readonly by: Distance }
  | { readonly kind: 'shift'; readonly by: Distance; readonly of: Day }
  /** `three Fridays from now` */
  | { readonly kind: 'weekday_count'; readonly n: number; readonly weekday: number }
  /** Two days either side. */
  | { readonly kind: 'around'; readonly day: Day }
  /** All of these hold. */
  | { readonly kind: 'all'; readonly days: readonly Day[] }
  /** The day of the viewing that moves. */
  | { readonly kind: 'same' };

/** Minutes of the day, half-open. A single start is one minute long. */
export interface Minutes {
  readonly from: number;
  readonly until: number;
}

/** One reading of a window: the times that bound it tell by the opening hours whether it is the morning's or the evening's. */
export interface WindowReading extends Minutes {
  readonly bounds: readonly number[];
  /** What it is around. */
  readonly near?: number;
}

/** What is said of the time of day. */
export type Time =
  /** One start; more than one reading if nothing tells AM from PM. */
  | { readonly kind: 'clock'; readonly minutes: readonly number[] }
  | { readonly kind: 'window'; readonly readings: readonly WindowReading[] }
  /** A part of the day. Beside a time it tells AM from PM, for which it reaches as far as `loose`. */
  | { readonly kind: 'part'; readonly span: Minutes; readonly loose: readonly Minutes[] }
  /** From now, and so many minutes on. */
  | { readonly kind: 'soon'; readonly minutes: number }
  /** The time of the viewing that moves. */
  | { readonly kind: 'same' };

/** Which of those offered. */
export interface Place {
  /** From 1, or from the end if negative. */
  readonly n: number;
  /** `the later one`: counted by their times, not by their places. Default false. */
  readonly isByTime?: boolean;
}

/** One thing that was said, in the order of the phrase. */
export type Element =
  | { readonly kind: 'day'; readonly day: Day }
  | { readonly kind: 'time'; readonly time: Time }
  | { readonly kind: 'day_and_time'; readonly day: Day; readonly time: Time }
  /** So many minutes from now. */
  | { readonly kind: 'from_now'; readonly minutes: number }
  /** So much later, or earlier, than the viewing that moves. */
  | { readonly kind: 'moved'; readonly by: Move }
  | { readonly kind: 'order'; readonly order: 'soonest' | 'latest' }
  /** `isOfDay`: "any day", where "whenever" is any day and any time. */
  | { readonly kind: 'any'; readonly isOfDay: boolean }
  /** `the second one` */
  | { readonly kind: 'nth'; readonly place: Place }
  /** `the morning one`: one of those offered. */
  | { readonly kind: 'among' }
  | { readonly kind: 'accept' }
  | { readonly kind: 'zone'; readonly zones: readonly string[] }
  | { readonly kind: 'except'; readonly groups: readonly (readonly Element[])[] }
  /** "any day but Monday" rules out, "Friday, but at two" adds: what was said before tells. "pero" only adds. */
  | {
      readonly kind: 'but';
      readonly groups: readonly (readonly Element[])[];
      readonly mayRuleOut: boolean;
    }
  /** `takesBack`: "no wait" leaves nothing of what was said unless other words follow; "at 3, actually" is at 3. */
  | { readonly kind: 'correction'; readonly takesBack: boolean }
  | { readonly kind: 'or' | 'and' | 'comma' | 'filler' };

/** Either-or, the part of a phrase between two of its `or`s: all that it says holds at once. */
export interface Branch {
  readonly days: readonly Day[];
  readonly times: readonly Time[];
  readonly fromNow: readonly number[];
  readonly moved: readonly Move[];
  readonly nth: readonly Place[];
  readonly isAmong: boolean;
  readonly isAny: boolean;
}

/** A whole phrase. */
export interface Phrase {
  readonly branches: readonly Branch[];
  readonly exceptions: readonly Branch[];
  readonly zones: readonly string[] | null;
  readonly order: 'soonest' | 'latest' | null;
  /** The whole of it is a yes. */
  readonly isAccepted: boolean;
}
