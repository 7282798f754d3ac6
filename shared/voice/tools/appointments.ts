import type { BookingService, NotBookable, NotIdentified, Viewing } from '../../booking/booking.ts';
import type { Answer } from '../tool-result.ts';
import {
  callerOf,
  createVoice,
  invalid,
  recall,
  remember,
  rememberOffer,
  viewAppointment,
  viewSlots,
  withDesk,
} from '../tool-context.ts';
import type { Conversation } from '../tool-context.ts';
import type { Remembered } from '../ports.ts';
import { sayDateAndTime, sayDay, sayTimes } from '../speech/dates.ts';
import { countWords, MAX_WORDS, toSayable } from '../speech/speakable.ts';
import { readIsoTime, resolveStart } from '../understanding/resolve-start.ts';
import type { Choices, StartResult } from '../understanding/resolve-start.ts';
import { readEmail, readPhone } from './definitions.ts';
import type { ToolArguments } from './definitions.ts';
import { pointAtViewing } from './resolve-appointment.ts';
import type { Pointed } from './resolve-appointment.ts';

export function setAppointment(talk: Conversation, args: ToolArguments<'set_appointment'>): Promise<Answer> {
  return withDesk(talk, async (desk) => {
    const { lines } = talk;
    const isExact =
      args.start_time !== undefined && readIsoTime(args.start_time, desk.schedule.timeZone) !== null;
    const before = isExact && args.property_address !== undefined ? {} : await recall(talk);
    const propertyAddress = args.property_address ?? before.propertyAddress;
    if (propertyAddress === undefined) return invalid('missing_property', lines.askProperty());
    if (args.start_time === undefined) return invalid('missing_time', lines.askTime());

    const start = resolveStart(args.start_time, desk.schedule, talk.now, offeredChoices(before));
    if (start.kind !== 'start') return askForTime(talk, desk, start);
    const outcome = await desk.book(callerOf(talk), {
      start: start.at,
      propertyAddress,
      attendeeName: args.attendee_name,
      attendeeEmail: readEmail(args.attendee_email) ?? undefined,
      attendeePhone: readPhone(args.attendee_phone) ?? undefined,
    });
    if (outcome.kind !== 'booked') return answerNotBookable(talk, desk, outcome);
    const { viewing, invited } = outcome;
    const voice = createVoice(talk, desk.schedule.timeZone);
    const line = {
      property: voice.property(viewing.propertyAddress),
      when: voice.when(viewing.start),
      invited,
    };
    return { response: lines.booked(line), action: 'booked', appointment: view(talk, desk, viewing) };
  });
}

export function findAppointments(
  talk: Conversation,
  args: ToolArguments<'find_appointments'>,
): Promise<Answer> {
  return withDesk(talk, async (desk) => {
    const pointed = await pointAtViewing(talk, desk, args);
    if (pointed.kind !== 'query') return answerUnclear(talk, desk, pointed);
    const outcome = await desk.find(callerOf(talk), pointed.query);
    if (outcome.kind !== 'viewings') return answerNotIdentified(talk, desk, outcome);
    const { viewings } = outcome;
    if (viewings.length === 0) return answerNotIdentified(talk, desk, { kind: 'none_found' });
    return listViewings(talk, desk, viewings, (spoken, more) =>
      talk.lines.appointments({ viewings: spoken, count: viewings.length, more }),
    );
  });
}

export function rescheduleAppointment(
  talk: Conversation,
  args: ToolArguments<'reschedule_appointment'>,
): Promise<Answer> {
  return withDesk(talk, async (desk) => {
    const { lines } = talk;
    if (args.new_start_time === undefined) return invalid('missing_time', lines.askNewTime());
    const isExact = readIsoTime(args.new_start_time, desk.schedule.timeZone) !== null;
    const choices = offeredChoices(isExact ? {} : await recall(talk));
    const start = resolveStart(args.new_start_time, desk.schedule, talk.now, choices);
    if (start.kind !== 'start') return askForTime(talk, desk, start);
    const pointed = await pointAtViewing(talk, desk, args);
    if (pointed.kind !== 'query') return answerUnclear(talk, desk, pointed);

    const outcome = await desk.move(callerOf(talk), pointed.query, start.at);
    switch (outcome.kind) {
      case 'rescheduled': {
        const { viewing, from, invited } = outcome;
        const voice = createVoice(talk, desk.schedule.timeZone);
        const property = voice.property(viewing.propertyAddress);
        const line = { property, from: voice.when(from.start), to: voice.when(viewing.start), invited };
        const appointment = view(talk, desk, viewing);
        return { response: lines.rescheduled(line), action: 'rescheduled', appointment };
      }
      case 'conflict':
      case 'refused':
      case 'caller_limit':
        return answerNotBookable(talk, desk, outcome);
      default:
        return answerNotIdentified(talk, desk, outcome);
    }
  });
}

export function cancelAppointment(
  talk: Conversation,
  args: ToolArguments<'cancel_appointment'>,
): Promise<Answer> {
  return withDesk(talk, async (desk) => {
    const pointed = await pointAtViewing(talk, desk, args);
    if (pointed.kind !== 'query') return answerUnclear(talk, desk, pointed);
    const outcome = await desk.cancel(callerOf(talk), pointed.query, args.reason);
    if (outcome.kind !== 'cancelled') return answerNotIdentified(talk, desk, outcome);
    const { viewing } = outcome;
    const voice = createVoice(talk, desk.schedule.timeZone);
    const line = { property: voice.property(viewing.propertyAddress), when: voice.when(viewing.start) };
    return {
      response: talk.lines.cancelled(line),
      action: 'cancelled',
      appointment: view(talk, desk, viewing),
    };
  });
}

function answerUnclear(
  talk: Conversation,
  desk: BookingService,
  pointed: Exclude<Pointed, { kind: 'query' }>,
): Promise<Answer> {
  return pointed.kind === 'unclear'
    ? askForTime(talk, desk, pointed.start)
    : answerNotIdentified(talk, desk, { kind: 'which', viewings: pointed.viewings });
}

function view({ language }: Conversation, { schedule }: BookingService, viewing: Viewing) {
  return viewAppointment(viewing, schedule.timeZone, language);
}

function offeredChoices({ offered = [] }: Remembered): Choices {
  return {
    spoken: offered.filter(({ spoken }) => spoken).map(({ start }) => start),
    all: offered.map(({ start }) => start),
  };
}

async function askForTime(
  talk: Conversation,
  { schedule }: BookingService,
  start: Exclude<StartResult, { kind: 'start' }>,
): Promise<Answer> {
  const { lines, language, now } = talk;
  const zone = schedule.timeZone;
  switch (start.kind) {
    case 'which': {
      const offered = start.times.map((at) => ({
        start: at,
        text: sayDateAndTime(at, zone, language),
        spoken: true,
      }));
      await remember(talk, { offered });
      return invalid(
        'ambiguous_time',
        lines.askWhichTime({ times: sayTimes(start.times, zone, language, now) }),
      );
    }
    case 'day_only':
      return invalid('missing_time', lines.askHour({ day: sayDay(start.day, zone, language, now) }));
    case 'time_only':
      return invalid('missing_day', lines.askDay());
    case 'no_such_option':
      return invalid('no_such_option', lines.noSuchOption({ count: start.count }));
    case 'nothing_offered':
      return invalid('nothing_offered', lines.nothingOffered());
    case 'unreadable':
      return invalid('unreadable_time', lines.unreadableTime());
  }
}

async function answerNotBookable(
  talk: Conversation,
  { schedule }: BookingService,
  outcome: NotBookable,
): Promise<Answer> {
  const { lines } = talk;
  if (outcome.kind === 'caller_limit') {
    return invalid('caller_limit', lines.callerLimit({ limit: outcome.limit }));
  }
  const { alternatives } = outcome;
  const available_slots = viewSlots(alternatives, alternatives, schedule.timeZone, talk.language);
  if (alternatives.length > 0) await rememberOffer(talk, available_slots);
  const voice = createVoice(talk, schedule.timeZone);
  const times = alternatives.length > 0 ? voice.times(alternatives.map(({ start }) => start)) : null;
  switch (outcome.reason) {
    case 'busy':
      return { response: lines.busy({ times }), action: 'conflict', reason: 'busy', available_slots };
    case 'day_full':
      return { response: lines.dayFull({ times }), action: 'conflict', reason: 'day_full', available_slots };
    default: {
      const days = schedule.rules.horizonDays;
      const response = {
        past: lines.past({ times }),
        notice: lines.tooSoon({ times }),
        horizon: lines.tooFarAhead({ days, times }),
        outside_hours: lines.outsideHours({ times }),
        off_grid: lines.offGrid({ times }),
      }[outcome.reason];
      return { response, action: 'invalid_request', reason: outcome.reason, available_slots };
    }
  }
}

async function answerNotIdentified(
  talk: Conversation,
  desk: BookingService,
  outcome: NotIdentified,
): Promise<Answer> {
  const { lines } = talk;
  switch (outcome.kind) {
    case 'which':
      return listViewings(talk, desk, outcome.viewings, (viewings, more) =>
        lines.whichAppointment({ viewings, more }),
      );
    case 'none_found':
      return { response: lines.noAppointments(), action: 'appointments', appointments: [] };
    case 'need_name_and_time':
      return invalid('name_and_time_needed', lines.needNameAndTime());
  }
}

/** How many viewings are read aloud, and how many words of each property: tried in this order until the line is short enough. */
const LISTED = [5, 4, 3];
const PROPERTY_WORDS = [10, 6, 4, 2];

async function listViewings(
  talk: Conversation,
  { schedule }: BookingService,
  viewings: readonly Viewing[],
  toLine: (spoken: readonly string[], more: boolean) => string,
): Promise<Answer> {
  const { lines, language } = talk;
  const voice = createVoice(talk, schedule.timeZone);
  const candidates = LISTED.flatMap((listed) =>
    PROPERTY_WORDS.map((words) => {
      const spoken = viewings
        .slice(0, listed)
        .map(({ propertyAddress, start }) =>
          lines.viewing({ property: toSayable(propertyAddress, words), when: voice.when(start) }),
        );
      return toLine(spoken, viewings.length > spoken.length);
    }),
  );
  await remember(talk, {
    listed: viewings.map(({ bookingId, start, propertyAddress }) => ({ bookingId, start, propertyAddress })),
  });
  return {
    response: candidates.find((line) => countWords(line) <= MAX_WORDS) ?? '',
    action: 'appointments',
    appointments: viewings.map((viewing) => viewAppointment(viewing, schedule.timeZone, language)),
  };
}
