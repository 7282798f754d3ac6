// An e-mail address that is given after the viewing was booked: its owner is invited to the event that is there.
import { isAppError } from '../core/errors.ts';
import type { BookRequest } from './booking.ts';
import { apply, logLeftover } from './context.ts';
import type { BookingContext } from './context.ts';
import { GUEST } from './event-draft.ts';
import type { Booking, Transition } from './store.ts';

/** How often somebody else may change the event between our reading and our write. */
const MAX_ROUNDS = 3;

/** The booking with its attendee, or as it was if nobody could be invited: the viewing is booked in any case. */
export async function addAttendee(
  context: BookingContext,
  booking: Booking,
  { attendeeEmail, attendeeName }: BookRequest,
): Promise<Booking> {
  if (attendeeEmail === undefined || booking.state !== 'booked') return booking;
  const attendee = { address: attendeeEmail, name: attendeeName ?? booking.attendeeName ?? GUEST };
  const { calendar } = context;
  try {
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const [event = null] = await calendar.locate([booking]);
      if (event === null) return booking;
      const written = await calendar.invite(event, attendee);
      if (written.kind === 'changed') continue;
      if (written.kind === 'gone') return booking;
      if (written.kind === 'refused' && written.reason !== 'attendee') throw written.error;
      const invitation: Transition['invitation'] = written.kind === 'invited' ? 'sent' : 'unreadable_email';
      return (await apply(context, booking, { to: 'booked', invitation })) ?? { ...booking, invitation };
    }
  } catch (error) {
    // What the caller asked for is booked. The attendee can be added by asking again.
    if (!isAppError(error)) throw error;
    logLeftover(context, booking, error);
  }
  return booking;
}
