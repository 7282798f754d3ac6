import type { Viewing } from '../../booking/booking.ts';
import type { PortfolioBookings, PortfolioQuery } from '../portfolio-bookings.ts';
import {
  callerOf,
  createSpeaker,
  invalid,
  toAppointmentDto,
  withPortfolioBookings,
} from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import { aboutHomeOf, answerNotBookable, answerNotIdentified, answerUnclear } from './answer-bookings.ts';
import type { ToolArguments } from './definitions.ts';
import { isPlainIsoTime, nameStart } from './named-start.ts';
import { BEFORE_CHANGE, resolveAppointment } from './resolve-appointment.ts';

/** Moves a viewing. Its new time is read only once it is known which viewing moves. */
export function rescheduleAppointment(
  called: ToolContext,
  args: ToolArguments<'reschedule_appointment'>,
): Promise<ToolResult> {
  return withPortfolioBookings(called, async (bookings, ctx) => {
    const { lines } = ctx;
    if (args.new_start_time === undefined) return invalid('missing_time', lines.askNewTime());
    const pointed = await resolveAppointment(ctx, bookings, args, BEFORE_CHANGE);
    if (pointed.kind !== 'query') return answerUnclear(ctx, pointed);
    const meant = await findMeantViewings(ctx, bookings, pointed.query, args.new_start_time);
    // Words such as "same time on Friday" cannot be read before it is known which viewing moves.
    if (meant.length > 1) return answerNotIdentified(ctx, { kind: 'which', viewings: meant });
    const [viewing] = meant;
    // By the rules that the move is checked by, and on the clock of the manager who shows the home.
    const service = viewing === undefined ? bookings.services[0] : bookings.serviceOf(viewing);
    const named = await nameStart(aboutHomeOf(ctx, service.schedule), service, args.new_start_time, {
      viewing: viewing?.start,
      propertyAddress: viewing?.propertyAddress,
    });
    if (named.kind === 'result') return named.result;

    const outcome = await bookings.move(callerOf(ctx), pointed.query, named.start);
    switch (outcome.kind) {
      case 'rescheduled': {
        const { viewing: moved, from } = outcome;
        const invited = outcome.invitation === 'sent';
        const speaker = createSpeaker(ctx, moved.timeZone);
        const property = speaker.property(moved.propertyAddress, moved.propertyId !== null);
        const line = { property, from: speaker.date(from.start), to: speaker.date(moved.start), invited };
        const appointment = toAppointmentDto(moved, ctx.language);
        return { response: lines.rescheduled(line), action: 'rescheduled', appointment };
      }
      case 'conflict':
      case 'refused':
      case 'caller_limit':
        return answerNotBookable(ctx, outcome);
      default:
        return answerNotIdentified(ctx, outcome);
    }
  });
}

/**
 * The viewings that may be the one that moves: "an hour later" counts from it, and the time is on its manager's clock. Not
 * looked up for a machine's time that is the same on all clocks of the portfolio.
 */
async function findMeantViewings(
  ctx: ToolContext,
  bookings: PortfolioBookings,
  query: PortfolioQuery,
  words: string,
): Promise<readonly Viewing[]> {
  const [{ schedule }, ...others] = bookings.services;
  const isOneClock = others.every((other) => other.schedule.timeZone === schedule.timeZone);
  if (isOneClock && isPlainIsoTime(words, schedule.timeZone)) return [];
  const found = await bookings.find(callerOf(ctx), query, BEFORE_CHANGE);
  const viewings = found.kind === 'viewings' ? found.viewings : [];
  return viewings.filter(
    (viewing) =>
      (query.bookingId === undefined || query.bookingId === viewing.bookingId) &&
      (query.startBy === undefined || query.startBy(bookings.scheduleOn(viewing.timeZone)) === viewing.start),
  );
}
