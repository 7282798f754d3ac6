import type { BookOutcome, FindOptions, NotBookable, NotIdentified, Viewing } from '../../booking/booking.ts';
import type { PortfolioBookings, PortfolioQuery } from '../portfolio-bookings.ts';
import type { Schedule } from '../../scheduling/schedule.ts';
import type { ToolResult } from '../tool-result.ts';
import {
  callerOf,
  createSpeaker,
  invalid,
  rememberOffer,
  toAppointmentDto,
  toSlotDtos,
  withBookings,
  withPortfolioBookings,
} from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import { countWords, MAX_WORDS, toSpeakable } from '../speech/speakable.ts';
import { askWhich, resolveHome } from '../resolve-home.ts';
import { writeAddress } from '../speech/say-rental.ts';
import { readEmail, readPhone } from './definitions.ts';
import type { ToolArguments } from './definitions.ts';
import { isPlainIsoTime, nameStart, refusal } from './named-start.ts';
import { resolveAppointment } from './resolve-appointment.ts';
import type { AppointmentReference } from './resolve-appointment.ts';

/** Which viewing is meant is looked up first; the change itself says what becomes of a move in doubt. */
const BEFORE_CHANGE: FindOptions = { beforeChange: true };

/** The home is judged before the time: nothing is booked of which nobody knows which home it is. */
export async function setAppointment(
  called: ToolContext,
  args: ToolArguments<'set_appointment'>,
): Promise<ToolResult> {
  const resolved = await resolveHome(called, args.property_address);
  switch (resolved.kind) {
    case 'result':
      return resolved.result;
    case 'unnamed':
      return askWhich(called, resolved.homes);
    case 'unlisted':
      return bookViewing(called, args);
    case 'home':
      return bookViewing(resolved.ctx, { ...args, property_address: writeAddress(resolved.home) });
  }
}

function bookViewing(ctx: ToolContext, args: ToolArguments<'set_appointment'>): Promise<ToolResult> {
  return withBookings(ctx, async (service) => {
    const { lines } = ctx;
    const propertyAddress = args.property_address ?? (await ctx.memory.recall()).propertyAddress;
    if (propertyAddress === undefined) return invalid('missing_property', lines.askProperty());
    if (args.start_time === undefined) return invalid('missing_time', lines.askTime());

    const named = await nameStart(ctx, service, args.start_time, { propertyAddress });
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

export function findAppointments(
  called: ToolContext,
  args: ToolArguments<'find_appointments'>,
): Promise<ToolResult> {
  return withPortfolioBookings(called, async (bookings, ctx) => {
    const pointed = await resolveAppointment(ctx, bookings, args);
    if (pointed.kind !== 'query') return answerUnclear(ctx, pointed);
    const outcome = await bookings.find(callerOf(ctx), pointed.query);
    if (outcome.kind !== 'viewings') return answerNotIdentified(ctx, outcome);
    const { viewings } = outcome;
    if (viewings.length === 0) return answerNotIdentified(ctx, { kind: 'none_found' });
    return listViewings(ctx, viewings, (spoken, more) =>
      ctx.lines.appointments({ viewings: spoken, count: viewings.length, more }),
    );
  });
}

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

function isUnreadableEmail(given: string | undefined): boolean {
  return given !== undefined && readEmail(given) === null;
}

function answerUnclear(
  ctx: ToolContext,
  pointed: Exclude<AppointmentReference, { kind: 'query' }>,
): Promise<ToolResult> | ToolResult {
  return pointed.kind === 'result'
    ? pointed.result
    : answerNotIdentified(ctx, { kind: 'which', viewings: pointed.viewings });
}

/** The same tool call, about the home that a schedule is of. */
function aboutHomeOf(ctx: ToolContext, { home: scheduled }: Schedule): ToolContext {
  const home = ctx.homes.find(({ propertyId }) => propertyId === scheduled?.propertyId);
  return home === undefined ? ctx : { ...ctx, home };
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

async function answerNotBookable(ctx: ToolContext, outcome: NotBookable): Promise<ToolResult> {
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

async function answerNotIdentified(ctx: ToolContext, outcome: NotIdentified): Promise<ToolResult> {
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

async function listViewings(
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
