import type { CalendarChange } from '../managers/calendar-watch.ts';

/** What one request of Graph says about one calendar. */
export interface ChangeMark {
  readonly changeId: string;
  /** Epoch milliseconds. */
  readonly changedAt: number;
  /** A subscription that Graph has ended. */
  readonly removedId?: string;
  /** Graph wants the subscription to be renewed. */
  readonly needsRenewal?: true;
}

/** A calendar that the timer has to check. */
export interface DueCalendar {
  readonly userId: string;
  readonly change: CalendarChange;
  readonly etag: string;
}

/** Marks that say which calendars have changed. Every method throws AppError `storage_unavailable` or `deadline_exceeded`. */
export interface CalendarChangeStore {
  /** How notifications name a manager's calendar: base64url, 43 characters. */
  keyOf(userId: string): string;
  /** One write and no read. False: nothing is known under this key. */
  mark(calendarKey: string, mark: ChangeMark, signal: AbortSignal): Promise<boolean>;
  /** A caller asked for times. */
  markAsked(userId: string, askedAt: number, signal: AbortSignal): Promise<void>;
  /** The calendars with a change that nobody has looked at, and those that were asked about since then. */
  listDue(askedSince: number, signal: AbortSignal): AsyncGenerator<readonly DueCalendar[]>;
  /** The change has been looked at. Does nothing if another one has come. */
  settle(due: DueCalendar, signal: AbortSignal): Promise<void>;
}
