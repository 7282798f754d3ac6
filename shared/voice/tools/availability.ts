import type { ToolResult } from '../tool-result.ts';
import {
  createSpeaker,
  invalid,
  rememberOffer,
  sayProperty,
  toSlotDtos,
  withBookings,
} from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { BookingService } from '../../booking/booking.ts';
import { readWish } from '../understanding/read-wish.ts';
import { resolveHome } from '../resolve-home.ts';
import type { Schedule } from '../../scheduling/schedule.ts';
import { sayAddress, writeAddress } from '../speech/say-rental.ts';
import { followedBefore } from '../spoken-day.ts';
import { sayNotYet } from './not-yet.ts';
import type { WantedTimes, WishResult } from '../understanding/reading.ts';
import type { ToolArguments } from './definitions.ts';
import { refusal } from './named-start.ts';
import { findFreeTimes, findFreeTimesOn, toAvailabilityRequest } from './wanted-slots.ts';
import type { FreeTimesOfDays } from './wanted-slots.ts';

type Arguments = ToolArguments<'get_availability'>;

/** Without a home the manager's times are told, which promise nothing for a home with rules of its own. */
export async function getAvailability(called: ToolContext, args: Arguments): Promise<ToolResult> {
  if (args.property_address === undefined) return offerTimes(called, args);
  const resolved = await resolveHome(called, args.property_address);
  switch (resolved.kind) {
    case 'result':
      return resolved.result;
    case 'home':
      return offerTimes(resolved.ctx, { ...args, property_address: writeAddress(resolved.home) });
    case 'unlisted':
      return offerTimes(called, { ...args, property_address: resolved.address });
    case 'unnamed':
      return offerTimes(called, { ...args, property_address: undefined });
  }
}

function offerTimes(ctx: ToolContext, args: Arguments): Promise<ToolResult> {
  return withBookings(ctx, async (service) => {
    const { lines, language, now } = ctx;
    const { timeZone, rules } = service.schedule;
    const wish = await readWishWords(ctx, service, args);
    if (wish.kind !== 'wanted') return answerUnclear(ctx, service, wish);

    const request = toAvailabilityRequest(wish.wanted, service.schedule, now, args.days_ahead);
    const offer = await service.offer(request, { mayBeProvisional: true });
    if (offer.kind === 'none') {
      return { response: lines.nothingFree({ days: rules.horizonDays }), action: 'no_availability' };
    }
    const views = toSlotDtos(offer.slots, offer.spoken, timeZone, language);
    await rememberOffer(ctx, views, args.property_address);

    const times = createSpeaker(ctx, timeZone).times(offer.spoken.map(({ start }) => start));
    const count = offer.spoken.length;
    const offered = { action: 'present_slots', available_slots: views } as const;
    const answer = (line: string): ToolResult =>
      offer.provisional
        ? { response: lines.provisional({ line }), ...offered, provisional: true }
        : { response: line, ...offered };
    if (offer.fit === 'asked') {
      const property =
        (ctx.home === null ? sayProperty(args.property_address ?? '') : sayAddress(ctx.home, language)) ||
        null;
      return answer(lines.offer({ property, times, count }));
    }
    if (isBeforeFirstDay(service.schedule, wish.wanted)) {
      return { ...invalid('not_yet', sayNotYet(ctx, times)), available_slots: views };
    }
    const days = wish.wanted.isAny ? (request.daysAhead ?? rules.daysAhead) : null;
    return { ...answer(lines.offerNearest({ days, times, count })), nearest: true };
  });
}

/** Whether all that was asked for is before the day from which the home can be viewed. */
function isBeforeFirstDay({ home }: Schedule, { dates }: WantedTimes): boolean {
  return dates !== null && home?.viewableFrom != null && dates.to < home.viewableFrom;
}

/** The call is remembered only for words that point back at it. */
async function readWishWords(
  ctx: ToolContext,
  service: BookingService,
  args: Arguments,
): Promise<WishResult> {
  const words = { date: args.preferred_date, partOfDay: args.part_of_day };
  const context = {
    now: ctx.now,
    schedule: service.schedule,
    propertyAddress: args.property_address ?? null,
    offered: { spoken: [], all: [] },
  };
  const wish = readWish(words, context);
  const isBare = wish.kind === 'wanted' && wish.wanted.dates === null && wish.wanted.hasTime;
  if (wish.kind !== 'nothing_offered' && !isBare) return wish;
  return readWish(words, { ...context, ...followedBefore(await ctx.memory.recall()) });
}

async function answerUnclear(
  ctx: ToolContext,
  service: BookingService,
  wish: Exclude<WishResult, { kind: 'wanted' }>,
): Promise<ToolResult> {
  const { lines, now } = ctx;
  const { schedule } = service;
  switch (wish.kind) {
    case 'refused': {
      const free = await findFreeTimes(ctx, service, toAvailabilityRequest(wish.wanted, schedule, now));
      return refusal(ctx, schedule.rules.horizonDays, wish.reason, free);
    }
    case 'which_day': {
      const free = await findFreeTimesOn(ctx, service, wish.days, wish.wanted);
      return invalid('which_day', askWhichDay(free, wish.wanted.hasTime), free.slots);
    }
    case 'no_such_option':
      return invalid('no_such_option', lines.noSuchOption({ count: wish.count }));
    case 'nothing_offered':
      return invalid('nothing_offered', lines.nothingOffered());
    case 'unread':
      return invalid('unreadable_date', lines.unreadableDate());
  }

  function askWhichDay({ times, count, isChoiceOfDays }: FreeTimesOfDays, hasTime: boolean): string {
    if (times === null) return lines.askDay();
    // One of the two days has nothing: what is left is no choice between days.
    return isChoiceOfDays || hasTime
      ? lines.askWhichTime({ times })
      : lines.offer({ property: null, times, count });
  }
}
