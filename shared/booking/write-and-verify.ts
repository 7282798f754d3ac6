/**
 * Writing an event into held time, for booking and for moving: read Outlook, write, read again, confirm.
 *
 * The hold keeps other callers out. The two reads detect the manager's own events. A write that came second is undone,
 * and what is decided is written to the row first. A write whose outcome is unknown leaves the row in doubt.
 */
import { AppError, isAppError } from '../core/errors.ts';
import type { BusyTime, Conflict, Slot } from '../scheduling/schedule.ts';
import { findConflict } from '../scheduling/slots.ts';
import { busyTimeFrom, isSame } from './busy-time.ts';
import type { CalendarEvent, GoneEvent, RefusedWrite, WrittenEvent } from './calendar.ts';
import { apply, clashWindow, logLeftover, readBusyTime, windowAround } from './context.ts';
import type { BookingContext, KnownBusyTime } from './context.ts';
import { finishDecided } from './reconcile.ts';
import type { Booking, IdempotencyKey, Transition } from './store.ts';

/** What the write made: `changes` go into the row with the confirmation. */
export type WriteResult =
  | (WrittenEvent & { readonly changes?: Pick<Transition, 'invitation'> })
  | RefusedWrite
  | GoneEvent
  /** Somebody else has taken the booking. */
  | { readonly kind: 'superseded' };

/** What is to be written, and for which booking. */
export interface WritePlan {
  /** `held` or `moving`, in the version that this request wrote. */
  readonly booking: Booking;
  /** The held time that the event is to have. */
  readonly slot: Slot;
  /** An earlier attempt may have written the event. */
  readonly resumed: boolean;
  /** The confirmation notes beside these that the request was carried out. Default: none. */
  readonly keys?: readonly IdempotencyKey[];
  readonly write: () => Promise<WriteResult>;
}

/** What became of the write. */
export type Verified =
  | { readonly kind: 'confirmed'; readonly booking: Booking; readonly repeated: boolean }
  | { readonly kind: 'conflict'; readonly reason: Conflict; readonly known: KnownBusyTime }
  /** The event is no longer in the calendar. */
  | { readonly kind: 'gone' }
  /** Somebody else has decided what becomes of the booking. */
  | { readonly kind: 'superseded' };

/** The consent is gone: the caller has to hear that, and not that something is in doubt. */
const NO_CONSENT = ['not_connected', 'reconnect_required', 'disconnected'] as const;

/** @throws AppError `outcome_unknown` if the write may have been carried out, else what made it fail */
export async function writeAndVerify(context: BookingContext, plan: WritePlan): Promise<Verified> {
  const { schedule } = context;
  const { booking, slot } = plan;
  let mayBeWritten = plan.resumed;
  try {
    const window = windowAround(context, slot.start);
    const before = await readBusyTime(context, clashWindow(context, window), booking);
    const conflict = findConflict(schedule, before, slot);
    if (conflict !== null)
      return await takeBack(context, plan, mayBeWritten, conflict, { window, busyTime: before });

    mayBeWritten = true;
    const result = await plan.write();
    if (result.kind === 'superseded') return await lookAgain(context, plan, before);
    if (result.kind === 'gone') {
      await apply(context, booking, { to: 'freed' });
      return { kind: 'gone' };
    }
    if (result.kind === 'refused') {
      mayBeWritten = plan.resumed;
      throw result.error;
    }

    const after = busyTimeFrom(result.around, [], context.now(), {
      ...booking,
      eventId: result.event.eventId,
    });
    const busyTime = { busy: [...before.busy, ...after.busy], viewings: before.viewings };
    // If the manager has moved the event since it was written, it is not in the way here.
    if (isSame(result.event.interval, slot) && findConflict(schedule, after, slot) !== null)
      return await takeBack(context, plan, true, 'busy', { window, busyTime });
    return await confirm(context, plan, result.event, result.changes ?? {}, before);
  } catch (error) {
    throw await recordFailure(context, booking, mayBeWritten, error);
  }
}

/** The written event becomes the viewing. A repeat of this request may have taken the booking on, or finished it. */
async function confirm(
  context: BookingContext,
  plan: WritePlan,
  event: CalendarEvent,
  changes: Pick<Transition, 'invitation'>,
  before: BusyTime,
): Promise<Verified> {
  const { eventId, webLink, interval } = event;
  // An event that was there already may have been moved by the manager since it was written.
  const keys = (plan.keys ?? []).map((key) => ({ ...key, isCarriedOut: true }));
  const transition: Transition = { to: 'booked', interval, eventId, webLink, keys, ...changes };
  const booked = await applyToWork(context, plan.booking, transition);
  if (booked !== null) return { kind: 'confirmed', booking: booked, repeated: plan.resumed };
  return lookAgain(context, plan, before, event);
}

/**
 * Applies a transition to the work of a plan, also if its holds have been adjusted since. Null if the work has ended.
 * @param options.ownOnly not if a repeat of the request has taken the work on. Default false.
 */
async function applyToWork(
  context: BookingContext,
  booking: Booking,
  transition: Transition,
  { ownOnly = false } = {},
): Promise<Booking | null> {
  const isWork = ({ state, movingTo, workId }: Booking): boolean =>
    state === booking.state &&
    movingTo?.start === booking.movingTo?.start &&
    (!ownOnly || workId === booking.workId);
  let current: Booking | undefined = booking;
  while (current !== undefined && isWork(current)) {
    const applied = await apply(context, current, transition);
    if (applied !== null) return applied;
    [current] = await context.bookings.get([booking.bookingId]);
  }
  return null;
}

/** Somebody else has decided: what became of the booking, and of the event that this request wrote. */
async function lookAgain(
  context: BookingContext,
  { booking, slot }: WritePlan,
  busyTime: BusyTime,
  written?: CalendarEvent,
): Promise<Verified> {
  const [current] = await context.bookings.get([booking.bookingId]);
  if (current?.state === 'booked' && (booking.state === 'held' || current.interval.start === slot.start))
    return { kind: 'confirmed', booking: current, repeated: true };
  if (booking.state === 'moving') return { kind: 'superseded' };
  if (current === undefined || current.state === 'freed') {
    // The hold was too old and has been freed. The timer looks for the event too.
    const reference = { ...booking, eventId: written?.eventId ?? booking.eventId };
    try {
      if (written)
        await context.calendar.remove(reference, { invited: booking.invitation === 'sent', comment: '' });
    } catch (error) {
      logLeftover(context, booking, error);
    }
  }
  const window = windowAround(context, slot.start);
  return { kind: 'conflict', reason: 'busy', known: { window, busyTime } };
}

/** The time is not free after all. What can still not be carried out is decided, and the timer does it. */
async function takeBack(
  context: BookingContext,
  plan: WritePlan,
  mayBeWritten: boolean,
  reason: Conflict,
  known: KnownBusyTime,
): Promise<Verified> {
  const { booking } = plan;
  const conflict = { kind: 'conflict', reason, known } as const;
  if (!mayBeWritten) {
    await applyToWork(context, booking, asBefore(booking), { ownOnly: true });
    return conflict;
  }
  const undone = booking.state === 'held' ? 'undoing' : 'returning';
  const decided = await applyToWork(context, booking, { to: undone });
  if (decided === null) return lookAgain(context, plan, known.busyTime);
  await finishLater(context, decided);
  return conflict;
}

/** Carries a decision out now if that is possible. It is written down, so the timer does it otherwise. */
async function finishLater(context: BookingContext, decided: Booking): Promise<void> {
  try {
    await finishDecided(context, decided);
  } catch (error) {
    logLeftover(context, decided, error);
  }
}

/** What a booking goes back to if its event surely was not written. */
function asBefore(booking: Booking): Transition {
  return booking.state === 'held' ? { to: 'freed' } : { to: 'booked', interval: booking.interval };
}

/** Frees a hold whose event was certainly not written, and marks one whose event may exist. @returns the fault for the caller */
async function recordFailure(
  context: BookingContext,
  booking: Booking,
  mayBeWritten: boolean,
  error: unknown,
): Promise<unknown> {
  try {
    if (!mayBeWritten) {
      await applyToWork(context, booking, asBefore(booking), { ownOnly: true });
      return error;
    }
    // A repeat of the request that has taken it on finds out by itself.
    await applyToWork(context, booking, { to: booking.state, inDoubt: true }, { ownOnly: true });
  } catch (failure) {
    // The next request of this call takes it for doubtful by its age, the timer too.
    logLeftover(context, booking, failure);
    if (!mayBeWritten) return error;
  }
  return isAppError(error, ...NO_CONSENT)
    ? error
    : new AppError('outcome_unknown', 'It is not known whether the calendar was changed', { cause: error });
}
