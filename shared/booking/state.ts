/**
 * The states of a booking, and which state may follow which.
 *
 * A decision is written to the row before Outlook is touched. So a timer that finds `undoing`, `returning` or `cancelling`
 * carries out what was decided, whoever decided it.
 */
import { MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import type { Booking } from './store.ts';

/** Written to the row as they are: a name must not change. */
export type BookingState =
  /** Its time is held. The event is being written, or was written, or never will be. */
  | 'held'
  | 'booked'
  /** A second time is held. The event is at the first time or at the second. */
  | 'moving'
  /** It was decided to undo the booking: its event, if there is one, has to be removed. */
  | 'undoing'
  /** It was decided to undo a move: the event has to go back to the first time. */
  | 'returning'
  /** The caller cancelled: the event has to be removed. */
  | 'cancelling'
  | 'cancelled'
  /** It never became a viewing, or the manager removed it in Outlook. */
  | 'freed';

const NEXT: Readonly<Record<BookingState, readonly BookingState[]>> = {
  held: ['held', 'booked', 'undoing', 'freed'],
  booked: ['booked', 'moving', 'cancelling', 'freed'],
  moving: ['moving', 'booked', 'returning', 'cancelling', 'freed'],
  undoing: ['undoing', 'freed'],
  returning: ['returning', 'booked', 'cancelling', 'freed'],
  cancelling: ['cancelling', 'cancelled'],
  cancelled: ['cancelled'],
  freed: ['freed'],
};

/** Whether one state may follow the other. A state may follow itself. */
export function canFollow(from: BookingState, to: BookingState): boolean {
  return NEXT[from].includes(to);
}

/** No request works on it, and nothing is left to do. */
export function isFinal(state: BookingState): boolean {
  return state === 'booked' || state === 'cancelled' || state === 'freed';
}

/** It holds time, and its event is in Outlook or may be. */
export function isActive(state: BookingState): boolean {
  return state !== 'cancelled' && state !== 'freed';
}

/** It is what a request for this viewing asked for, or is becoming it. */
export function isStanding(state: BookingState): boolean {
  return state === 'held' || state === 'booked' || state === 'moving' || state === 'returning';
}

/** What shall become of it is decided and only has to be carried out. */
export function isDecided(state: BookingState): boolean {
  return state === 'undoing' || state === 'returning' || state === 'cancelling';
}

/**
 * How long a hold counts by itself, in milliseconds. After that Outlook decides. For as long, a viewing that Outlook does
 * not show yet is taken to be there.
 */
export const HOLD_MS = 2 * MINUTE_MS;

/** Longer than any request works on a booking, in milliseconds: a request takes 8 seconds, and its last decision 3. */
export const REQUEST_MS = 12 * SECOND_MS;

/** Whether less than `HOLD_MS` has passed. @param since epoch milliseconds */
export function isFresh(since: number, now: number): boolean {
  return now - since < HOLD_MS;
}

/**
 * Whether a write was begun whose outcome nobody knows and nobody is finding out.
 * @param afterMs how long a request may still work on it. Default `HOLD_MS`.
 */
export function isInDoubt(
  { state, inDoubt, changedAt }: Pick<Booking, 'state' | 'inDoubt' | 'changedAt'>,
  now: number,
  afterMs = HOLD_MS,
): boolean {
  return (state === 'held' || state === 'moving') && (inDoubt || now - changedAt >= afterMs);
}
