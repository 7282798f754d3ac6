// Which of the caller's viewings is meant. Words that fit nothing, or are not read whole, are asked about.
import type { FindOptions, Viewing } from '../../booking/booking.ts';
import type { Schedule } from '../../scheduling/schedule.ts';
import type { RememberedViewing } from '../call-memory.ts';
import type { PortfolioBookings, PortfolioQuery } from '../portfolio-bookings.ts';
import { sayDay } from '../speech/dates.ts';
import { callerOf, invalid } from '../tool-context.ts';
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

/** Which viewing is meant is looked up first; the change itself says what becomes of a move in doubt. */
export const BEFORE_CHANGE: FindOptions = { beforeChange: true };

/** Which viewing is meant, as far as the words tell. */
export type AppointmentReference =
  | { readonly kind: 'query'; readonly query: PortfolioQuery }
  /** The time of the viewing is not clear: the result asks. */
  | { readonly kind: 'result'; readonly result: ToolResult }
  /** The words fit none of these, or more than one. */
  | { readonly kind: 'several'; readonly viewings: readonly Viewing[] };

/** What may point at a viewing: an id or words, the name it is booked under, its start. */
export interface AppointmentArguments {
  readonly appointment?: string;
  readonly attendee_name?: string;
  readonly start_time?: string;
}

/**
 * The viewing that is meant: by an id that was given, its place in the list read aloud, its time or its home.
 * @param options how viewings are looked up that this call has not heard of
 */
export async function resolveAppointment(
  ctx: ToolContext,
  bookings: PortfolioBookings,
  { appointment, attendee_name: attendeeName, start_time: startText }: AppointmentArguments,
  options?: FindOptions,
): Promise<AppointmentReference> {
  if (startText !== undefined && ctx.call.callerNumber === null) {
    const readings = bookings.services.map(({ schedule }) => readViewingStart(ctx, schedule, startText));
    const unclear = readings.filter((reading) => typeof reading !== 'number');
    if (unclear[0] !== undefined && unclear.length === readings.length)
      return { kind: 'result', result: unclear[0] };
    const startBy = (schedule: Schedule): number | null => {
      const reading = readViewingStart(ctx, schedule, startText);
      return typeof reading === 'number' ? reading : null;
    };
    if (appointment === undefined) return { kind: 'query', query: { attendeeName, startBy } };
    return pointAt(ctx, bookings, { attendeeName, startBy }, [appointment], options);
  }
  // Whose number is known may say less than a time: their viewings are looked through for it.
  const words = [appointment, startText].filter((text) => text !== undefined);
  return words.length === 0
    ? { kind: 'query', query: { attendeeName } }
    : pointAt(ctx, bookings, { attendeeName }, words, options);
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

async function pointAt(
  ctx: ToolContext,
  bookings: PortfolioBookings,
  query: PortfolioQuery,
  words: readonly string[],
  options: FindOptions | undefined,
): Promise<AppointmentReference> {
  const listed = (await ctx.memory.recall()).listed ?? [];
  const known = findMeant(ctx, bookings, words, listed);
  if (known !== null) return { kind: 'query', query: { ...query, bookingId: known.bookingId } };
  // An id from another call, or words for viewings that this call has not heard of.
  const found = await bookings.find(callerOf(ctx), query, options);
  if (found.kind !== 'viewings' || found.viewings.length === 0) return { kind: 'query', query };
  const meant = findMeant(ctx, bookings, words, found.viewings);
  return meant === null
    ? { kind: 'several', viewings: found.viewings }
    : { kind: 'query', query: { ...query, bookingId: meant.bookingId } };
}

/** The only one that all of the words fit; null if there is none, or more than one. */
function findMeant<V extends RememberedViewing>(
  { now, homes }: ToolContext,
  bookings: PortfolioBookings,
  words: readonly string[],
  viewings: readonly V[],
): V | null {
  let left = viewings;
  for (const text of words) {
    const byId = viewings.filter(({ bookingId }) => bookingId === text);
    if (byId.length > 0) {
      left = left.filter((viewing) => byId.includes(viewing));
      continue;
    }
    if (text.length > MAX_LENGTH) return null;
    const fitting = fittingViewings(now, bookings, text, viewings);
    if (fitting !== null) {
      left = left.filter((viewing) => fitting.includes(viewing));
      continue;
    }
    const home = homeOf(homes, viewings, text);
    if (home === null) return null;
    left = left.filter(({ propertyAddress }) => propertyAddress === writeAddress(home));
  }
  const [only, ...others] = left;
  return only !== undefined && others.length === 0 ? only : null;
}

/** The viewings that the words fit, each on its own clock; null if the words are not read. */
function fittingViewings<V extends RememberedViewing>(
  now: number,
  bookings: PortfolioBookings,
  text: string,
  viewings: readonly V[],
): readonly V[] | null {
  const zones = new Set(viewings.map(({ timeZone }) => timeZone));
  const readings = [...zones].map((zone) => ({
    zone,
    pointed: readPointer(text, viewings, { now, schedule: bookings.scheduleOn(zone ?? '') }),
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
