// From a caller's words to the one start that they name; or to the question that is left.
import type { BookingService } from '../../booking/booking.ts';
import { sayNotYet } from './not-yet.ts';
import type { NamedStart } from '../../scheduling/schedule.ts';
import { localDate, localTime } from '../../scheduling/zone.ts';
import { sayDay } from '../speech/dates.ts';
import { followedBefore } from '../spoken-day.ts';
import { invalid } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import { readIsoTime } from '../understanding/words/iso-time.ts';
import { readStart } from '../understanding/read-start.ts';
import type { StartResult, Unbookable } from '../understanding/reading.ts';
import { findFreeTimes, toAvailabilityRequest } from './wanted-slots.ts';
import type { FreeTimes } from './wanted-slots.ts';

/** The one start that is meant, or the result that asks for it. */
export type NamedStartResult =
  | { readonly kind: 'start'; readonly start: NamedStart }
  | { readonly kind: 'result'; readonly result: ToolResult };

/** Whether a text is a machine's time on the manager's own clock: it needs no memory of the call to be read. */
export function isPlainIsoTime(text: string, zone: string): boolean {
  const iso = readIsoTime(text, zone);
  return iso?.kind === 'instant' && iso.at === iso.wall;
}

/**
 * The start that the words name. Whatever leaves more than one, or none, becomes a result that asks.
 * @param viewing the start of the viewing that moves
 */
export async function nameStart(
  ctx: ToolContext,
  service: BookingService,
  words: string,
  about: { readonly propertyAddress?: string | undefined; readonly viewing?: number | undefined } = {},
): Promise<NamedStartResult> {
  const before = isPlainIsoTime(words, service.schedule.timeZone) ? {} : await ctx.memory.recall();
  const result = readStart(words, {
    now: ctx.now,
    schedule: service.schedule,
    ...followedBefore(before),
    viewing: about.viewing ?? null,
    propertyAddress: about.propertyAddress ?? null,
  });
  if (result.kind === 'start') return result;
  // The only reading: booking it is refused for the same reason, or finds that it was carried out before.
  if (result.kind === 'refused' && result.start) return { kind: 'start', start: result.start };
  return { kind: 'result', result: await askForStart(ctx, service, result) };
}

async function askForStart(
  ctx: ToolContext,
  service: BookingService,
  result: Exclude<StartResult, { kind: 'start' }>,
): Promise<ToolResult> {
  const { lines } = ctx;
  switch (result.kind) {
    case 'which':
      return askWhich(ctx, service, result);
    case 'refused':
      return refuse(ctx, service, result.reason, result.at);
    case 'no_such_option':
      return invalid('no_such_option', lines.noSuchOption({ count: result.count }));
    case 'nothing_offered':
      return invalid('nothing_offered', lines.nothingOffered());
    case 'unread':
      return invalid('unreadable_time', lines.unreadableTime());
  }
}

async function askWhich(
  ctx: ToolContext,
  service: BookingService,
  { reason, choices, day, wanted }: Extract<StartResult, { kind: 'which' }>,
): Promise<ToolResult> {
  const { lines, language, now } = ctx;
  const { schedule } = service;
  const request = toAvailabilityRequest(wanted, schedule, now);
  const [first] = choices;
  const free = await findFreeTimes(
    ctx,
    service,
    first === undefined ? request : { ...request, within: choices.map((at) => ({ start: at, end: at + 1 })) },
  );
  return invalid(reason, say(), free.slots);

  function say(): string {
    if (free.times !== null && !free.isAsAsked) {
      return lines.offerNearest({ days: null, times: free.times, count: free.count });
    }
    if (free.times !== null) {
      return wanted.hasTime
        ? lines.askWhichTime({ times: free.times })
        : lines.offer({ property: null, times: free.times, count: free.count });
    }
    return day === null || reason === 'which_day'
      ? lines.askDay()
      : lines.askHour({ day: sayDay(noonOf(day), schedule.timeZone, language, now) });
  }
}

/** An instant of a local day, to say the day by: noon in UTC is on it in every zone that has the Americas' clocks. */
export function noonOf(day: string): number {
  return Date.parse(`${day}T18:00:00Z`);
}

async function refuse(
  ctx: ToolContext,
  service: BookingService,
  reason: Unbookable,
  at: number,
): Promise<ToolResult> {
  const { schedule } = service;
  const date = localDate(at, schedule.timeZone);
  const free = await findFreeTimes(ctx, service, {
    dates: { from: date, to: date },
    near: localTime(at, schedule.timeZone),
  });
  return refusal(ctx, schedule.rules.horizonDays, reason, free);
}

/** Why a start cannot be booked, with free times to have instead. */
export function refusal(
  ctx: ToolContext,
  days: number,
  reason: Unbookable | 'off_grid',
  { times, slots }: Pick<FreeTimes, 'times' | 'slots'>,
): ToolResult {
  const { lines } = ctx;
  const response = {
    not_yet: sayNotYet(ctx, times),
    past: lines.past({ times }),
    notice: lines.tooSoon({ times }),
    horizon: lines.tooFarAhead({ days, times }),
    outside_hours: lines.outsideHours({ times }),
    off_grid: lines.offGrid({ times }),
  }[reason];
  return { response, action: 'invalid_request', reason, available_slots: [...slots] };
}
