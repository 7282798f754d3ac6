// An e-mail address that is given after the viewing was booked: its owner is invited to the event that is there.
import { isAppError } from '../core/errors.ts';
import type { BookRequest, Caller } from './booking.ts';
import { apply, logLeftover } from './context.ts';
import type { BookingContext } from './context.ts';
import { contactOf, draftEvent } from './event-draft.ts';
import type { Booking } from './store.ts';

/** How often somebody else may change the event between our reading and our write. */
const MAX_ROUNDS = 3;

/** The booking with its attendee, or as it was if nobody could be invited: the viewing is booked in any case. */
export async function addAttendee(
  context: BookingContext,
  booking: Booking,
  { caller, request }: { readonly caller: Caller; readonly request: BookRequest },
): Promise<Booking> {
  const { attendeeEmail = null, attendeeName = booking.attendeeName, accessNote } = request;
  const { attendee, bodyHtml } = draftEvent({
    ...booking,
    attendeeName,
    attendeeEmail,
    contactNumber: contactOf(caller, request),
    accessNote: null,
  });
  if (attendee === null || booking.state !== 'booked') return booking;
  // How to get in is for the manager alone: the guest gets a body without it.
  const invitation = { attendee, bodyHtml: accessNote === undefined ? null : bodyHtml };
  const { calendar } = context;
  try {
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const [event = null] = await calendar.locate([booking]);
      if (event === null) return booking;
      const written = await calendar.invite(event, invitation);
      if (written.kind === 'changed') continue;
      if (written.kind === 'gone') return booking;
      if (written.kind === 'refused' && written.reason !== 'attendee') throw written.error;
      const outcome = written.kind === 'invited' ? 'sent' : 'unreadable_email';
      const invited = await apply(context, booking, { to: 'booked', invitation: outcome });
      return invited ?? { ...booking, invitation: outcome };
    }
  } catch (error) {
    // What the caller asked for is booked. The attendee can be added by asking again.
    if (!isAppError(error)) throw error;
    logLeftover(context, booking, error);
  }
  return booking;
}
