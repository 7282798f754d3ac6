import { callerOf, withPortfolioBookings } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import { answerNotIdentified, answerUnclear, listViewings } from './answer-bookings.ts';
import type { ToolArguments } from './definitions.ts';
import { resolveAppointment } from './resolve-appointment.ts';

/** Tells callers their future viewings, or those of them that the words point at. */
export function findAppointments(
  called: ToolContext,
  args: ToolArguments<'find_appointments'>,
): Promise<ToolResult> {
  return withPortfolioBookings(called, async (bookings, ctx) => {
    const pointed = await resolveAppointment(ctx, bookings, args);
    if (pointed.kind !== 'query') return answerUnclear(ctx, pointed);
    const outcome = await bookings.find(callerOf(ctx), pointed.query);
    if (outcome.kind !== 'viewings') return answerNotIdentified(ctx, outcome);
    const { bookingId } = pointed.query;
    const meant = outcome.viewings.filter((viewing) => viewing.bookingId === bookingId);
    // The one that was meant may be gone: then those that are left are told.
    const viewings = meant.length > 0 ? meant : outcome.viewings;
    if (viewings.length === 0) return answerNotIdentified(ctx, { kind: 'none_found' });
    return listViewings(ctx, viewings, (spoken, more) =>
      ctx.lines.appointments({ viewings: spoken, count: viewings.length, more }),
    );
  });
}
