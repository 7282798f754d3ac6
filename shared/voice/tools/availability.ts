import type { AvailabilityRequest } from '../../booking/booking.ts';
import type { Schedule } from '../../scheduling/schedule.ts';
import { isLocalDate, localDate, localTime } from '../../scheduling/zone.ts';
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
import { readTimeWords } from '../understanding/time-expressions.ts';
import { readIsoTime } from '../understanding/resolve-start.ts';
import type { ToolArguments } from './definitions.ts';

type Arguments = ToolArguments<'get_availability'>;

export function getAvailability(ctx: ToolContext, args: Arguments): Promise<ToolResult> {
  return withBookings(ctx, async (desk) => {
    const { lines, language, now } = ctx;
    const { timeZone, rules } = desk.schedule;
    const wish = readWish(args, desk.schedule, now);
    if (wish === null) return invalid('unreadable_date', lines.unreadableDate());

    const offer = await desk.offer(wish);
    if (offer.kind === 'none') {
      return { response: lines.nothingFree({ days: rules.horizonDays }), action: 'no_availability' };
    }
    const views = toSlotDtos(offer.slots, offer.spoken, timeZone, language);
    await rememberOffer(ctx, views, args.property_address);

    const speaker = createSpeaker(ctx, timeZone);
    const times = speaker.times(offer.spoken.map(({ start }) => start));
    const count = offer.spoken.length;
    const property = sayProperty(args.property_address ?? '') || null;
    const hasWish = wish.dates !== undefined || wish.partOfDay !== undefined || wish.near !== undefined;
    const days = hasWish ? null : (wish.daysAhead ?? rules.daysAhead);
    const response =
      offer.fit === 'asked'
        ? lines.offer({ property, times, count })
        : lines.offerNearest({ days, times, count });
    return { response, action: 'present_slots', available_slots: views };
  });
}

/** Null if the caller's day cannot be read. */
function readWish(args: Arguments, { timeZone, rules }: Schedule, now: number): AvailabilityRequest | null {
  const daysAhead = args.days_ahead === undefined ? undefined : Math.min(args.days_ahead, rules.horizonDays);
  const undated = { partOfDay: args.part_of_day, daysAhead };
  const text = args.preferred_date;
  if (text === undefined) return undated;
  if (isLocalDate(text)) return { ...undated, dates: { from: text, to: text } };
  const at = readIsoTime(text, timeZone);
  if (at !== null) {
    const date = localDate(at, timeZone);
    const time = localTime(at, timeZone);
    // Midnight is how machines write a date.
    return { ...undated, dates: { from: date, to: date }, near: time === '00:00' ? undefined : time };
  }
  const { dates, times, partOfDay, isAny } = readTimeWords(text, now, timeZone);
  if (!dates && times.length === 0 && partOfDay === null && !isAny) return null;
  return {
    ...undated,
    dates: dates ?? undefined,
    partOfDay: args.part_of_day ?? partOfDay ?? undefined,
    // Of `at 3` the afternoon's is likelier in a day's work; it only sorts what is offered.
    near: times.find((time) => time >= '07:00' && time < '19:00') ?? times[0],
  };
}
