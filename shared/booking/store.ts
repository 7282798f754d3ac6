import type { Interval } from '../scheduling/schedule.ts';

/**
 * Where a booking stands.
 *
 * `held`: time is claimed, the event not known to be written. `moving`: a second time is claimed, the event may be at either.
 * `cancelling`: the caller cancelled, the event may still stand. `freed`: it never became a viewing, or Outlook lost it.
 */
export type BookingState = 'held' | 'booked' | 'moving' | 'cancelling' | 'cancelled' | 'freed';

export interface Booking {
  readonly bookingId: string;
  readonly state: BookingState;
  readonly interval: Interval;
  /** Where it is moving to, in state `moving`. */
  readonly movingTo: Interval | null;
  /** Where it stood before its last move. */
  readonly movedFrom: Interval | null;
  /** When the state last changed. */
  readonly changedAt: number;
  readonly eventId: string | null;
  readonly webLink: string;
  /** An attendee has Outlook's invitation. */
  readonly invited: boolean;
  /** E.164 of the caller it belongs to, hashed; null where no number was known. */
  readonly callerKey: string | null;
  readonly propertyAddress: string;
  readonly attendeeName: string | null;
  /** The local days that list it, `YYYY-MM-DD`. */
  readonly days: readonly string[];
  /** Changes with every write. */
  readonly version: string;
}

/** A viewing or hold as its day lists it. */
export interface DayEntry {
  readonly bookingId: string;
  readonly interval: Interval;
  /** When it was claimed. */
  readonly since: number;
}

export interface Limits {
  readonly bufferMinutes: number;
  readonly dailyLimit: number | null;
  readonly callerLimit: number;
  /** IANA; says which local day a start counts for. */
  readonly timeZone: string;
}

export interface Claim {
  readonly booking: Pick<
    Booking,
    'bookingId' | 'interval' | 'invited' | 'callerKey' | 'propertyAddress' | 'attendeeName'
  >;
  /** What makes a repeat of this request known, with the time until when. */
  readonly requests: readonly IdempotencyKey[];
  readonly limits: Limits;
  readonly now: number;
}

export interface IdempotencyKey {
  readonly key: string;
  readonly expiresAt: number;
}

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly booking: Booking }
  /** A request with one of these keys has made this booking, and it still stands. */
  | { readonly kind: 'repeat'; readonly booking: Booking }
  /** Some of the time is these bookings'. */
  | { readonly kind: 'taken'; readonly bookingIds: readonly string[] }
  | { readonly kind: 'day_full'; readonly bookingIds: readonly string[] }
  | { readonly kind: 'caller_limit'; readonly bookingIds: readonly string[] };

export type MoveClaimOutcome =
  | Extract<ClaimOutcome, { kind: 'claimed' | 'taken' | 'day_full' }>
  /** Somebody else changed the booking meanwhile. */
  | { readonly kind: 'changed' };

/** What a booking becomes. Its claims on time become `interval` alone, or nothing where that is null. */
export interface Transition {
  readonly state: Exclude<BookingState, 'held' | 'moving'>;
  readonly interval: Interval | null;
  readonly eventId?: string;
  readonly webLink?: string;
}

/** Work in flight that a crash may have left behind. */
export interface PendingWork {
  readonly userId: string;
  readonly bookingId: string;
  readonly since: number;
}

/**
 * Bookings and the time they hold.
 *
 * Claims are exclusive whatever the number of instances: the same stretch of a manager's time cannot be claimed twice. Writes
 * that come with a `Booking` succeed only where its `version` is still the newest. All throw AppError `storage_unavailable`.
 */
export interface BookingStore {
  /** The viewings and holds of these local days, both included. One read. */
  listDays(userId: string, from: string, to: string): Promise<DayEntry[]>;
  get(userId: string, bookingIds: readonly string[]): Promise<Booking[]>;
  /** The booking that a request with one of these keys made, whatever has become of it. */
  findByRequest(userId: string, requests: readonly IdempotencyKey[], now: number): Promise<Booking | null>;
  /** The ids of a caller's bookings that end after `now`. */
  listCaller(userId: string, callerKey: string, now: number): Promise<string[]>;
  claim(userId: string, claim: Claim): Promise<ClaimOutcome>;
  claimMove(
    userId: string,
    booking: Booking,
    to: Interval,
    claim: { readonly requests: readonly IdempotencyKey[]; readonly limits: Limits; readonly now: number },
  ): Promise<MoveClaimOutcome>;
  /** Takes a claim on, so that whoever began with it can no longer free it. Null where it has changed meanwhile. */
  renew(userId: string, booking: Booking, now: number): Promise<Booking | null>;
  /** Marks that the caller has cancelled. Null where the booking has changed meanwhile. */
  markCancelling(
    userId: string,
    booking: Booking,
    request: { readonly requests: readonly IdempotencyKey[]; readonly now: number },
  ): Promise<Booking | null>;
  /** Brings the booking to rest. Null where it has changed meanwhile. */
  settle(
    userId: string,
    booking: Booking,
    to: Transition,
    limits: Limits,
    now: number,
  ): Promise<Booking | null>;
  /** Work begun before `before`, some of it perhaps done since. */
  listPending(before: number): AsyncIterable<PendingWork>;
  forgetPending(work: PendingWork): Promise<void>;
}
