/** Half-open `[start, end)` in epoch milliseconds. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** A bookable start on the grid with its end. */
export type Slot = Interval;

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Spans of local wall-clock time, `HH:MM` to `HH:MM` (`24:00` allowed as an end); a day left out is closed. */
export type WeeklyHours = Partial<Record<Weekday, readonly (readonly [from: string, to: string])[]>>;

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
export const DEFAULT_HOURS: WeeklyHours = {
  mon: NINE_TO_FIVE,
  tue: NINE_TO_FIVE,
  wed: NINE_TO_FIVE,
  thu: NINE_TO_FIVE,
  fri: NINE_TO_FIVE,
};

/** Everything that decides when a manager can be booked, but for what is in his calendar. */
export interface Schedule {
  /** IANA name. */
  readonly timeZone: string;
  readonly hours: WeeklyHours;
  readonly rules: Rules;
}

/** What already stands in a manager's time. Neither list need be sorted or free of overlaps. */
export interface BusyTime {
  /** Time that blocks: Outlook's busy time, our viewings and holds. */
  readonly busy: readonly Interval[];
  /** Our own viewings and holds alone, which the daily limit counts by the local day of their start. */
  readonly viewings: readonly Interval[];
}

/** Why a start cannot be booked. The first five are the asker's; the last two are the calendar's (a conflict). */
export type SlotRejection =
  'past' | 'notice' | 'horizon' | 'outside_hours' | 'off_grid' | 'busy' | 'day_full';

export type PartOfDay = 'morning' | 'afternoon' | 'evening';

/** Local days `YYYY-MM-DD`, the first and the last, both included. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** What the caller would like. All local to the manager's zone. */
export interface AvailabilityRequest {
  readonly dates?: DateRange;
  readonly partOfDay?: PartOfDay;
  /** Local wall-clock time `HH:MM` that the offered slots should be nearest to. */
  readonly near?: string;
  /** Overrides the manager's look-ahead for an undated wish; within the horizon. */
  readonly daysAhead?: number;
}

export type Offer =
  | {
      readonly kind: 'slots';
      /** `nearest`: nothing as wished, these are the nearest in the horizon. */
      readonly fit: 'asked' | 'nearest';
      /** In order of time, at most 10: the spoken ones, filled up with the soonest (or nearest) of the rest. */
      readonly slots: readonly Slot[];
      /** At most 3 of `slots`, in order of time. */
      readonly spoken: readonly Slot[];
    }
  /** Nothing in the whole horizon. */
  | { readonly kind: 'none' };
