import type { Interval } from '../scheduling/schedule.ts';
import type { Invitation } from './booking.ts';
import type { Admit, LimitReached } from './limits.ts';
import type { BookingState } from './state.ts';

/** A viewing, or a hold that may become one. Times are epoch milliseconds. */
export interface Booking {
  readonly bookingId: string;
  readonly state: BookingState;
  readonly interval: Interval;
  /** The second time, in the states `moving` and `returning`; `cancelling` may have one too. */
  readonly movingTo: Interval | null;
  /** Where it was before its last move. */
  readonly movedFrom: Interval | null;
  /** When its time was held: by the booking, by its last move, or by the request that took that on last. */
  readonly heldAt: number;
  /** When the state last changed, or a request took it on. A mark of doubt does not count. */
  readonly changedAt: number;
  /** The request that worked on it ended without knowing the outcome. */
  readonly inDoubt: boolean;
  /**
   * Names the work in progress and its row in `pending`. It stays while the timer looks for a late event; null if there is no
   * work.
   */
  readonly workId: string | null;
  readonly eventId: string | null;
  readonly webLink: string;
  readonly invitation: Invitation;
  /** The lists that count it towards a limit (see caller-keys.ts). */
  readonly callerKeys: readonly string[];
  /** The home; null if the manager lists none. */
  readonly propertyId: string | null;
  /** The text that an invited attendee gets with the cancellation. Empty before it is decided and after it is carried out. */
  readonly cancelComment: string;
  /** Empty if the details cannot be decrypted. */
  readonly propertyAddress: string;
  readonly attendeeName: string | null;
  /** False if the key that its details are encrypted with is gone. */
  readonly readable: boolean;
  /** The local days that list it, `YYYY-MM-DD`. */
  readonly days: readonly string[];
  /** Changes with every write. */
  readonly version: string;
}

/** A viewing or hold as its day, or its caller, lists it. */
export interface DayEntry {
  readonly bookingId: string;
  readonly interval: Interval;
  readonly propertyId: string | null;
  /** When its time was held: the booking's `heldAt`. Of two entries of a booking that moves, the newer one has it. */
  readonly since: number;
  /** When this entry was written. */
  readonly changedAt: number;
}

/** A booking that a day no longer lists: it was moved, cancelled or freed. */
export interface RemovedEntry {
  readonly bookingId: string;
  readonly removedAt: number;
}

/** What the rows of some local days list. */
export interface ListedDays {
  readonly entries: readonly DayEntry[];
  /** Of the last day or so: as long as a stored copy of the calendar may still show them. */
  readonly removed: readonly RemovedEntry[];
}

/** A key by which a repeat of a request is recognized, and what is noted of the request beside it. */
export interface IdempotencyKey {
  readonly key: string;
  readonly expiresAt: number;
  /** The start asked for. Absent if the request asks for none. */
  readonly start?: number;
  /** The request has been carried out. Default false: nothing is known. */
  readonly isCarriedOut?: boolean;
}

/** What a request's key leads to. */
export interface KnownRequest {
  readonly booking: Booking;
  /** The start asked for; null if it asked for none, or an earlier version of the app has noted none. */
  readonly start: number | null;
  /** It was carried out, whatever the booking is now. Moves alone are marked so. */
  readonly isCarriedOut: boolean;
}

/** What decides which buckets a hold has, and on which day it counts. */
export interface HoldShape {
  readonly bufferMinutes: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** What one hold of time needs to know. */
export interface HoldOptions extends HoldShape {
  readonly keys: readonly IdempotencyKey[];
  /** The call, so that its next request finds this work; null if there is none. */
  readonly callKey: string | null;
  readonly admit: Admit;
  readonly now: number;
}

/** What is known of a booking when its time is held. */
export type NewBooking = Pick<
  Booking,
  'bookingId' | 'interval' | 'invitation' | 'callerKeys' | 'propertyId' | 'propertyAddress' | 'attendeeName'
>;

/** Time that cannot be held. */
export type NotHeld =
  /** Some of the time is held for these bookings. */
  { readonly kind: 'taken'; readonly bookingIds: readonly string[] } | LimitReached;

/** What came of holding time for a new booking. */
export type HoldOutcome =
  | { readonly kind: 'held'; readonly booking: Booking }
  /** A request with one of these keys has made this booking, and it is still valid. */
  | { readonly kind: 'repeat'; readonly booking: Booking }
  | NotHeld;

/** What came of holding a second time for a booking that moves. */
export type MoveHoldOutcome =
  | { readonly kind: 'held'; readonly booking: Booking }
  /** Somebody else changed the booking. */
  | { readonly kind: 'changed' }
  | NotHeld;

/** What a booking becomes. What is left out stays as it is. */
export interface Transition {
  readonly to: BookingState;
  /** Default: where it is. */
  readonly interval?: Interval;
  readonly eventId?: string;
  readonly webLink?: string;
  readonly invitation?: Invitation;
  readonly cancelComment?: string;
  /** Default false. */
  readonly inDoubt?: boolean;
  /** Holds are adjusted although the time stays, because the rules have changed. */
  readonly recut?: boolean;
  /** Its event may still be written, so the timer goes on looking for it. */
  readonly watch?: boolean;
  /** Written anew with what they say now. */
  readonly keys?: readonly IdempotencyKey[];
  readonly callKey?: string | null;
}

/** What a request's keys and its call lead to. */
export interface Known {
  /** What each key leads to, in the order of the keys; null if it made no booking or has expired. */
  readonly byKey: readonly (KnownRequest | null)[];
  /** The bookings of this call on which work is in progress or in doubt. */
  readonly ofCall: readonly Booking[];
}

/**
 * One manager's bookings and the time they hold.
 *
 * Holds are exclusive, however many instances there are: no stretch of a manager's time is held twice. A write that takes a
 * `Booking` succeeds only if its `version` is current. Reads and holds end at the request's deadline. `apply`, `renew` and `release`
 * record decisions and have 3 seconds of their own. Every method throws AppError `storage_unavailable`, `deadline_exceeded`
 * or `concurrent_update`.
 */
export interface ManagerBookings {
  /** The viewings and holds of these local days, both included. One read. */
  listDays(from: string, to: string): Promise<ListedDays>;
  /** The bookings of these local days, both included, in every state, in order of time. */
  listViewings(from: string, to: string): Promise<Booking[]>;
  get(bookingIds: readonly string[]): Promise<Booking[]>;
  lookUp(keys: readonly IdempotencyKey[], callKey: string | null, now: number): Promise<Known>;
  /** The ids of a caller's bookings that end after `now`. */
  listCaller(callerKey: string, now: number): Promise<string[]>;
  hold(booking: NewBooking, options: HoldOptions): Promise<HoldOutcome>;
  holdMove(booking: Booking, to: Interval, options: HoldOptions): Promise<MoveHoldOutcome>;
  /**
   * Takes over the work on a booking, so that the request that began it cannot end it unnoticed. Its time is held anew. Null if the
   * booking has changed.
   * @param taken.keys of the request that takes it over: its repeat finds this booking. Default: none.
   * @param taken.invitation what is certain of it from now on. Default: as it was.
   */
  renew(
    booking: Booking,
    now: number,
    taken?: { readonly keys?: readonly IdempotencyKey[]; readonly invitation?: Invitation },
  ): Promise<Booking | null>;
  /**
   * Frees a hold that `hold` made without an answer, because no event has been written for it. One that a repeat of the request has
   * taken on stays.
   */
  release(bookingId: string, shape: HoldShape, now: number): Promise<void>;
  /** Null if the booking has changed. */
  apply(booking: Booking, transition: Transition, shape: HoldShape, now: number): Promise<Booking | null>;
  /**
   * Counts a viewing that was named in vain on a call. The same one counts once, however often it is named.
   * @param named a keyed hash of what was named
   * @returns false, and nothing is counted, if there are `limit` others already
   */
  addMiss(callKey: string, named: string, limit: number, now: number): Promise<boolean>;
  /** Takes one back: that viewing was found after all. */
  removeMiss(callKey: string, named: string, now: number): Promise<void>;
}

/** Work in progress. The timer finds it if a crash interrupts the work. */
export interface PendingWork {
  readonly userId: string;
  readonly bookingId: string;
  readonly workId: string;
  /** When the work began, or was last taken on. */
  readonly since: number;
  /** How often the timer has looked for an event that may come late. */
  readonly looks: number;
}

/** The bookings of all managers, and the work in progress on them. */
export interface BookingStore {
  /** @param signal aborts at the request's deadline */
  of(userId: string, signal: AbortSignal): ManagerBookings;
  listPending(): AsyncIterable<PendingWork>;
  savePending(work: PendingWork): Promise<void>;
  forgetPending(work: PendingWork): Promise<void>;
}
