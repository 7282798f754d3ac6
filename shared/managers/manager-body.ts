// The body of PUT /managers/{user_id}. Schemas take time to make, and calls need none of these.
import * as z from 'zod';
import { parseLineAddress } from '../core/identifiers.ts';
import { DEFAULT_RULES, WEEKDAYS } from '../scheduling/schedule.ts';
import { isTimeZone, minutesOf } from '../scheduling/zone.ts';
import { MAX_DAYS, MAX_DURATION_AND_BUFFER } from './manager.ts';
import type { Manager } from './manager.ts';

// All times in the calendar are on a grid of 5 minutes, which is also how time is held while booking.
const STEP = 5;
/** One row of the tables lists a caller's viewings, and has room for a few hundred. */
const MAX_CALLER_LIMIT = 100;
/** Minutes of a rule: a multiple of 5, of up to a year. */
export function minutes(least: number) {
  return z
    .int()
    .min(least)
    .max(MAX_DAYS * 24 * 60)
    .multipleOf(STEP);
}
const time = z
  .string()
  .refine((text) => (minutesOf(text) ?? 1) % STEP === 0, 'must be HH:MM on a multiple of 5 minutes');
const span = z
  .tuple([time, time])
  .refine(([from, to]) => (minutesOf(from) ?? 0) < (minutesOf(to) ?? 0), 'must end after it starts');
const day = z
  .array(span)
  .max(24)
  .refine((spans) => {
    const sorted = spans.toSorted(([a], [b]) => a.localeCompare(b));
    return sorted.every(([from], index) => from >= (sorted[index - 1]?.[1] ?? ''));
  }, 'must not overlap');

/** Business hours of a week. */
export const hours = z
  .strictObject(Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, day.optional()])))
  .meta({
    description:
      'Spans of local time per weekday; a day left out is closed. Without it the mailbox’s own hours.',
    example: {
      mon: [
        ['09:00', '12:00'],
        ['13:00', '17:00'],
      ],
    },
  });

const rules = z
  .strictObject({
    duration_minutes: minutes(STEP)
      .default(DEFAULT_RULES.durationMinutes)
      .meta({ description: 'Length of a viewing' }),
    grid_minutes: minutes(STEP)
      .default(DEFAULT_RULES.gridMinutes)
      .meta({ description: 'Viewings start on this grid, counted from the opening of each span of hours' }),
    notice_minutes: minutes(0)
      .default(DEFAULT_RULES.noticeMinutes)
      .meta({ description: 'The soonest a viewing can start from now' }),
    days_ahead: z
      .int()
      .min(1)
      .max(MAX_DAYS)
      .default(DEFAULT_RULES.daysAhead)
      .meta({ description: 'How many local days an undated question looks ahead, today included' }),
    horizon_days: z
      .int()
      .min(1)
      .max(MAX_DAYS)
      .default(DEFAULT_RULES.horizonDays)
      .meta({ description: 'How many local days can be booked at all, today included' }),
    buffer_minutes: minutes(0)
      .default(DEFAULT_RULES.bufferMinutes)
      .meta({ description: 'Kept clear before and after a viewing' }),
    daily_limit: z
      .int()
      .min(1)
      .nullable()
      .default(DEFAULT_RULES.dailyLimit)
      .meta({ description: 'Viewings of one local day; null for no limit' }),
    caller_limit: z
      .int()
      .min(1)
      .max(MAX_CALLER_LIMIT)
      .default(DEFAULT_RULES.callerLimit)
      .meta({ description: 'Future viewings of one caller' }),
  })
  .refine((given) => given.duration_minutes + given.buffer_minutes <= MAX_DURATION_AND_BUFFER, {
    path: ['duration_minutes'],
    message: 'together with buffer_minutes must be at most 360',
  });

const lineAddress = z.string().transform((text, context) => {
  const address = parseLineAddress(text);
  if (address !== null) return address;
  context.addIssue(
    'must be a phone number with its country code, such as +15555551234, or a SIP address such as sip:pete@sip.example.com',
  );
  return z.NEVER;
});

function unique(items: readonly string[]): boolean {
  return new Set(items).size === items.length;
}

export const managerName = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,128}$/u, 'must be 1 to 128 visible characters')
  .meta({ description: 'As callers and mails should name the manager', example: 'Pete Sampson' });

const MAX_POLICIES = 5;

const policies = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be a topic such as vouchers or pets'),
    z
      .string()
      .trim()
      .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,300}$/u, 'must be 1 to 300 visible characters'),
  )
  .refine((texts) => Object.keys(texts).length <= MAX_POLICIES, `must be at most ${MAX_POLICIES} topics`)
  .meta({
    description: 'Up to 5 short texts by topic that the voice agent may speak',
    example: { vouchers: 'We welcome housing vouchers.' },
  });

/** The body of PUT /managers/{user_id}. What is left out falls back to its default. */
export const managerBody = z
  .strictObject({
    name: managerName,
    notify_email: z
      .email()
      .max(254)
      .nullish()
      .meta({ description: 'Where mail to the manager goes; else to the connected calendar’s address' }),
    assistant_ids: z
      .array(z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible ASCII characters'))
      .max(50)
      .refine(unique, 'must not repeat')
      .default([])
      .meta({ description: 'VAPI assistants that answer for this manager; each belongs to one manager' }),
    phone_numbers: z
      .array(lineAddress)
      .max(50)
      .refine(unique, 'must not repeat')
      .default([])
      .meta({
        description:
          'Phone numbers (E.164) or SIP addresses that callers dial for this manager; each belongs to one manager',
        example: ['+15555551234'],
      }),
    portfolio: z
      .string()
      .trim()
      .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,64}$/u, 'must be 1 to 64 visible characters')
      .nullish()
      .meta({ description: 'Managers with the same portfolio share their properties', example: 'norman' }),
    policies: policies.nullish(),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en-US')
      .nullish(),
    time_zone: z
      .string()
      .refine(isTimeZone, 'must be an IANA time zone such as America/Chicago')
      .nullish()
      .meta({ description: 'IANA name. Without it the mailbox’s own', example: 'America/Chicago' }),
    hours: hours.nullish(),
    rules: rules.prefault({}),
  })
  .meta({ id: 'ManagerBody' });

export type ManagerBody = z.infer<typeof managerBody>;

/** A manager's profile from the parsed body of a PUT. What the body leaves out is null, or the default of `managerBody`. */
export function toManager(userId: string, body: ManagerBody): Manager {
  return {
    userId,
    name: body.name,
    notifyEmail: body.notify_email ?? null,
    assistantIds: body.assistant_ids,
    phoneNumbers: body.phone_numbers,
    portfolio: body.portfolio ?? null,
    policies: body.policies ?? {},
    language: body.language ?? null,
    timeZone: body.time_zone ?? null,
    hours: body.hours ?? null,
    rules: {
      durationMinutes: body.rules.duration_minutes,
      gridMinutes: body.rules.grid_minutes,
      noticeMinutes: body.rules.notice_minutes,
      daysAhead: body.rules.days_ahead,
      horizonDays: body.rules.horizon_days,
      bufferMinutes: body.rules.buffer_minutes,
      dailyLimit: body.rules.daily_limit,
      callerLimit: body.rules.caller_limit,
    },
  };
}
