// Booking a viewing: settle what this call left in doubt, hold the time, write the event and verify it.
import { AppError, codeOf } from '../core/errors.ts';
import { checkRules } from '../scheduling/slots.ts';
import type { Slot } from '../scheduling/schedule.ts';
import { addAttendee } from './add-attendee.ts';
import type { BookOutcome, BookRequest, Caller, Invitation } from './booking.ts';
import type { WrittenEvent, RefusedWrite } from './calendar.ts';
import { callerLists } from './caller-keys.ts';
import type { CallerList } from './caller-keys.ts';
import {
  apply,
  clashWindow,
  conflictAt,
  orUnknown,
  readAlternatives,
  refuseStart,
  shapeOf,
  toViewing,
} from './context.ts';
import type { BookingContext } from './context.ts';
import { contactOf, draftEvent } from './event-draft.ts';
import { holdTime } from './hold-time.ts';
import { callKeyOf, startKey, toolCallKeys } from './idempotency-keys.ts';
import { createAdmit } from './limits.ts';
import { reconcile } from './reconcile.ts';
import { isSameHome } from './same-home.ts';
import { settleDoubts } from './settle-doubts.ts';
import { isFresh, isStanding } from './state.ts';
import type { Booking, HoldOutcome, IdempotencyKey } from './store.ts';
import { writeAndVerify } from './write-and-verify.ts';
import type { WriteResult } from './write-and-verify.ts';

/** One request to book, and what it is known by. */
interface BookingRequest {
  readonly caller: Caller;
  readonly request: BookRequest;
  readonly bookingId: string;
  readonly keys: readonly IdempotencyKey[];
  readonly lists: readonly CallerList[];
}

/**
 * Books a viewing. A repeat of a request that was carried out, or of this very tool call, gives the first outcome again.
 * @param bookingId of the new booking, if this request makes one
 * @throws AppError as `BookingService` says
 */
export async function bookViewing(
  context: BookingContext,
  caller: Caller,
  request: BookRequest,
  bookingId: string,
): Promise<BookOutcome> {
  const { bookings, schedule, now, signal } = context;
  const keyOf = await context.callerKeys.load(signal);
  const toolKeys = toolCallKeys(caller, 'book', now(), request.start);
  const keys = [...toolKeys, startKey(keyOf, caller, request, now())];
  const asked: BookingRequest = {
    caller,
    request,
    bookingId,
    keys,
    lists: callerLists(keyOf, caller, request, schedule.rules.callerLimit),
  };
  const known = await bookings.lookUp(keys, callKeyOf(caller), now());
  const { ofCall } = known;
  const byKey = known.byKey.map((one) => one?.booking ?? null);
  const byToolCall = toolKeys.length > 0 ? (byKey[0] ?? null) : null;
  // A late repeat of this tool call is not carried out again, even if the viewing has changed since.
  if (
    byToolCall?.state === 'cancelled' ||
    byToolCall?.state === 'cancelling' ||
    (byToolCall?.state === 'booked' && byToolCall.interval.start !== request.start)
  )
    return booked(context, byToolCall, true);

  const earlier = byKey.find((booking) => booking !== null && isOfStart(booking, request.start)) ?? null;
  const isRepeat = earlier !== null && isSameHome(earlier, request);
  await settleDoubts(context, ofCall, {
    booking: request,
    resumes: (booking) => isRepeat && booking.bookingId === earlier.bookingId,
  });
  if (isRepeat) {
    const isSameToolCall = byToolCall?.bookingId === earlier.bookingId;
    const resumed = await resume(context, asked, earlier, { isSameToolCall });
    if (resumed !== null) return resumed;
  } else if (earlier !== null) {
    const [first] = await bookings.get([earlier.bookingId]);
    if (first?.state === 'booked' && isOfStart(first, request.start)) return alreadyBooked(context, first);
  }

  const allowed = checkRules(schedule, now(), request.start);
  if (!allowed.ok) return refuseStart(context, request.start, allowed.reason);
  const outcome = await holdTime(context, allowed.slot, () => hold(context, asked, allowed.slot));
  if (outcome.kind === 'held') return place(context, asked, outcome.booking, null);
  if (outcome.kind !== 'repeat') return outcome;
  // The same call asks for another home at the same moment.
  if (!isSameHome(outcome.booking, request)) return alreadyBooked(context, outcome.booking);
  const resumed = await resume(context, asked, outcome.booking);
  if (resumed !== null) return resumed;
  throw new AppError('concurrent_update', 'The same request failed at the same moment');
}

/** This call has booked another home at the same start, or is booking it now. */
async function alreadyBooked(context: BookingContext, first: Booking): Promise<BookOutcome> {
  const { start } = first.interval;
  const alternatives = await readAlternatives(context, start);
  if (first.state !== 'booked') {
    return { kind: 'conflict', reason: 'busy', alternatives, schedule: context.schedule };
  }
  return { kind: 'already_booked', viewing: toViewing(context, first), alternatives };
}

/** Whether a booking answers a request for this start. */
function isOfStart({ state, interval }: Booking, start: number): boolean {
  return interval.start === start && isStanding(state);
}

/** What the event of this request will say, unless Graph refuses the address. */
function invitationFor({ attendeeEmail }: BookRequest): Invitation {
  return attendeeEmail === undefined ? 'none' : 'sent';
}

/** What is certain of the invitation, whichever of two attempts writes the event. */
function invitationOfEither({ invitation }: Booking, { request }: BookingRequest): Invitation {
  return invitation === 'sent' ? invitationFor(request) : invitation;
}

/** Holds the time. A hold whose answer was lost is released, because no event has been written for it. */
async function hold(
  context: BookingContext,
  { caller, request, bookingId, keys, lists }: BookingRequest,
  interval: Slot,
): Promise<HoldOutcome> {
  const { bookings, schedule, now } = context;
  try {
    return await bookings.hold(
      {
        bookingId,
        interval,
        invitation: invitationFor(request),
        callerKeys: lists.map(({ key }) => key),
        propertyId: request.propertyId ?? null,
        propertyAddress: request.propertyAddress,
        attendeeName: request.attendeeName ?? null,
      },
      {
        ...shapeOf(context),
        keys,
        callKey: callKeyOf(caller),
        admit: createAdmit(schedule, { lists, now: now() }),
        now: now(),
      },
    );
  } catch (error) {
    await letGo(context, bookingId);
    throw error;
  }
}

async function letGo(context: BookingContext, bookingId: string): Promise<void> {
  try {
    await context.bookings.release(bookingId, shapeOf(context), context.now());
  } catch (error) {
    context.log.warn('booking_left_to_sweep', { booking: bookingId, state: 'held', code: codeOf(error) });
  }
}

/** Continues what an earlier request began or is still doing. Null if that came to nothing. */
async function resume(
  context: BookingContext,
  asked: BookingRequest,
  earlier: Booking,
  { isSameToolCall = false } = {},
): Promise<BookOutcome | null> {
  const { bookings, now } = context;
  // A while after the first answer the manager may have moved or deleted the viewing.
  const isOld = earlier.state === 'booked' && !isFresh(earlier.heldAt, now());
  let current: Booking | undefined = (isOld ? await reconcile(context, earlier) : earlier) ?? undefined;
  current ??= (await bookings.get([earlier.bookingId]))[0];
  while (current?.state === 'held') {
    const taken = { keys: asked.keys, invitation: invitationOfEither(current, asked) };
    const renewed = await orUnknown(bookings.renew(current, now(), taken));
    if (renewed !== null) return place(context, asked, renewed, current);
    [current] = await bookings.get([earlier.bookingId]);
  }
  if (current === undefined || !isOfStart(current, asked.request.start)) return null;
  // A repeat of this tool call gets the first answer. A later tool call may bring an address that the first one did not have.
  const isNew = !isSameToolCall && current.invitation !== 'sent';
  return booked(context, isNew ? await addAttendee(context, current, asked) : current, true);
}

function booked(context: BookingContext, booking: Booking, repeated: boolean): BookOutcome {
  const { invitation } = booking;
  return { kind: 'booked', viewing: toViewing(context, booking), invitation, repeated };
}

/**
 * From held time to a viewing.
 * @param earlier the booking as an earlier attempt left it, if this one goes on with that; else null
 */
async function place(
  context: BookingContext,
  asked: BookingRequest,
  booking: Booking,
  earlier: Booking | null,
): Promise<BookOutcome> {
  const { caller, request } = asked;
  const { interval } = booking;
  const address = { isRefused: false };
  const create = (attendeeEmail: string | null): Promise<WrittenEvent | RefusedWrite> =>
    context.calendar.create(
      draftEvent({
        bookingId: booking.bookingId,
        interval,
        propertyAddress: booking.propertyAddress,
        attendeeName: booking.attendeeName,
        attendeeEmail,
        contactNumber: contactOf(caller, request),
        accessNote: request.accessNote ?? null,
      }),
      clashWindow(context, interval),
    );
  const write = async (): Promise<WriteResult> => {
    let written = await create(request.attendeeEmail ?? null);
    let invitation = invitationFor(request);
    if (written.kind === 'refused' && written.reason === 'attendee') {
      address.isRefused = true;
      invitation = 'unreadable_email';
      // Written down first: the answer to the next create may be lost.
      await apply(context, booking, { to: 'held', invitation });
      written = await create(null);
    }
    if (written.kind !== 'written') return written;
    // An event that was there already invites whom the earlier attempt invited.
    return { ...written, changes: { invitation: written.wasThere ? earlier?.invitation : invitation } };
  };

  const outcome = await writeAndVerify(context, {
    booking,
    slot: interval,
    resumed: earlier !== null,
    write,
  });
  switch (outcome.kind) {
    case 'confirmed': {
      const isDone = address.isRefused || outcome.booking.invitation === 'sent';
      const viewing = isDone ? outcome.booking : await addAttendee(context, outcome.booking, asked);
      return booked(context, viewing, outcome.repeated);
    }
    case 'conflict':
      return conflictAt(context, interval.start, outcome.reason, outcome.known);
    case 'gone':
    case 'superseded':
      throw new AppError('concurrent_update', 'The booking was changed at the same moment');
  }
}
