import type {
  BookingService,
  Caller,
  HomeSchedules,
  RequireAuthReason,
  Slot,
  Viewing,
} from '../booking/booking.ts';
import { codeOf } from '../core/errors.ts';
import type { ListedProperty } from '../properties/property.ts';
import { scheduleForProperty } from '../properties/schedule.ts';
import { toIsoWithOffset } from '../scheduling/zone.ts';
import type { ToolResult, AppointmentDto, SlotDto } from './tool-result.ts';
import type { Call } from './call.ts';
import type { CallMemory } from './call-memory.ts';
import type { CalledManager, VoicePorts } from './ports.ts';
import { sayDateAndTime, sayTimes, sayWhen } from './speech/dates.ts';
import type { Language } from './speech/dates.ts';
import type { Lines } from './speech/lines.ts';
import { combineBookings } from './portfolio-bookings.ts';
import type { PortfolioBookings } from './portfolio-bookings.ts';
import { sayAddress } from './speech/say-rental.ts';
import { toSpeakable } from './speech/speakable.ts';
import { MINUTE_MS } from '../core/duration.ts';

/** Everything that a tool knows while it runs. */
export interface ToolContext {
  /** Whose calendar it is: the manager who was called, or the one who shows the home (`withManager`). */
  readonly manager: CalledManager;
  readonly call: Call;
  readonly toolCallId: string | null;
  readonly language: Language;
  readonly lines: Lines;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Aborts at the request's deadline. */
  readonly signal: AbortSignal;
  /** The home that the tool is about; null if it is about none, or the manager lists none. */
  readonly home: ListedProperty | null;
  /** The homes of the portfolio, as far as the tool has asked for them. */
  readonly homes: readonly ListedProperty[];
  /** What was said on this call. It stays that of the manager who was called. */
  readonly memory: CallMemory;
  readonly ports: VoicePorts;
}

/** The same tool call, about the calendar of another manager: a home may be shown by a colleague of the one who was called. */
export function withManager(ctx: ToolContext, manager: CalledManager): ToolContext {
  return { ...ctx, manager };
}

/** Who is on the line, as the call tells it. */
export function callerOf({ call, toolCallId }: ToolContext): Caller {
  return {
    number: call.callerNumber,
    callId: call.callId,
    toolCallId,
  };
}

/** Runs a tool on the manager's calendar. If it is not connected, the result is `require_auth`. */
export async function withBookings(
  ctx: ToolContext,
  use: (service: BookingService) => Promise<ToolResult>,
): Promise<ToolResult> {
  const opened = await ctx.ports.bookingServiceFor(ctx.manager.userId, ctx.signal, homeSchedules(ctx));
  return opened.ok ? use(opened.service) : requireAuth(ctx.lines, opened.reason);
}

/**
 * Runs a tool on the calendars of all managers of the portfolio, because a caller's viewing may be with any of them. Those
 * that are not connected are passed over, unless none is.
 */
export async function withPortfolioBookings(
  called: ToolContext,
  use: (bookings: PortfolioBookings, ctx: ToolContext) => Promise<ToolResult>,
): Promise<ToolResult> {
  const { ports, manager, signal } = called;
  const { properties, members } = await ports.properties.forManager(manager.userId, signal);
  const ctx = { ...called, homes: properties };
  const opened = await Promise.all(
    members.map((userId) => ports.bookingServiceFor(userId, signal, homeSchedules(ctx))),
  );
  const [first, ...others] = opened.flatMap((one) => (one.ok ? [one.service] : []));
  if (first !== undefined)
    return use(
      combineBookings([first, ...others], () => homesWithHours(properties)),
      ctx,
    );
  const refused = opened.find((one) => !one.ok);
  return requireAuth(called.lines, refused?.ok === false ? refused.reason : 'not_connected');
}

/** Homes with hours of their own: one for each that differs. */
function homesWithHours(homes: readonly ListedProperty[]): readonly string[] {
  const ids = new Map<string, string>();
  for (const { propertyId, viewing } of homes)
    if (viewing?.hours) ids.set(JSON.stringify(viewing.hours), propertyId);
  return [...ids.values()];
}

/** The home's own rules replace the manager's, for offers, bookings and moves alike. */
function homeSchedules({ home, homes }: ToolContext): HomeSchedules {
  return {
    propertyId: home?.propertyId ?? null,
    scheduleOf(schedule, propertyId) {
      const known = homes.find((one) => one.propertyId === propertyId);
      return known === undefined ? schedule : scheduleForProperty(schedule, known);
    },
  };
}

/** The context of the manager who shows the home last named on the call: messages and links go to them. */
export async function withManagerOfHome(ctx: ToolContext): Promise<ToolContext> {
  let userId: string | undefined;
  try {
    userId = (await ctx.memory.recall()).lastHome?.userId;
  } catch (error) {
    // The message matters more than whose home it is about.
    ctx.ports.log.warn('call_memory_failed', { code: codeOf(error) });
  }
  if (userId === undefined || userId === ctx.manager.userId) return ctx;
  const manager = await ctx.ports.managers.find(userId, ctx.signal);
  return manager === null ? ctx : withManager(ctx, manager);
}

/** The result of a tool whose calendar is not connected. */
export function requireAuth(lines: Lines, reason: RequireAuthReason): ToolResult {
  const response = {
    not_connected: lines.notConnected(),
    reconnect_required: lines.reconnectRequired(),
    disconnected: lines.disconnected(),
  }[reason];
  return { response, action: 'require_auth', reason };
}

/** @param slots free times to offer with it. */
export function invalid(reason: string, response: string, slots: readonly SlotDto[] = []): ToolResult {
  return {
    response,
    action: 'invalid_request',
    reason,
    ...(slots.length > 0 && { available_slots: [...slots] }),
  };
}

/** Says times and places of one manager's calendar. */
export interface Speaker {
  when(at: number): string;
  /** With weekday and date, whatever day it is: the caller's last chance to notice a misunderstanding. */
  date(at: number): string;
  /** A choice of starts. */
  times(starts: readonly number[]): string;
  /** @param isListed whether it is a listing's, as `writeAddress` writes it: then its unit is told apart */
  property(address: string, isListed?: boolean): string;
}

/** @param zone IANA name: the clock on which times are said */
export function createSpeaker({ language, lines, now }: ToolContext, zone: string): Speaker {
  return {
    when: (at) => sayWhen(at, zone, language, now),
    date: (at) => sayDateAndTime(at, zone, language),
    times: (starts) => sayTimes(starts, zone, language, now),
    property: (address, isListed = false) =>
      (isListed ? sayAddress({ address, unit: null }, language) : sayProperty(address)) ||
      lines.theProperty(),
  };
}

/** An address as it is read aloud; empty if nothing of it can be. */
export function sayProperty(address: string): string {
  return toSpeakable(address, 10, 80);
}

/**
 * Slots as the model gets them.
 * @param spoken those of them that the line names
 * @param zone IANA name: the clock of their times
 */
export function toSlotDtos(
  slots: readonly Slot[],
  spoken: readonly Slot[],
  zone: string,
  language: Language,
): SlotDto[] {
  const spokenStarts = new Set(spoken.map(({ start }) => start));
  return slots.map(({ start, end }) => ({
    start_time: toIsoWithOffset(start, zone),
    end_time: toIsoWithOffset(end, zone),
    duration_minutes: Math.round((end - start) / MINUTE_MS),
    formatted_time: sayDateAndTime(start, zone, language),
    spoken: spokenStarts.has(start),
  }));
}

/** A viewing on the clock of the manager who shows it. */
export function toAppointmentDto(viewing: Viewing, language: Language): AppointmentDto {
  return {
    appointment_id: viewing.bookingId,
    event_id: viewing.eventId,
    subject: viewing.subject,
    property_address: viewing.propertyAddress,
    start_time: toIsoWithOffset(viewing.start, viewing.timeZone),
    end_time: toIsoWithOffset(viewing.end, viewing.timeZone),
    formatted_time: sayDateAndTime(viewing.start, viewing.timeZone, language),
    web_link: viewing.webLink,
  };
}

/** Remembers the slots of a result, so that the caller can say `the second one`. */
export async function rememberOffer(
  ctx: ToolContext,
  slots: readonly SlotDto[],
  propertyAddress?: string,
): Promise<void> {
  const offered = slots.map(({ start_time, formatted_time, spoken }) => ({
    start: Date.parse(start_time),
    text: formatted_time,
    spoken,
  }));
  await ctx.memory.remember({ offered, ...(propertyAddress !== undefined && { propertyAddress }) });
}
