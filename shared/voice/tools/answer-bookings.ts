// What the tools for appointments answer if nothing is booked, moved or cancelled, and how they list viewings.
import type { NotBookable, NotIdentified, Viewing } from '../../booking/booking.ts';
import type { Schedule } from '../../scheduling/schedule.ts';
import { countWords, MAX_WORDS, toSpeakable } from '../speech/speakable.ts';
import { createSpeaker, invalid, rememberOffer, toAppointmentDto, toSlotDtos } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import { refusal } from './named-start.ts';

/** The same tool call, about the home that a schedule is of. */
export function aboutHomeOf(ctx: ToolContext, { home: scheduled }: Schedule): ToolContext {
  const home = ctx.homes.find(({ propertyId }) => propertyId === scheduled?.propertyId);
  return home === undefined ? ctx : { ...ctx, home };
}

/** Why a start cannot be booked, and up to two free ones nearest to it, which the call remembers. */
export async function answerNotBookable(ctx: ToolContext, outcome: NotBookable): Promise<ToolResult> {
  const { lines } = ctx;
  if (outcome.kind === 'caller_limit') {
    return invalid('caller_limit', lines.callerLimit({ limit: outcome.limit }));
  }
  const { alternatives, schedule } = outcome;
  const available_slots = toSlotDtos(alternatives, alternatives, schedule.timeZone, ctx.language);
  if (alternatives.length > 0) await rememberOffer(ctx, available_slots);
  const speaker = createSpeaker(ctx, schedule.timeZone);
  const times = alternatives.length > 0 ? speaker.times(alternatives.map(({ start }) => start)) : null;
  switch (outcome.reason) {
    case 'busy':
      return { response: lines.busy({ times }), action: 'conflict', reason: 'busy', available_slots };
    case 'day_full':
      return { response: lines.dayFull({ times }), action: 'conflict', reason: 'day_full', available_slots };
    default:
      return refusal(aboutHomeOf(ctx, schedule), schedule.rules.horizonDays, outcome.reason, {
        times,
        slots: available_slots,
      });
  }
}

/** Asks which viewing is meant, or says that none is found. */
export async function answerNotIdentified(ctx: ToolContext, outcome: NotIdentified): Promise<ToolResult> {
  const { lines } = ctx;
  switch (outcome.kind) {
    case 'which':
      return listViewings(ctx, outcome.viewings, (viewings, more) =>
        lines.whichAppointment({ viewings, more }),
      );
    case 'none_found':
      return { response: lines.noAppointments(), action: 'appointments', appointments: [] };
    case 'need_name_and_time':
      return invalid('name_and_time_needed', lines.needNameAndTime());
    case 'too_many_misses':
      return invalid('too_many_misses', lines.tooManyMisses());
  }
}

/** How many viewings are read aloud, and how many words of each property: tried in this order until the line is short enough. */
const LISTED = [5, 4, 3];
const PROPERTY_WORDS = [10, 6, 4, 2];

/**
 * The viewings as `appointments`, read aloud as far as the line has room; the call remembers them in this order.
 * @param toLine puts the line together; `more`: it has no room for all of them
 */
export async function listViewings(
  ctx: ToolContext,
  viewings: readonly Viewing[],
  toLine: (spoken: readonly string[], more: boolean) => string,
): Promise<ToolResult> {
  const { lines, language } = ctx;
  const candidates = LISTED.flatMap((listed) =>
    PROPERTY_WORDS.map((words) => {
      const spoken = viewings.slice(0, listed).map(({ propertyAddress, propertyId, start, timeZone }) => {
        const speaker = createSpeaker(ctx, timeZone);
        const property = propertyId === null ? propertyAddress : speaker.property(propertyAddress, true);
        return lines.viewing({ property: toSpeakable(property, words), when: speaker.when(start) });
      });
      return toLine(spoken, viewings.length > spoken.length);
    }),
  );
  await ctx.memory.remember({
    listed: viewings.map(({ bookingId, start, propertyAddress, timeZone }) => ({
      bookingId,
      start,
      propertyAddress,
      timeZone,
    })),
  });
  return {
    response: candidates.find((line) => countWords(line) <= MAX_WORDS) ?? '',
    action: 'appointments',
    appointments: viewings.map((viewing) => toAppointmentDto(viewing, language)),
  };
}
