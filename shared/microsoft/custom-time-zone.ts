import * as z from 'zod';

/**
 * When a mailbox's own clock changes: such as "the second Sunday of March". A month of 0 means that it never does.
 * @see https://learn.microsoft.com/graph/api/resources/customtimezone
 */
const change = z.object({
  month: z.number(),
  dayOccurrence: z.number(),
  dayOfWeek: z.string(),
  daylightBias: z.number().nullish(),
});

/** A time zone as Graph describes it. A custom one has no zone name and describes its clock. */
export const graphTimeZone = z.object({
  name: z.string(),
  /** Minutes from local time to UTC: Pacific time is +480. The documentation has the sign the other way round. */
  bias: z.number().nullish(),
  standardOffset: change.nullish(),
  daylightOffset: change.nullish(),
});

type GraphTimeZone = z.infer<typeof graphTimeZone>;

/** Zones without daylight saving time whose offset is no whole hour, by their bias. */
const UNEVEN: Readonly<Record<number, string>> = {
  [-210]: 'Asia/Tehran',
  [-270]: 'Asia/Kabul',
  [-330]: 'Asia/Kolkata',
  [-345]: 'Asia/Kathmandu',
  [-390]: 'Asia/Yangon',
  [-525]: 'Australia/Eucla',
  [-570]: 'Australia/Darwin',
};

/** Zones by their bias, for the two rules that most clocks change by. */
const RULES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  // The second Sunday of March to the first Sunday of November.
  '3.2-11.1': {
    240: 'America/Halifax',
    300: 'America/New_York',
    360: 'America/Chicago',
    420: 'America/Denver',
    480: 'America/Los_Angeles',
    540: 'America/Anchorage',
  },
  // The last Sunday of March to the last Sunday of October.
  '3.5-10.5': { 0: 'Europe/London', [-60]: 'Europe/Berlin', [-120]: 'Europe/Helsinki' },
};

function fixedZone(bias: number): string | null {
  const hours = bias / 60;
  // POSIX has the sign the other way round: Etc/GMT+8 is eight hours behind UTC.
  if (Number.isInteger(hours) && hours >= -14 && hours <= 12) {
    return hours === 0 ? 'UTC' : `Etc/GMT${hours > 0 ? '+' : ''}${hours}`;
  }
  return UNEVEN[bias] ?? null;
}

/**
 * The IANA zone with the same clock as a zone that has no name.
 * @returns null if Graph describes no clock, or one that is no known zone's
 */
export function matchClock({ bias, standardOffset, daylightOffset }: GraphTimeZone): string | null {
  if (bias === null || bias === undefined) return null;
  const isFixed = !standardOffset?.month || !daylightOffset?.month || daylightOffset.daylightBias === 0;
  if (isFixed) return fixedZone(bias);
  const changes = [daylightOffset, standardOffset];
  const areSundays = changes.every(({ dayOfWeek }) => dayOfWeek.toLowerCase() === 'sunday');
  if (!areSundays || (daylightOffset.daylightBias ?? -60) !== -60) return null;
  const rule = changes.map(({ month, dayOccurrence }) => `${month}.${dayOccurrence}`).join('-');
  return RULES[rule]?.[bias] ?? null;
}
