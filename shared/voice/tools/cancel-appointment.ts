import type { CancelOutcome } from '../../booking/booking.ts';
import { callerOf, createSpeaker, toAppointmentDto, withPortfolioBookings } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import { answerNotIdentified } from './answer-bookings.ts';
import type { ToolArguments } from './definitions.ts';
import { findEarlierToolCall, goOnWith } from './earlier-request.ts';
import { resolveAppointment } from './resolve-appointment.ts';

/** Cancels a viewing and removes its event; asks if more than one may be meant. */
export async function cancelAppointment(
  called: ToolContext,
  args: ToolArguments<'cancel_appointment'>,
): Promise<ToolResult> {
  const earlier = await findEarlierToolCall(called, 'cancel');
  if (earlier !== null) {
    const { ctx } = earlier;
    return goOnWith(earlier, async (service, query) =>
      answerCancellation(ctx, await service.cancel(callerOf(ctx), query, args.reason)),
    );
  }
  return withPortfolioBookings(called, async (bookings, ctx) => {
    const pointed = await resolveAppointment(ctx, bookings, args);
    return pointed.kind === 'query'
      ? answerCancellation(ctx, await bookings.cancel(callerOf(ctx), pointed.query, args.reason))
      : pointed.result;
  });
}

async function answerCancellation(ctx: ToolContext, outcome: CancelOutcome): Promise<ToolResult> {
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
}
