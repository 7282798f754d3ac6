import type { Interval } from '../scheduling/schedule.ts';

/** One stretch of a manager's calendar as Outlook shows it: an occurrence, an exception or a single event. */
export interface CalendarEvent {
  /** Immutable. */
  readonly eventId: string;
  /** Of the booking that wrote it; null for the manager's own. */
  readonly bookingId: string | null;
  /** Whole local days of the manager's zone for an all-day event. */
  readonly interval: Interval;
  /** Busy, tentative, out of office or unknown, and neither cancelled nor declined. */
  readonly blocks: boolean;
  readonly cancelled: boolean;
  readonly webLink: string;
}

/** What a viewing's event says. `bodyHtml` is escaped already. */
export interface EventDraft {
  readonly bookingId: string;
  readonly interval: Interval;
  readonly subject: string;
  readonly location: string;
  readonly bodyHtml: string;
  /** Gets Outlook's invitation. */
  readonly attendee: { readonly address: string; readonly name: string } | null;
}

export interface WrittenEvent {
  readonly event: CalendarEvent;
  /** What stands in the window that was read back right after the write, the event itself included. */
  readonly around: readonly CalendarEvent[];
}

/**
 * One manager's calendar.
 *
 * Every call throws AppError `microsoft_unreachable`, `microsoft_throttled`, `microsoft_rejected` or `deadline_exceeded`, and
 * `reconnect_required` where the grant is gone.
 */
export interface Calendar {
  /** All events that touch the window: one round trip for up to 1,000. */
  read(window: Interval): Promise<CalendarEvent[]>;
  /** Writes the event, or finds that this booking's event is there already, and reads the window back: one round trip. */
  create(draft: EventDraft, window: Interval): Promise<WrittenEvent>;
  /** Moves the event and reads the window back: one round trip. Null where the event is gone. */
  move(eventId: string, to: Interval, window: Interval): Promise<WrittenEvent | null>;
  /** The events with these ids, at most 20, in the same order; null for one that is gone or cancelled. One round trip. */
  get(eventIds: readonly string[]): Promise<(CalendarEvent | null)[]>;
  /** The event that this booking wrote, if it did. */
  findByBooking(bookingId: string): Promise<CalendarEvent | null>;
  /** Removes the event; an invited attendee is told, with the comment. One that is gone already is no error. */
  remove(eventId: string, options: { readonly invited: boolean; readonly comment: string }): Promise<void>;
}
