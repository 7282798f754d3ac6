import { callerOf, withPortfolioBookings } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import { answerNotIdentified, listViewings } from './answer-bookings.ts';
import type { ToolArguments } from './definitions.ts';
import { resolveAppointment } from './resolve-appointment.ts';

/** Tells callers their future viewings, or those of them that the words point at. */
export function findAppointments(
  called: ToolContext,
  args: ToolArguments<'find_appointments'>,
): Promise<ToolResult> {
  return withPortfolioBookings(called, async (bookings, ctx) => {
    const pointed = await resolveAppointment(ctx, bookings, args);
    if (pointed.kind !== 'query') return pointed.result;
    const outcome = await bookings.find(callerOf(ctx), pointed.query);
    if (outcome.kind !== 'viewings') return answerNotIdentified(ctx, outcome);
    if (outcome.viewings.length === 0) return answerNotIdentified(ctx, { kind: 'none_found' });
    const viewings = pointed.query.choose?.(outcome.viewings) ?? outcome.viewings;
    if (viewings.length === 0) return answerNotIdentified(ctx, { kind: 'which', viewings: outcome.viewings });
    return listViewings(ctx, viewings, (spoken, more) =>
      ctx.lines.appointments({ viewings: spoken, count: viewings.length, more }),
    );
  });
}
