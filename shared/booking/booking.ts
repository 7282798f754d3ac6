import type {
  Interval,
  NamedStart,
  Offer,
  Conflict,
  RuleRejection,
  Schedule,
  Slot,
  AvailabilityRequest,
} from '../scheduling/schedule.ts';

export type { Slot, AvailabilityRequest, NamedStart };

/** How an offer may be made. */
export interface OfferOptions {
  /** Whether an older copy of the calendar will do if Graph does not answer: the line has to say so. Default false. */
  readonly mayBeProvisional?: boolean;
}

/** `provisional`: Graph does not answer, and these times were free in a stored copy of the calendar. */
export type OfferOutcome = Offer & { readonly provisional?: true };

/** Who is on the line: from the call, never from the model's arguments. */
export interface Caller {
  /** E.164; null if the number is withheld or the call has none. */
  readonly number: string | null;
  /** VAPI's call id; null for the flat body. */
  readonly callId: string | null;
  /** VAPI's id of this tool call; null for shapes that carry none. */
  readonly toolCallId: string | null;
}

/** A viewing as callers hear of it. `start` and `end` are epoch milliseconds. */
export interface Viewing {
  readonly bookingId: string;
  /** Graph's immutable id. */
  readonly eventId: string;
  readonly subject: string;
  /** The home; null if the manager lists none. */
  readonly propertyId: string | null;
  readonly propertyAddress: string;
  readonly start: number;
  readonly end: number;
  /** IANA name: the clock of the manager who shows the home. */
  readonly timeZone: string;
  readonly webLink: string;
}

/** `unreadable_email`: an address was given, but Microsoft does not accept it, so nobody was invited. */
export type Invitation = 'none' | 'sent' | 'unreadable_email';

/** What a caller asks to book. */
export interface BookRequest {
  readonly start: NamedStart;
  /** The home; absent if the manager lists none. */
  readonly propertyId?: string | undefined;
  readonly propertyAddress: string;
  /** How to get in. It goes into the event only if nobody is invited to it. */
  readonly accessNote?: string | undefined;
  readonly attendeeName?: string | undefined;
  /** Parsed and valid: gets an invitation. */
  readonly attendeeEmail?: string | undefined;
  /** E.164. Contact data alone: it identifies nobody. */
  readonly attendeePhone?: string | undefined;
}

/** Why nothing was booked or moved: the time is busy or held, a rule forbids it, or the caller has too many future viewings. */
export type NotBookable =
  | {
      readonly kind: 'conflict';
      readonly reason: Conflict;
      /** The 2 free slots nearest to the time asked for, in order of time. */
      readonly alternatives: readonly Slot[];
      /** What it was judged by. */
      readonly schedule: Schedule;
    }
  | {
      readonly kind: 'refused';
      readonly reason: RuleRejection;
      /** The 2 free slots nearest to the time asked for, if there are any; in order of time. */
      readonly alternatives: readonly Slot[];
      /** What it was judged by. */
      readonly schedule: Schedule;
    }
  | { readonly kind: 'caller_limit'; readonly limit: number };

/** What came of a booking. */
export type BookOutcome =
  | {
      readonly kind: 'booked';
      readonly viewing: Viewing;
      readonly invitation: Invitation;
      /** This request, or one just like it, had been carried out before. */
      readonly repeated: boolean;
    }
  /** The same call has booked another home at this start. */
  | {
      readonly kind: 'already_booked';
      readonly viewing: Viewing;
      readonly alternatives: readonly Slot[];
    }
  | NotBookable;

/** How a caller points at one of their viewings. */
export interface ViewingQuery {
  /** One of the ids that `find` gave. */
  readonly bookingId?: string | undefined;
  /** The start of the viewing meant. */
  readonly start?: number | undefined;
  /** For callers whose number does not identify them: name and start must both match. */
  readonly attendeeName?: string | undefined;
  /**
   * Which of the caller's viewings the words fit, judged by where the viewings are now. Default: all of them.
   * @param viewings in order of time
   */
  readonly choose?: ((viewings: readonly Viewing[]) => readonly Viewing[]) | undefined;
}

/** No single viewing of this caller is meant. */
export type NotIdentified =
  /** Several fit: ask which. */
  | { readonly kind: 'which'; readonly viewings: readonly Viewing[] }
  /** None of this caller's. */
  | { readonly kind: 'none_found' }
  /** The number identifies nobody: name and time of the viewing are needed. */
  | { readonly kind: 'need_name_and_time' }
  /** This call has tried too many wrong names and times: offer to take a message. */
  | { readonly kind: 'too_many_misses' };

export interface FindOptions {
  /**
   * The change that is about to be asked for. It may go on with one that is in doubt, so that one is not settled, and is listed at
   * its first time: before a move, a move; before a cancellation, a move or a cancellation. Default: everything in doubt is
   * settled, and what is being cancelled is not listed.
   */
  readonly before?: 'move' | 'cancel';
}

/** The viewings that were found: none is an empty list. */
export type FindOutcome =
  | { readonly kind: 'viewings'; readonly viewings: readonly Viewing[] }
  | Extract<NotIdentified, { kind: 'need_name_and_time' | 'too_many_misses' }>;

/** What came of a move. `from` is where the viewing was; `repeated`: this request had been carried out before. */
export type MoveOutcome =
  | {
      readonly kind: 'rescheduled';
      readonly viewing: Viewing;
      readonly from: Interval;
      readonly invitation: Invitation;
      readonly repeated: boolean;
    }
  | NotBookable
  | NotIdentified;

/** What came of a cancellation. `repeated`: this request had been carried out before. */
export type CancelOutcome =
  | {
      readonly kind: 'cancelled';
      readonly viewing: Viewing;
      readonly invitation: Invitation;
      readonly repeated: boolean;
    }
  | NotIdentified;

/**
 * One manager's calendar, opened for one request. Faults throw AppError: `microsoft_*`, `storage_unavailable`,
 * `deadline_exceeded`, `concurrent_update`. `outcome_unknown`: a change may have been made. The next request of the call
 * settles it; the same request finds out how it ended.
 */
export interface BookingService {
  readonly schedule: Schedule;
  /** The same calendar by the rules of a home: those that its viewings are moved by. Null: the manager's own. */
  forHome(propertyId: string | null): BookingService;
  offer(request: AvailabilityRequest, options?: OfferOptions): Promise<OfferOutcome>;
  book(caller: Caller, request: BookRequest): Promise<BookOutcome>;
  /** The caller's future viewings, as Outlook has them now, in order of time. */
  find(caller: Caller, query: ViewingQuery, options?: FindOptions): Promise<FindOutcome>;
  move(caller: Caller, query: ViewingQuery, newStart: NamedStart): Promise<MoveOutcome>;
  cancel(caller: Caller, query: ViewingQuery, reason?: string): Promise<CancelOutcome>;
}

/** Why a calendar cannot be used until its manager consents. */
export type RequireAuthReason = 'not_connected' | 'reconnect_required' | 'disconnected';

/** The homes of a manager, as far as they have rules of their own. */
export interface HomeSchedules {
  /** The home that the request is about; null if it is about none. */
  readonly propertyId: string | null;
  /** The manager's schedule with what a home replaces; the same schedule for a home that is not known. */
  scheduleOf(schedule: Schedule, propertyId: string): Schedule;
}

/**
 * Opens a manager's calendar for one request.
 * @param signal aborts at the request's deadline
 * @param homes default: no home has rules of its own
 */
export type BookingServiceFor = (
  userId: string,
  signal: AbortSignal,
  homes?: HomeSchedules,
) => Promise<
  | { readonly ok: true; readonly service: BookingService }
  | { readonly ok: false; readonly reason: RequireAuthReason }
>;
