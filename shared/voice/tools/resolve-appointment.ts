// Which of the caller's viewings is meant. Words that fit nothing, or are not read whole, are asked about.
import type { Viewing } from '../../booking/booking.ts';
import type { Schedule } from '../../scheduling/schedule.ts';
import type { RememberedViewing } from '../call-memory.ts';
import type { PortfolioBookings, PortfolioQuery } from '../portfolio-bookings.ts';
import { sayDay } from '../speech/dates.ts';
import { invalid } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import { chooseAmong } from '../../properties/match/choose-among.ts';
import { findHome } from '../../properties/match/find-home.ts';
import { isTooLong } from '../../properties/match/tokens.ts';
import type { ListedProperty } from '../../properties/property.ts';
import { writeAddress } from '../speech/say-rental.ts';
import { noonOf } from './named-start.ts';
import { readPointer } from '../understanding/read-pointer.ts';
import { readStart } from '../understanding/read-start.ts';
import { MAX_LENGTH } from '../understanding/words/tokens.ts';

/** Which viewing is meant, as far as the words tell. */
export type AppointmentReference =
  | { readonly kind: 'query'; readonly query: PortfolioQuery }
  /** The time of the viewing is not clear: the result asks. */
  | { readonly kind: 'result'; readonly result: ToolResult };

/** What may point at a viewing: an id or words, the name it is booked under, its start. */
export interface AppointmentArguments {
  readonly appointment?: string;
  readonly attendee_name?: string;
  readonly start_time?: string;
}

/** The viewing that is meant: by an id that was given, its place in the list read aloud, its time or its home. */
export async function resolveAppointment(
  ctx: ToolContext,
  bookings: PortfolioBookings,
  { appointment, attendee_name: attendeeName, start_time: startText }: AppointmentArguments,
): Promise<AppointmentReference> {
  if (startText !== undefined && ctx.call.callerNumber === null) {
    const readings = bookings.schedules().map((schedule) => readViewingStart(ctx, schedule, startText));
    const unclear = readings.filter((reading) => typeof reading !== 'number');
    if (unclear[0] !== undefined && unclear.length === readings.length)
      return { kind: 'result', result: unclear[0] };
    const startBy = (schedule: Schedule): number | null => {
      const reading = readViewingStart(ctx, schedule, startText);
      return typeof reading === 'number' ? reading : null;
    };
    if (appointment === undefined) return { kind: 'query', query: { attendeeName, startBy } };
    return pointAt(ctx, bookings, { attendeeName, startBy }, [appointment]);
  }
  // Whose number is known may say less than a time: their viewings are looked through for it.
  const words = [appointment, startText].filter((text) => text !== undefined);
  return words.length === 0
    ? { kind: 'query', query: { attendeeName } }
    : pointAt(ctx, bookings, { attendeeName }, words);
}

/** The start of a viewing that there is: notice and horizon say nothing about it. Or the result that asks for it. */
function readViewingStart(
  { lines, language, now }: ToolContext,
  schedule: Schedule,
  text: string,
): number | ToolResult {
  const rules = { ...schedule.rules, noticeMinutes: 0, horizonDays: 365 };
  const result = readStart(text, { now, schedule: { ...schedule, rules }, offered: { spoken: [], all: [] } });
  switch (result.kind) {
    case 'start':
      return result.start;
    case 'refused':
      return result.start ?? invalid('which_time', lines.needNameAndTime());
    case 'which':
      return result.day === null
        ? invalid(result.reason, lines.askDay())
        : invalid(
            result.reason,
            lines.askHour({ day: sayDay(noonOf(result.day), schedule.timeZone, language, now) }),
          );
    default:
      return invalid('unreadable_time', lines.unreadableTime());
  }
}

/**
 * Words that point at a viewing. What the call has heard decides ids and places in the list alone. Days and times are judged
 * by where the viewings are when they are looked up: they may have moved since.
 */
async function pointAt(
  ctx: ToolContext,
  bookings: PortfolioBookings,
  query: PortfolioQuery,
  words: readonly string[],
): Promise<AppointmentReference> {
  const { listed = [] } = await ctx.memory.recall();
  const choose = (viewings: readonly Viewing[]): readonly Viewing[] => {
    const meant = findMeant(ctx, bookings, words, withThoseHeard(viewings, listed));
    const ids = meant.map(({ bookingId }) => bookingId);
    return viewings.filter(({ bookingId }) => ids.includes(bookingId));
  };
  return { kind: 'query', query: { ...query, choose } };
}

/** What words may point at. */
interface Candidates {
  readonly viewings: readonly RememberedViewing[];
  /** Those that places in the list count. */
  readonly heard: readonly RememberedViewing[];
}

/**
 * The viewings as they are now. If the call has heard a list, places count its viewings alone, in that order: one that is gone
 * still has its place, and one that was booked since has none. Else they count all, in order of time.
 */
function withThoseHeard(viewings: readonly Viewing[], listed: readonly RememberedViewing[]): Candidates {
  if (listed.length === 0) return { viewings, heard: viewings };
  const heard = listed.map((one) => viewings.find(({ bookingId }) => bookingId === one.bookingId) ?? one);
  const others = viewings.filter(({ bookingId }) => heard.every((one) => one.bookingId !== bookingId));
  return { viewings: [...heard, ...others], heard };
}

/** Those that all of the words fit; none if some of the words are not read. */
function findMeant(
  { now, homes }: ToolContext,
  bookings: PortfolioBookings,
  words: readonly string[],
  candidates: Candidates,
): readonly RememberedViewing[] {
  const { viewings } = candidates;
  let left = viewings;
  for (const text of words) {
    const byId = viewings.filter(({ bookingId }) => bookingId === text);
    if (byId.length > 0) {
      left = left.filter((viewing) => byId.includes(viewing));
      continue;
    }
    if (text.length > MAX_LENGTH) return [];
    const fitting = fittingViewings(now, bookings, text, candidates);
    if (fitting !== null) {
      left = left.filter((viewing) => fitting.includes(viewing));
      continue;
    }
    const home = homeOf(homes, viewings, text);
    if (home === null) return [];
    left = left.filter(({ propertyAddress }) => propertyAddress === writeAddress(home));
  }
  return left;
}

/** The viewings that the words fit, each on its own clock; null if the words are not read. */
function fittingViewings(
  now: number,
  bookings: PortfolioBookings,
  text: string,
  { viewings, heard }: Candidates,
): readonly RememberedViewing[] | null {
  const zones = new Set(viewings.map(({ timeZone }) => timeZone));
  const readings = [...zones].map((zone) => ({
    zone,
    pointed: readPointer(text, viewings, { now, schedule: bookings.scheduleOn(zone ?? '') }, heard),
  }));
  if (readings.every(({ pointed }) => pointed.kind === 'unclear')) return null;
  return readings.flatMap(({ zone, pointed }) =>
    pointed.kind === 'unclear' ? [] : pointed.viewings.filter(({ timeZone }) => timeZone === zone),
  );
}

/** The home of these viewings that the words name: "the one at Crossing Way". */
function homeOf(
  homes: readonly ListedProperty[],
  viewings: readonly RememberedViewing[],
  text: string,
): ListedProperty | null {
  if (isTooLong(text)) return null;
  const addresses = new Set(viewings.map(({ propertyAddress }) => propertyAddress));
  // Whether a home can still be viewed says nothing about a viewing that there is.
  const own = homes
    .filter((home) => addresses.has(writeAddress(home)))
    .map((home): ListedProperty => ({ ...home, status: 'available' }));
  if (own.length === 0) return null;
  const match = findHome(own, text);
  return match.kind === 'found' ? match.property : chooseAmong(own, text);
}
