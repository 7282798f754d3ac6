import type { AvailabilityRequest, BookingService, Slot } from '../../booking/booking.ts';
import type { DateRange, Schedule } from '../../scheduling/schedule.ts';
import { horizonDates } from '../../scheduling/slots.ts';
import type { ToolContext } from '../tool-context.ts';
import { createSpeaker, rememberOffer, toSlotDtos } from '../tool-context.ts';
import type { SlotDto } from '../tool-result.ts';
import type { WantedTimes } from '../understanding/reading.ts';

/** The request for free times that a caller's words make. @param daysAhead how far to look if they name no day. */
export function toAvailabilityRequest(
  wanted: WantedTimes,
  schedule: Schedule,
  now: number,
  daysAhead = schedule.rules.daysAhead,
): AvailabilityRequest {
  const { horizonDays } = schedule.rules;
  const horizon = horizonDates(schedule, now);
  const ahead = { daysAhead: Math.min(daysAhead, horizonDays) };
  const near = wanted.near === null ? undefined : toClock(wanted.near);
  const rest = { near, order: wanted.order ?? undefined };
  if (wanted.isAny) return { ...ahead, ...rest };
  const dates = wanted.dates === null ? undefined : clip(wanted.dates, horizon);
  const within = wanted.intervals(dates ?? horizon);
  // Words for a time that is past, or far ahead: the nearest to those days.
  if (within.length === 0) return { ...(wanted.dates === null ? ahead : { dates: wanted.dates }), ...rest };
  return { ...(dates === undefined ? ahead : { dates }), within, ...rest };
}

function clip({ from, to }: DateRange, horizon: DateRange): DateRange {
  if (to < horizon.from || from > horizon.to) return { from, to };
  return { from: from < horizon.from ? horizon.from : from, to: to > horizon.to ? horizon.to : to };
}

function toClock(minutes: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Free times for a line that asks or refuses. */
export interface FreeTimes {
  readonly slots: readonly SlotDto[];
  /** As they are read aloud; null if there are none. */
  readonly times: string | null;
  readonly count: number;
  /** Whether they are as requested; else the nearest. */
  readonly isAsAsked: boolean;
}

/** Free times of days between which the words do not decide. */
export interface FreeTimesOfDays extends FreeTimes {
  /** Whether more than one of the days has any. */
  readonly isChoiceOfDays: boolean;
}

const NONE: FreeTimes = { slots: [], times: null, count: 0, isAsAsked: false };

/** Up to three free times that fit the request, or are nearest to it; the call remembers them. */
export async function findFreeTimes(
  ctx: ToolContext,
  service: BookingService,
  request: AvailabilityRequest,
): Promise<FreeTimes> {
  const offer = await service.offer(request);
  return offer.kind === 'none' ? NONE : presentFreeTimes(ctx, service, offer.spoken, offer.fit === 'asked');
}

async function presentFreeTimes(
  ctx: ToolContext,
  { schedule: { timeZone } }: BookingService,
  spoken: readonly Slot[],
  isAsAsked: boolean,
): Promise<FreeTimes> {
  if (spoken.length === 0) return NONE;
  const slots = toSlotDtos(spoken, spoken, timeZone, ctx.language);
  await rememberOffer(ctx, slots);
  const times = createSpeaker(ctx, timeZone).times(spoken.map(({ start }) => start));
  return { slots, times, count: slots.length, isAsAsked };
}

/** The soonest fitting free time of each of these local days, to ask which is meant; if only one has any, up to three of it. */
export async function findFreeTimesOn(
  ctx: ToolContext,
  service: BookingService,
  days: readonly string[],
  wanted: WantedTimes,
): Promise<FreeTimesOfDays> {
  const found: (readonly Slot[])[] = [];
  for (const day of days) {
    const dates = { from: day, to: day };
    const offer = await service.offer({ dates, within: wanted.intervals(dates) });
    if (offer.kind === 'slots' && offer.fit === 'asked') found.push(offer.spoken);
  }
  const isChoiceOfDays = found.length > 1;
  // The soonest is the first of those that are spoken.
  const spoken = found.flatMap((slots) => (isChoiceOfDays ? slots.slice(0, 1) : slots));
  return { ...(await presentFreeTimes(ctx, service, spoken, true)), isChoiceOfDays };
}
