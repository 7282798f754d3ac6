/**
 * Holding time. A hold in the way mostly means that the time is taken. But it may be left from a crash, the manager may have
 * moved or shortened its viewing, or the current rules may leave more room than those it was made by. Then it makes room.
 */
import type { Interval, Slot } from '../scheduling/schedule.ts';
import type { NotBookable } from './booking.ts';
import { blockedTimes, busyTimeFrom, eventsOf, isSame, overlaps } from './busy-time.ts';
import type { OwnBooking } from './busy-time.ts';
import type { CalendarEvent } from './calendar.ts';
import { apply, clashWindow, conflictAt, readWindow, windowAround } from './context.ts';
import type { BookingContext } from './context.ts';
import { followEvent, reconcile } from './reconcile.ts';
import { isActive, isDecided, isFinal, isFresh } from './state.ts';
import type { Booking, NotHeld } from './store.ts';

/** Each round but the last has made room, or met somebody else's change. */
const MAX_ROUNDS = 4;

/**
 * Holds time. If there is no longer a reason for a hold in the way, that hold is removed first.
 * @param attempt one try; its refusal names the bookings in the way.
 * @param ignoring the booking that moves
 */
export async function holdTime<T extends { readonly kind: string }>(
  context: BookingContext,
  slot: Slot,
  attempt: () => Promise<T | NotHeld>,
  ignoring?: OwnBooking,
): Promise<Exclude<T, NotHeld> | NotBookable> {
  for (let round = 1; ; round += 1) {
    const outcome = await attempt();
    if (!isNotHeld(outcome)) return outcome as Exclude<T, NotHeld>;
    const inTheWay = await context.bookings.get(outcome.bookingIds);
    const mayRetry = round < MAX_ROUNDS;
    if (outcome.kind === 'caller_limit') {
      // A limit counts viewings, however their holds are cut.
      if (mayRetry && (await makeRoom(context, inTheWay, [], { recut: false }))) continue;
      return { kind: 'caller_limit', limit: outcome.limit };
    }
    const window = windowAround(context, slot.start);
    const { events, entries } = await readWindow(context, context.calendar, clashWindow(context, window));
    const stale = inTheWay.filter((booking) => {
      const times = timesOf(context, booking, events);
      if (outcome.kind === 'day_full') return times.length === 0 || !isWhereItWas(booking, times);
      return !times.some((time) => overlaps(time, clashWindow(context, slot)));
    });
    const recut = outcome.kind === 'taken';
    if (mayRetry && stale.length > 0 && (await makeRoom(context, stale, events, { recut }))) continue;
    const busyTime = busyTimeFrom(events, entries, context.now(), ignoring);
    const reason = outcome.kind === 'taken' ? 'busy' : 'day_full';
    return conflictAt(context, slot.start, reason, { window, busyTime });
  }
}

function isNotHeld(outcome: { readonly kind: string }): outcome is NotHeld {
  return outcome.kind === 'taken' || outcome.kind === 'day_full' || outcome.kind === 'caller_limit';
}

/** The times that a booking needs now, as a listing sees it. None if what was left of it only has to be brought to rest. */
function timesOf(
  { now }: BookingContext,
  booking: Booking,
  events: readonly CalendarEvent[],
): readonly Interval[] {
  const { state, interval, movingTo, heldAt } = booking;
  if (!isActive(state) || isAbandoned(booking, now())) return [];
  const times = movingTo === null ? [interval] : [interval, movingTo];
  const shown = findShown(booking, events);
  return blockedTimes({ times, heldAt }, shown ? [shown.interval] : [], now());
}

function findShown(booking: Booking, events: readonly CalendarEvent[]): CalendarEvent | undefined {
  const [event] = eventsOf(
    booking,
    events.filter(({ cancelled }) => !cancelled),
  );
  return event;
}

/** No request can be working on it any more. Until then a hold stays, in doubt or not. */
function isAbandoned({ state, changedAt }: Booking, now: number): boolean {
  return !isFinal(state) && !isFresh(changedAt, now);
}

function isWhereItWas({ interval }: Booking, times: readonly Interval[]): boolean {
  return times.some(({ start }) => start === interval.start);
}

/**
 * Brings bookings to what Outlook and the rules say.
 * @param options.recut cuts the holds of each anew, even if it is still where it was
 * @returns true if any of them made room, or may have
 */
async function makeRoom(
  context: BookingContext,
  bookings: readonly Booking[],
  events: readonly CalendarEvent[],
  { recut }: { readonly recut: boolean },
): Promise<boolean> {
  const elsewhere = bookings.filter((one) => one.state === 'booked' && findShown(one, events) === undefined);
  const located = await context.calendar.locate(elsewhere);
  let isRoom = false;
  // One after the other: they share the rows of their day and their caller, and would make each other try again.
  for (const booking of bookings) {
    const after = await follow(booking);
    isRoom ||= after === null || after.version !== booking.version;
  }
  return isRoom;

  async function follow(booking: Booking): Promise<Booking | null> {
    if (booking.state === 'booked') {
      const event = findShown(booking, events) ?? located[elsewhere.indexOf(booking)] ?? null;
      return followEvent(context, booking, event, { recut });
    }
    if (!isActive(booking.state) || isDecided(booking.state) || isAbandoned(booking, context.now()))
      return reconcile(context, booking);
    // In doubt, and the manager has moved its event: it cannot be written where it was to be any more.
    const shown = findShown(booking, events);
    if (booking.state === 'held' && shown !== undefined && !isSame(shown.interval, booking.interval))
      return reconcile(context, booking);
    if (!recut) return booking;
    // A request may be working on it, so only its holds are adjusted to the current rules.
    return apply(context, booking, { to: booking.state, recut: true, inDoubt: booking.inDoubt });
  }
}
