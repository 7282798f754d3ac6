// What this very tool call was asked to do before, if its answer was lost.
import type { BookingService } from '../../booking/booking.ts';
import type { Change, EarlierRequest } from '../../booking/earlier-request.ts';
import { callerOf, withBookings } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';

/** An earlier request, with the context of the manager and the home that it is about. */
export interface EarlierToolCall {
  readonly request: EarlierRequest;
  readonly ctx: ToolContext;
}

/**
 * Looks in the calendars of all managers of the portfolio, before a word is read. Null if this tool call has changed nothing yet.
 * @param called that of the manager who was called
 * @throws AppError `storage_unavailable`, `deadline_exceeded`
 */
export async function findEarlierToolCall(
  called: ToolContext,
  change: Change,
): Promise<EarlierToolCall | null> {
  const { ports, manager, signal } = called;
  const { properties, members } = await ports.properties.forManager(manager.userId, signal);
  const request = await ports.findEarlierRequest(members, callerOf(called), change, signal);
  if (request === null) return null;
  const home = properties.find(({ propertyId }) => propertyId === request.propertyId) ?? null;
  const own = request.userId === manager.userId ? manager : await ports.managers.find(request.userId, signal);
  return own === null ? null : { request, ctx: { ...called, homes: properties, home, manager: own } };
}

/** Runs the rest of a tool on the calendar of an earlier request. */
export function goOnWith(
  { request, ctx }: EarlierToolCall,
  use: (service: BookingService, query: { readonly bookingId: string }) => Promise<ToolResult>,
): Promise<ToolResult> {
  return withBookings(ctx, (service) => use(service, { bookingId: request.bookingId }));
}
