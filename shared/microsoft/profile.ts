import * as z from 'zod';
import type { MicrosoftProfile, SignIn } from '../connections/microsoft.ts';
import { fixedToken } from '../connections/token-source.ts';
import { HOUR_MS } from '../core/duration.ts';
import type { MailboxSettings } from '../managers/schedule.ts';
import { WEEKDAYS } from '../scheduling/schedule.ts';
import type { Weekday, WeeklyHours } from '../scheduling/schedule.ts';
import { minutesOf } from '../scheduling/zone.ts';
import { graphTimeZone, matchClock } from './custom-time-zone.ts';
import { parseGraph } from './batch.ts';
import { GraphProblem } from './graph-client.ts';
import type { Graph } from './graph-client.ts';

const me = z.object({
  displayName: z.string().nullish(),
  userPrincipalName: z.string(),
  proxyAddresses: z.array(z.string()).nullish(),
});

const workingHours = z.object({
  daysOfWeek: z.array(z.string()),
  startTime: z.string(),
  endTime: z.string(),
  timeZone: graphTimeZone.nullish(),
});

const schedules = z.object({ value: z.array(z.object({ workingHours: workingHours.nullish() })) });

/** How Graph says that an account has no mailbox of its own to hold events: a guest, or one without a license. */
const NO_MAILBOX = [
  'MailboxNotEnabledForRESTAPI',
  'MailboxNotSupportedForRESTAPI',
  'ResourceNotFound',
  'ErrorNonExistentMailbox',
];

const MAX_NAME_LENGTH = 128;
// Windows of a moment, however the calendar looks.
const MOMENT = ['2024-01-01T00:00:00Z', '2024-01-01T01:00:00Z'] as const;

/** Hours are on a grid of 5 minutes: the opening moves up to it, the closing down. */
function clockTime(text: string, direction: 'up' | 'down'): string | null {
  const exact = minutesOf(text.slice(0, 5));
  if (exact === null) return null;
  const steps = direction === 'up' ? Math.ceil(exact / 5) : Math.floor(exact / 5);
  const minutes = steps * 5;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function toHours({ daysOfWeek, startTime, endTime }: z.infer<typeof workingHours>): WeeklyHours | null {
  const from = clockTime(startTime, 'up');
  const exactTo = clockTime(endTime, 'down');
  const to = exactTo === '00:00' ? '24:00' : exactTo;
  const days = daysOfWeek
    .map((day) => day.slice(0, 3).toLowerCase())
    .filter((day): day is Weekday => (WEEKDAYS as readonly string[]).includes(day));
  // Working hours that end before they start, or on no day, are ignored.
  if (from === null || to === null || from >= to || days.length === 0) return null;
  return Object.fromEntries(days.map((day) => [day, [[from, to] as const]]));
}

function withoutPrefix(proxyAddress: string): string | null {
  return /^smtp:(.+@.+)$/i.exec(proxyAddress)?.[1]?.toLowerCase() ?? null;
}

/**
 * The addresses that are surely this account's. The tenant has verified the domains of the user principal name and the proxy
 * addresses. Any tenant's administrator can write what `mail` and the `email` claim say, so it counts only if `xms_edov` vouches
 * for it.
 * @see https://learn.microsoft.com/entra/identity-platform/migrate-off-email-claim-authorization
 */
function addressesOf(account: z.infer<typeof me>, signIn: SignIn): string[] {
  return [
    account.userPrincipalName.toLowerCase(),
    ...(account.proxyAddresses ?? []).map(withoutPrefix),
    signIn.verifiedEmail,
  ].filter((address) => address !== null);
}

/** IANA name; null if the mailbox's zone has none and its clock is no known zone's. */
async function toTimeZone(zone: z.infer<typeof workingHours>['timeZone']): Promise<string | null> {
  const { toIanaZone } = await import('../scheduling/outlook-zone.ts');
  return zone ? (toIanaZone(zone.name) ?? matchClock(zone)) : null;
}

/**
 * Reads who has signed in, and the zone and working hours of their mailbox. `MicrosoftProfile` documents the methods.
 * @param now epoch milliseconds
 */
export function createMicrosoftProfile(graph: Graph, now: () => number): MicrosoftProfile {
  return {
    async readAccount(signIn, signal) {
      const answer = await graph.request(fixedToken(signIn.tokens.accessToken), {
        method: 'GET',
        path: '/me',
        query: { $select: 'displayName,userPrincipalName,proxyAddresses' },
        signal,
      });
      const account = parseGraph(me, answer);
      const primary = account.proxyAddresses?.find((address) => address.startsWith('SMTP:'));
      return {
        displayName: account.displayName?.replace(/\p{C}/gu, '').trim().slice(0, MAX_NAME_LENGTH) || null,
        addresses: addressesOf(account, signIn),
        primaryAddress: (primary && withoutPrefix(primary)) ?? account.userPrincipalName.toLowerCase(),
      };
    },

    async hasCalendar(accessToken, signal) {
      try {
        await graph.request(fixedToken(accessToken), {
          method: 'GET',
          path: '/me/calendarView',
          query: { startDateTime: MOMENT[0], endDateTime: MOMENT[1], $select: 'id', $top: '1' },
          signal,
        });
        return true;
      } catch (error) {
        if (error instanceof GraphProblem && NO_MAILBOX.includes(error.graphCode)) return false;
        throw error;
      }
    },

    async readMailbox(source, calendarEmail, signal): Promise<MailboxSettings> {
      const at = (time: number) => ({ dateTime: new Date(time).toISOString().slice(0, 19), timeZone: 'UTC' });
      try {
        const response = await graph.request(source, {
          method: 'POST',
          path: '/me/calendar/getSchedule',
          body: { schedules: [calendarEmail], startTime: at(now()), endTime: at(now() + HOUR_MS) },
          repeatable: true,
          signal,
        });
        const hours = parseGraph(schedules, response).value[0]?.workingHours;
        if (!hours) return { timeZone: null, hours: null };
        return { timeZone: await toTimeZone(hours.timeZone), hours: toHours(hours) };
      } catch (error) {
        // Personal accounts have no schedule to ask for.
        if (error instanceof GraphProblem && error.code === 'microsoft_rejected' && error.status !== 401)
          return { timeZone: null, hours: null };
        throw error;
      }
    },
  };
}
