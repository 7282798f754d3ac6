import type { BookOutcome, NamedStart } from '../../booking/booking.ts';
import { askWhich } from '../ask-home.ts';
import { resolveHome } from '../resolve-home.ts';
import { writeAddress } from '../speech/say-rental.ts';
import {
  callerOf,
  createSpeaker,
  invalid,
  rememberOffer,
  toAppointmentDto,
  toSlotDtos,
  withBookings,
} from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import { answerNotBookable } from './answer-bookings.ts';
import { readEmail, readPhone } from './definitions.ts';
import type { ToolArguments } from './definitions.ts';
import { findEarlierToolCall } from './earlier-request.ts';
import { nameStart } from './named-start.ts';
import type { NamedStartResult } from './named-start.ts';

/** Books a viewing. The home is judged before the time: nothing is booked of which nobody knows which home it is. */
export async function setAppointment(
  called: ToolContext,
  args: ToolArguments<'set_appointment'>,
): Promise<ToolResult> {
  const earlier = await findEarlierToolCall(called, 'book');
  const start = earlier?.request.start ?? null;
  const property_address = earlier?.request.propertyAddress ?? args.property_address;
  if (earlier !== null && start !== null && !earlier.request.isUndone)
    return bookViewing(earlier.ctx, { ...args, property_address }, start);
  const resolved = await resolveHome(called, property_address);
  switch (resolved.kind) {
    case 'result':
      return resolved.result;
    case 'unnamed':
      return askWhich(called, resolved.homes, args.property_address);
    case 'unlisted':
      return bookViewing(called, { ...args, property_address: resolved.address }, start);
    case 'home':
      return bookViewing(resolved.ctx, { ...args, property_address: writeAddress(resolved.home) }, start);
  }
}

/** @param known the start that this tool call has asked for before; null: its words name it */
function bookViewing(
  ctx: ToolContext,
  args: ToolArguments<'set_appointment'>,
  known: NamedStart | null,
): Promise<ToolResult> {
  return withBookings(ctx, async (service) => {
    const { lines } = ctx;
    const propertyAddress = args.property_address ?? (await ctx.memory.recall()).propertyAddress;
    if (propertyAddress === undefined || (propertyAddress === '' && known === null))
      return invalid('missing_property', lines.askProperty());
    if (args.start_time === undefined && known === null) return invalid('missing_time', lines.askTime());

    const named: NamedStartResult =
      known === null
        ? await nameStart(ctx, service, args.start_time ?? '', { propertyAddress })
        : { kind: 'start', start: known };
    if (named.kind === 'result') return named.result;
    const outcome = await service.book(callerOf(ctx), {
      start: named.start,
      propertyId: ctx.home?.propertyId,
      propertyAddress,
      accessNote: ctx.home?.viewing?.accessNote ?? undefined,
      attendeeName: args.attendee_name,
      attendeeEmail: readEmail(args.attendee_email) ?? undefined,
      attendeePhone: readPhone(args.attendee_phone) ?? undefined,
    });
    if (outcome.kind === 'already_booked') return answerAlreadyBooked(ctx, outcome);
    if (outcome.kind !== 'booked') return answerNotBookable(ctx, outcome);
    const { viewing } = outcome;
    const invitation =
      outcome.invitation === 'none' && isUnreadableEmail(args.attendee_email)
        ? 'unreadable_email'
        : outcome.invitation;
    const speaker = createSpeaker(ctx, viewing.timeZone);
    const line = {
      property: speaker.property(viewing.propertyAddress, viewing.propertyId !== null),
      when: speaker.date(viewing.start),
      invitation,
    };
    return {
      response: lines.booked(line),
      action: 'booked',
      appointment: toAppointmentDto(viewing, ctx.language),
      invitation,
    };
  });
}

function isUnreadableEmail(given: string | undefined): boolean {
  return given !== undefined && readEmail(given) === null;
}

/** This call has booked another home at the same start. */
async function answerAlreadyBooked(
  ctx: ToolContext,
  { viewing, alternatives }: Extract<BookOutcome, { kind: 'already_booked' }>,
): Promise<ToolResult> {
  const available_slots = toSlotDtos(alternatives, alternatives, viewing.timeZone, ctx.language);
  if (alternatives.length > 0) await rememberOffer(ctx, available_slots);
  const speaker = createSpeaker(ctx, viewing.timeZone);
  const response = ctx.lines.alreadyBooked({
    property: speaker.property(viewing.propertyAddress, viewing.propertyId !== null),
    when: speaker.when(viewing.start),
    times: alternatives.length > 0 ? speaker.times(alternatives.map(({ start }) => start)) : null,
  });
  return { response, action: 'conflict', reason: 'already_booked', available_slots };
}
