import type {
  Interval,
  Offer as OfferOutcome,
  Conflict,
  RuleRejection,
  Schedule,
  Slot,
  AvailabilityRequest,
} from '../scheduling/schedule.ts';

export type { OfferOutcome, Slot, AvailabilityRequest };

/** Who is on the line, as the call tells it: never as the model does. */
export interface Caller {
  /** E.164, or null where the number is withheld or the call has none. */
  readonly number: string | null;
  /** VAPI's call id; null for the flat body. */
  readonly callId: string | null;
  /** VAPI's id of this tool call; null for shapes that carry none. */
  readonly toolCallId: string | null;
}

export interface Viewing {
  readonly bookingId: string;
  /** Graph's immutable id. */
  readonly eventId: string;
  readonly subject: string;
  readonly propertyAddress: string;
  readonly start: number;
  readonly end: number;
  readonly webLink: string;
}

export interface BookRequest {
  readonly start: number;
  readonly propertyAddress: string;
  readonly attendeeName?: string;
  /** Parsed and valid: gets an invitation. */
  readonly attendeeEmail?: string;
  /** E.164; counts only where the call has no number of its own. */
  readonly attendeePhone?: string;
}

export type NotBookable =
  | {
      readonly kind: 'conflict';
      readonly reason: Conflict;
      /** The 2 free slots nearest to the time asked for, in order of time. */
      readonly alternatives: readonly Slot[];
    }
  | {
      readonly kind: 'refused';
      readonly reason: RuleRejection;
      /** The 2 free slots nearest to the time asked for, where there are any; in order of time. */
      readonly alternatives: readonly Slot[];
    }
  | { readonly kind: 'caller_limit'; readonly limit: number };

export type BookOutcome =
  | {
      readonly kind: 'booked';
      readonly viewing: Viewing;
      /** An invitation went to the e-mail given. */
      readonly invited: boolean;
      /** This request, or one just like it, had been carried out before. */
      readonly repeated: boolean;
    }
  | NotBookable;

/** How a caller points at one of his viewings. */
export interface ViewingQuery {
  /** One of the ids that `find` gave. */
  readonly bookingId?: string;
  /** The start of the viewing meant. */
  readonly start?: number;
  /** For callers whose number does not identify them: name and start must both match. */
  readonly attendeeName?: string;
}

/** No single viewing of this caller is meant. */
export type NotIdentified =
  /** Several fit: ask which. */
  | { readonly kind: 'which'; readonly viewings: readonly Viewing[] }
  /** None of this caller's. */
  | { readonly kind: 'none_found' }
  /** The number identifies nobody: name and time of the viewing are needed. */
  | { readonly kind: 'need_name_and_time' };

export type FindOutcome =
  | { readonly kind: 'viewings'; readonly viewings: readonly Viewing[] }
  | Extract<NotIdentified, { kind: 'need_name_and_time' }>;

export type MoveOutcome =
  | {
      readonly kind: 'rescheduled';
      readonly viewing: Viewing;
      readonly from: Interval;
      readonly invited: boolean;
      readonly repeated: boolean;
    }
  | NotBookable
  | NotIdentified;

export type CancelOutcome =
  | {
      readonly kind: 'cancelled';
      readonly viewing: Viewing;
      readonly invited: boolean;
      readonly repeated: boolean;
    }
  | NotIdentified;

/** One manager's calendar, opened for one request. Faults throw AppError: `microsoft_*`, `storage_unavailable`, `deadline_exceeded`. */
export interface BookingService {
  readonly schedule: Schedule;
  offer(wish: AvailabilityRequest): Promise<OfferOutcome>;
  book(caller: Caller, request: BookRequest): Promise<BookOutcome>;
  /** The caller's future viewings, as Outlook has them now, in order of time. */
  find(caller: Caller, query: ViewingQuery): Promise<FindOutcome>;
  move(caller: Caller, query: ViewingQuery, newStart: number): Promise<MoveOutcome>;
  cancel(caller: Caller, query: ViewingQuery, reason?: string): Promise<CancelOutcome>;
}

export type RequireAuthReason = 'not_connected' | 'reconnect_required' | 'disconnected';

export type BookingServiceFor = (
  userId: string,
  /** Aborts at the request's deadline. */
  signal: AbortSignal,
) => Promise<
  | { readonly ok: true; readonly desk: BookingService }
  | { readonly ok: false; readonly reason: RequireAuthReason }
>;
