import { callerOf, createSpeaker, toAppointmentDto, withPortfolioBookings } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import { answerNotIdentified, answerUnclear } from './answer-bookings.ts';
import type { ToolArguments } from './definitions.ts';
import { BEFORE_CHANGE, resolveAppointment } from './resolve-appointment.ts';

/** Cancels a viewing and removes its event; asks if more than one may be meant. */
export function cancelAppointment(
  called: ToolContext,
  args: ToolArguments<'cancel_appointment'>,
): Promise<ToolResult> {
  return withPortfolioBookings(called, async (bookings, ctx) => {
    const pointed = await resolveAppointment(ctx, bookings, args, BEFORE_CHANGE);
    if (pointed.kind !== 'query') return answerUnclear(ctx, pointed);
    const outcome = await bookings.cancel(callerOf(ctx), pointed.query, args.reason);
    if (outcome.kind !== 'cancelled') return answerNotIdentified(ctx, outcome);
    const { viewing } = outcome;
    const speaker = createSpeaker(ctx, viewing.timeZone);
    const line = {
      property: speaker.property(viewing.propertyAddress, viewing.propertyId !== null),
      when: speaker.when(viewing.start),
    };
    return {
      response: ctx.lines.cancelled(line),
      action: 'cancelled',
      appointment: toAppointmentDto(viewing, ctx.language),
    };
  });
}
