/** What days are counted from. All are day numbers (calendar-days.ts). */
export interface DayContext {
  readonly today: number;
  /** The last day that can be booked. */
  readonly last: number;
  /** The day of the viewing that moves. */
  readonly viewing: number | null;
}

/** One reading, in order of time. `clash`: words that name one day disagree, these are the days that they name. */
export interface DayReading {
  readonly days: readonly number[];
  readonly clash?: readonly number[];
}

/** How many days "from Wednesday on" reaches, and whatever else has no near end. */
export const OPEN_END = 400;

/** Words that have one reading. */
export function oneReading(days: readonly number[]): DayReading[] {
  return [{ days }];
}
