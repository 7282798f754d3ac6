/**
 * Booking a viewing: claim the time, look at Outlook once more, write the event and read its surroundings back, confirm.
 *
 * Each step may be repeated, and a crash after any of them leaves a claim that the next attempt or the sweeping timer finishes or
 * frees. The claim keeps other callers out; the two looks at Outlook keep us off the manager's own time.
 */
import { AppError, isAppError } from '../core/errors.ts';
import { checkRules } from '../scheduling/slots.ts';
import type { BookOutcome, BookRequest, Caller } from './booking.ts';
import { claimTime } from './hold-time.ts';
import {
  clashAt,
  clashWindow,
  conflictAt,
  limitsOf,
  readBusyTime,
  refuseStart,
  toViewing,
  windowAround,
} from './context.ts';
import type { BookingContext } from './context.ts';
import { draftEvent } from './event-draft.ts';
import { isFresh, busyTimeFrom } from './busy-time.ts';
import { reconcile } from './reconcile.ts';
import { bookingKeys, callerKeyOf, toolCallKeys } from './idempotency-keys.ts';
import type { Booking, Transition } from './store.ts';

const MINUTE = 60_000;

function contactOf(caller: Caller, request: BookRequest): string | null {
  return caller.number ?? request.attendeePhone ?? null;
}

export async function bookViewing(
  context: BookingContext,
  caller: Caller,
  request: BookRequest,
  bookingId: string,
): Promise<BookOutcome> {
  const { store, schedule, userId, now } = context;
  const requests = bookingKeys(caller, request, now());
  const [asked, known] = await Promise.all([
    store.findByRequest(userId, toolCallKeys(caller, 'book', now()), now()),
    store.findByRequest(userId, requests, now()),
  ]);
  // The very same tool call, late: it is not carried out anew, whatever has become of the viewing.
  if (asked?.state === 'cancelled' || (asked?.state === 'booked' && asked.interval.start !== request.start))
    return booked(asked, true);
  // A while after the first answer the manager may have moved or deleted the viewing.
  const isOld = known?.state === 'booked' && !isFresh(known.changedAt, now());
  const earlier = isOld ? await reconcile(context, known) : known;
  if (earlier !== null && isStanding(earlier, request.start)) {
    const resumed = await resume(context, caller, request, earlier);
    if (resumed !== null) return resumed;
  }

  const allowed = checkRules(schedule, now(), request.start);
  if (!allowed.ok) return refuseStart(context, request.start, allowed.reason);

  const contact = contactOf(caller, request);
  const outcome = await claimTime(context, request.start, () =>
    store.claim(userId, {
      booking: {
        bookingId,
        interval: {
          start: request.start,
          end: request.start + schedule.rules.durationMinutes * MINUTE,
        },
        invited: request.attendeeEmail !== undefined,
        callerKey: contact === null ? null : callerKeyOf(contact),
        propertyAddress: request.propertyAddress,
        attendeeName: request.attendeeName ?? null,
      },
      requests,
      limits: limitsOf(schedule),
      now: now(),
    }),
  );
  if (outcome.kind === 'claimed') return place(context, caller, request, outcome.booking, false);
  if (outcome.kind === 'repeat') {
    const resumed = await resume(context, caller, request, outcome.booking);
    if (resumed !== null) return resumed;
    throw new AppError('already_taken', 'The same request failed at the same moment');
  }
  if (outcome.kind === 'changed') throw new TypeError('A new claim cannot have changed');
  return outcome;
}

/** Whether a booking still answers a request for this start. */
export function isStanding({ state, interval }: Booking, start: number): boolean {
  return interval.start === start && (state === 'held' || state === 'booked' || state === 'moving');
}

/** Carries on with what an earlier request began, or is still at. Null where it has come to nothing meanwhile. */
async function resume(
  context: BookingContext,
  caller: Caller,
  request: BookRequest,
  booking: Booking,
): Promise<BookOutcome | null> {
  const { store, userId, now } = context;
  let current: Booking | undefined = booking;
  while (current?.state === 'held') {
    const renewed = await store.renew(userId, current, now());
    if (renewed !== null) return place(context, caller, request, renewed, true);
    [current] = await store.get(userId, [booking.bookingId]);
  }
  return current !== undefined && isStanding(current, request.start) ? booked(current, true) : null;
}

function booked(booking: Booking, repeated: boolean): BookOutcome {
  return {
    kind: 'booked',
    viewing: toViewing(booking),
    invited: booking.invited,
    repeated,
  };
}

/** From a claim to a viewing. */
async function place(
  context: BookingContext,
  caller: Caller,
  request: BookRequest,
  booking: Booking,
  resumed: boolean,
): Promise<BookOutcome> {
  const { calendar, store, schedule, userId, now } = context;
  const { bookingId, interval, invited } = booking;
  const window = windowAround(context, interval.start);
  const settle = (to: Transition): Promise<Booking | null> =>
    store.settle(userId, booking, to, limitsOf(schedule), now());
  const undo = async (eventId: string | undefined): Promise<void> => {
    if (eventId !== undefined) await calendar.remove(eventId, { invited, comment: '' });
    await settle({ state: 'freed', interval: null });
  };

  let mayBeWritten = resumed;
  try {
    const before = await readBusyTime(context, window, { bookingId, eventId: null });
    const taken = clashAt(context, before, interval.start);
    if (taken !== null) {
      // The attempt before this one may be done by now, or may have written the event and lost the answer.
      const [meanwhile] = resumed ? await store.get(userId, [bookingId]) : [];
      if (meanwhile?.state === 'booked') return booked(meanwhile, true);
      const written = resumed ? await calendar.findByBooking(bookingId) : null;
      await undo(written?.eventId);
      return await conflictAt(context, interval.start, taken, { window, occupied: before });
    }

    mayBeWritten = true;
    const draft = draftEvent({
      bookingId,
      interval,
      propertyAddress: booking.propertyAddress,
      attendeeName: booking.attendeeName,
      attendeeEmail: request.attendeeEmail ?? null,
      contactNumber: contactOf(caller, request),
    });
    const { event, around } = await calendar.create(draft, clashWindow(context, interval));

    const after = busyTimeFrom(around, [], now(), { bookingId, eventId: event.eventId });
    const occupied = { busy: [...before.busy, ...after.busy], viewings: before.viewings };
    if (clashAt(context, after, interval.start) !== null) {
      await undo(event.eventId);
      return await conflictAt(context, interval.start, 'busy', { window, occupied });
    }
    const { eventId, webLink } = event;
    // One that was adopted may have been moved by the manager since it was written.
    const standing: Transition = { state: 'booked', interval: event.interval, eventId, webLink };
    const confirmed = await settle(standing);
    if (confirmed !== null) return booked(confirmed, resumed);
    // A repeat of this request took it on or finished it, or the timer did.
    let [meanwhile] = await store.get(userId, [bookingId]);
    while (meanwhile?.state === 'held') {
      const settled = await store.settle(userId, meanwhile, standing, limitsOf(schedule), now());
      if (settled !== null) return booked(settled, resumed);
      [meanwhile] = await store.get(userId, [bookingId]);
    }
    if (meanwhile?.state === 'booked') return booked(meanwhile, true);
    await undo(eventId);
    return await conflictAt(context, interval.start, 'busy', { window, occupied });
  } catch (error) {
    // What is surely not written need not hold the time for two minutes. A failure of that must not hide this one. A refusal
    // alone says little: it may be of a repeat, of the reading back or of the removal.
    try {
      const surelyNot =
        !mayBeWritten ||
        (isAppError(error, 'microsoft_rejected') && (await calendar.findByBooking(bookingId)) === null);
      if (surelyNot) await settle({ state: 'freed', interval: null });
    } catch {
      // Left to the next attempt or the sweeping timer.
    }
    throw error;
  }
}
