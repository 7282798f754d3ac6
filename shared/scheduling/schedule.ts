/** Half-open `[start, end)` in epoch milliseconds. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** A bookable start on the grid with its end. */
export type Slot = Interval;

/** From Monday on, as a manager's `hours` name them. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** `mon` to `sun`. */
export type Weekday = (typeof WEEKDAYS)[number];

/** Spans of local wall-clock time, `HH:MM` to `HH:MM` (`24:00` allowed as an end); a day left out is closed. */
export type WeeklyHours = Partial<Record<Weekday, readonly (readonly [from: string, to: string])[]>>;

/** A manager's booking rules. Minutes and days are whole numbers. */
export interface Rules {
  readonly durationMinutes: number;
  /** Starts stand on this grid, counted from the opening of each span of hours. */
  readonly gridMinutes: number;
  readonly noticeMinutes: number;
  /** How far an undated question looks: today and the `daysAhead - 1` local days after it. */
  readonly daysAhead: number;
  /** What can be booked at all, counted like `daysAhead`. */
  readonly horizonDays: number;
  /** Kept clear on both sides, towards other viewings and any busy time alike. */
  readonly bufferMinutes: number;
  /** Our own viewings per local day; null for no limit. */
  readonly dailyLimit: number | null;
  /** Future viewings of one caller. */
  readonly callerLimit: number;
}

/** The rules of a manager who has set none. */
export const DEFAULT_RULES: Rules = {
  durationMinutes: 30,
  gridMinutes: 30,
  noticeMinutes: 60,
  daysAhead: 7,
  horizonDays: 60,
  bufferMinutes: 0,
  dailyLimit: null,
  callerLimit: 5,
};

const NINE_TO_FIVE = [['09:00', '17:00']] as const;
/** Monday to Friday, 9 to 17: if neither the manager nor their mailbox says anything else. */
export const DEFAULT_HOURS: WeeklyHours = {
  mon: NINE_TO_FIVE,
  tue: NINE_TO_FIVE,
  wed: NINE_TO_FIVE,
  thu: NINE_TO_FIVE,
  fri: NINE_TO_FIVE,
};

/** What one home adds to its manager's rules. */
export interface HomeLimit {
  readonly propertyId: string;
  /** Viewings of this home on one local day; null for no limit. */
  readonly dailyLimit: number | null;
  /** The first local day on which it can be viewed, `YYYY-MM-DD`; absent if it can be viewed now. */
  readonly viewableFrom?: string | null;
}

/** Everything that decides when a viewing can be booked, except what is in the calendar. */
export interface Schedule {
  /** IANA name. */
  readonly timeZone: string;
  readonly hours: WeeklyHours;
  readonly rules: Rules;
  /** Set if the schedule is that of one home. */
  readonly home?: HomeLimit | undefined;
}

/** The time of one of our viewings or holds. */
export interface ViewingTime extends Interval {
  /** A viewing that moves has two times, and counts once on a day. Absent: this is all of it. */
  readonly bookingId?: string;
  /** The home it is for; null if the manager lists none. */
  readonly propertyId?: string | null;
}

/** What is in a manager's calendar. Neither list need be sorted or free of overlaps. */
export interface BusyTime {
  /** Time that blocks: busy time in Outlook, our viewings and holds. */
  readonly busy: readonly Interval[];
  /** Our own viewings and holds alone. The daily limits count them by the local day of their start. */
  readonly viewings: readonly ViewingTime[];
}

/** Why the rules refuse a start, whatever is in the calendar. */
/** `not_yet`: the home cannot be viewed before a later day. */
export type RuleRejection = 'past' | 'notice' | 'not_yet' | 'horizon' | 'outside_hours' | 'off_grid';

/** Why the calendar refuses a slot that the rules allow. */
export type Conflict = 'busy' | 'day_full';

/** Morning is to 12:00, afternoon to 17:00, evening after. */
export type PartOfDay = 'morning' | 'afternoon' | 'evening';

/** Local days `YYYY-MM-DD`, the first and the last, both included. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** What the caller would like. Dates and times are on the clock of the manager. */
export interface AvailabilityRequest {
  readonly dates?: DateRange;
  readonly partOfDay?: PartOfDay;
  /** Local time `HH:MM`: the offered slots should be near it. */
  readonly near?: string;
  /** How many local days to look ahead if the request names none; at most the horizon. Default: the manager's own. */
  readonly daysAhead?: number;
  /** Which of the slots as requested to speak: the soonest, or the latest. Default: a varied few. */
  readonly order?: 'soonest' | 'latest' | undefined;
  /** Only starts inside one of these intervals are as requested. They need not be sorted. Default: any start. */
  readonly within?: readonly Interval[];
}

/** What is free, as it was asked for or nearest to that. */
export type Offer =
  | {
      readonly kind: 'slots';
      /** `nearest`: nothing is free as requested; these are the nearest in the horizon. */
      readonly fit: 'asked' | 'nearest';
      /** In order of time, at most 10: the spoken ones, filled up with the soonest (or nearest) of the rest. */
      readonly slots: readonly Slot[];
      /** At most 3 of `slots`, in order of time. */
      readonly spoken: readonly Slot[];
    }
  /** Nothing in the whole horizon. */
  | { readonly kind: 'none' };

declare const whole: unique symbol;

/**
 * A start that a caller named, in epoch milliseconds. Only the reader of words makes one (voice/understanding/read-start.ts), of
 * words that it has read to the last and that leave one start. Booking and moving take nothing else.
 */
export type NamedStart = number & { readonly [whole]: true };
