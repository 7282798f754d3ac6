import type { AppError } from '../core/errors.ts';
import type { Interval } from '../scheduling/schedule.ts';

/** One stretch of a manager's calendar as Outlook shows it: an occurrence, an exception or a single event. */
export interface CalendarEvent {
  /** Immutable. */
  readonly eventId: string;
  /** Changes with every change of the event. */
  readonly etag: string;
  /** The booking that wrote it; null for the manager's own. */
  readonly bookingId: string | null;
  /** Whole local days of the manager's zone for an all-day event. */
  readonly interval: Interval;
  /** True if it is busy, tentative, out of office or unknown, and is not cancelled or declined. */
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
  readonly attendee: Attendee | null;
}

/** The guest of an event. */
export interface Attendee {
  readonly address: string;
  readonly name: string;
}

/** A booking's event, and where it was last known to be. */
export interface EventReference {
  readonly bookingId: string;
  /** Null if it is not known to be written. */
  readonly eventId: string | null;
  readonly interval: Interval;
}

/** The write was carried out. */
export interface WrittenEvent {
  readonly kind: 'written';
  readonly event: CalendarEvent;
  /** An earlier attempt had written it. Default false. */
  readonly wasThere?: boolean;
  /** What is in the window that was read back right after the write, the event itself included. */
  readonly around: readonly CalendarEvent[];
}

/** Microsoft certainly did not carry out the write, in no attempt. */
export interface RefusedWrite {
  readonly kind: 'refused';
  /** `attendee`: the draft may be accepted without its attendee. */
  readonly reason: 'attendee' | 'other';
  readonly error: AppError;
}

/** The event is no longer in the calendar. */
export interface GoneEvent {
  readonly kind: 'gone';
}

/** The event has changed since it was read: read it again and decide again. */
export interface ChangedEvent {
  readonly kind: 'changed';
}

/** What counts for busy time. */
export type BusyEvent = Pick<CalendarEvent, 'eventId' | 'bookingId' | 'interval' | 'blocks' | 'cancelled'>;

/** Reads busy time from Graph. */
export interface BusyReader {
  /** All events that overlap the window. One round trip for up to 1,000. */
  read(window: Interval): Promise<CalendarEvent[]>;
}

/** The busy time that a listing uses. */
export interface Listing {
  readonly events: readonly BusyEvent[];
  /** When the stored copy was read, in epoch milliseconds; null if Graph has just answered. */
  readonly copiedAt: number | null;
  /** Why Graph does not answer, if the copy is only the best there is; else null. */
  readonly failure: AppError | null;
}

/** Reads busy time for listings: from a stored copy while it is good, else from Graph. */
export interface ListingReader {
  /** @throws what `BusyReader` throws, if there is no copy to go by either */
  list(window: Interval): Promise<Listing>;
}

/**
 * Finds, writes and removes the events of viewings in a manager's default calendar.
 *
 * Every method throws AppError `microsoft_unreachable`, `microsoft_throttled`, `microsoft_rejected` or `deadline_exceeded`, and
 * `reconnect_required` if the consent is gone. After a throw, a write may have been carried out, or may still be.
 */
export interface EventWriter {
  /**
   * The events of these bookings, in the same order; null for one that is not in the calendar, or is cancelled there. Looks where
   * each was last, then in the whole calendar. For up to 20 one round trip, two if one is elsewhere or gone.
   */
  locate(references: readonly EventReference[]): Promise<(CalendarEvent | null)[]>;
  /** Writes the event, or finds that this booking's event is there already, and reads the window back: one round trip. */
  create(draft: EventDraft, window: Interval): Promise<WrittenEvent | RefusedWrite>;
  /** Moves the event as it was read, and reads the window back: one round trip. */
  move(
    event: CalendarEvent,
    to: Interval,
    window: Interval,
  ): Promise<WrittenEvent | RefusedWrite | GoneEvent | ChangedEvent>;
  /** Changes the event's version alone, so that no earlier write which is still under way can change the event. */
  fence(event: CalendarEvent): Promise<{ readonly kind: 'fenced' } | GoneEvent | ChangedEvent>;
  /**
   * Adds an attendee, who gets Outlook's invitation. Guests whom the manager has added stay.
   * @param invitation.bodyHtml takes the place of the event's body; null leaves it as it is
   */
  invite(
    event: CalendarEvent,
    invitation: { readonly attendee: Attendee; readonly bodyHtml: string | null },
  ): Promise<{ readonly kind: 'invited' } | RefusedWrite | GoneEvent | ChangedEvent>;
  /** Removes the event. Outlook sends an invited attendee the comment. It is no error if the event is gone already. */
  remove(
    reference: EventReference,
    options: { readonly invited: boolean; readonly comment: string },
  ): Promise<void>;
}

export type Calendar = BusyReader & EventWriter;
