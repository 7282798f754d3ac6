import type { MoveOutcome, Viewing } from '../../booking/booking.ts';
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
import { aboutHomeOf, answerNotBookable, answerNotIdentified } from './answer-bookings.ts';
import type { ToolArguments } from './definitions.ts';
import { findEarlierToolCall, goOnWith } from './earlier-request.ts';
import { isPlainIsoTime, nameStart } from './named-start.ts';
import { resolveAppointment } from './resolve-appointment.ts';

/** Moves a viewing. Its new time is read only once it is known which viewing moves. */
export async function rescheduleAppointment(
  called: ToolContext,
  args: ToolArguments<'reschedule_appointment'>,
): Promise<ToolResult> {
  const earlier = await findEarlierToolCall(called, 'move');
  const start = earlier?.request.start ?? null;
  if (earlier !== null && start !== null) {
    const { ctx } = earlier;
    return goOnWith(earlier, async (service, query) =>
      answerMove(ctx, await service.move(callerOf(ctx), query, start)),
    );
  }
  return withPortfolioBookings(called, async (bookings, ctx) => {
    const { lines } = ctx;
    if (args.new_start_time === undefined) return invalid('missing_time', lines.askNewTime());
    const pointed = await resolveAppointment(ctx, bookings, args);
    if (pointed.kind !== 'query') return pointed.result;
    const meant = await findMeantViewing(ctx, bookings, pointed.query, args.new_start_time);
    // Words such as "same time on Friday" cannot be read before it is known which viewing moves.
    if (meant.kind === 'which') return answerNotIdentified(ctx, meant);
    const { viewing } = meant;
    // By the rules that the move is checked by, and on the clock of the manager who shows the home.
    const service = viewing === undefined ? bookings.services[0] : bookings.serviceOf(viewing);
    const named = await nameStart(aboutHomeOf(ctx, service.schedule), service, args.new_start_time, {
      viewing: viewing?.start,
      propertyAddress: viewing?.propertyAddress,
    });
    if (named.kind === 'result') return named.result;
    const query =
      viewing === undefined
        ? pointed.query
        : { ...pointed.query, choose: undefined, bookingId: viewing.bookingId };
    return answerMove(ctx, await bookings.move(callerOf(ctx), query, named.start));
  });
}

async function answerMove(ctx: ToolContext, outcome: MoveOutcome): Promise<ToolResult> {
  const { lines } = ctx;
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
}

/**
 * The viewing that moves, if it is known: "an hour later" counts from it, and the time is on its manager's clock. Not looked
 * up for a machine's time that is the same on all clocks of the portfolio.
 */
async function findMeantViewing(
  ctx: ToolContext,
  bookings: PortfolioBookings,
  query: PortfolioQuery,
  words: string,
): Promise<{ kind: 'one'; viewing: Viewing | undefined } | { kind: 'which'; viewings: readonly Viewing[] }> {
  const [{ schedule }, ...others] = bookings.services;
  const isOneClock = others.every((other) => other.schedule.timeZone === schedule.timeZone);
  if (isOneClock && isPlainIsoTime(words, schedule.timeZone)) return { kind: 'one', viewing: undefined };
  const found = await bookings.find(callerOf(ctx), query, { before: 'move' });
  const viewings = found.kind === 'viewings' ? found.viewings : [];
  const meant = query.choose?.(viewings) ?? viewings;
  const isUnclear = meant.length > 1 || (meant.length === 0 && query.choose !== undefined);
  return isUnclear && viewings.length > 0
    ? { kind: 'which', viewings: meant.length > 0 ? meant : viewings }
    : { kind: 'one', viewing: meant[0] };
}
