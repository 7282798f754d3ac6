// POST /me/calendar/getSchedule: free/busy and working hours. Work accounts only; failures stand inside a 200.
import { z } from 'zod';
import { readJson } from './event-input.ts';
import { badRequest, GraphFault, invalidRequest } from './graph-error.ts';
import { occurrencesBetween } from './graph-calendar-view.ts';
import { readQuery } from './graph-query.ts';
import { json } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import type { Person } from './people.ts';
import { findPerson } from './directory.ts';
import type { Store } from './store.ts';
import { instantOf, toIana, wallAt } from './zones.ts';

const dayMs = 86_400_000;
const time = z.strictObject({ dateTime: z.string(), timeZone: z.string() });
const schema = z.strictObject({
  schedules: z.array(z.string()).min(1).max(20),
  startTime: time,
  endTime: time,
  availabilityViewInterval: z.int().min(5).max(1440).default(30),
});

const viewDigits: Record<string, string> = {
  free: '0',
  tentative: '1',
  busy: '2',
  oof: '3',
  workingElsewhere: '4',
};
/** Of two at once, the later one here shows. */
const strength = ['free', 'workingElsewhere', 'tentative', 'busy', 'oof'];

function readTime({ dateTime, timeZone }: z.infer<typeof time>): number {
  const zone = toIana(timeZone);
  const wall = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,7})?$/.exec(dateTime)?.[1];
  if (!zone || wall === undefined || Number.isNaN(Date.parse(`${wall}Z`))) {
    throw invalidRequest(`The time '${dateTime}' in '${timeZone}' is not valid.`);
  }
  return instantOf(wall, zone);
}

/** @see https://learn.microsoft.com/graph/api/calendar-getschedule */
export function handleGetSchedule(store: Store, request: HttpRequest, person: Person): HttpResponse {
  if (person.kind === 'personal') {
    throw new GraphFault(
      403,
      'ErrorAccessDenied',
      'Access is denied. getSchedule is not supported for personal Microsoft accounts.',
    );
  }
  const query = readQuery(request, []);
  const parsed = schema.safeParse(readJson(request));
  if (!parsed.success) {
    throw badRequest(`The body of getSchedule is not valid: ${parsed.error.issues[0]?.message ?? ''}`);
  }
  const from = readTime(parsed.data.startTime);
  const to = readTime(parsed.data.endTime);
  if (to <= from || to - from > 62 * dayMs) {
    throw invalidRequest(
      'The requested time duration specified for FreeBusyViewOptions.TimeWindow is not between 0 and 62 days.',
    );
  }
  const intervalMs = parsed.data.availabilityViewInterval * 60_000;
  const value = parsed.data.schedules.map((scheduleId) => {
    const owner = scheduleId.includes('@') ? findPerson(store, scheduleId) : undefined;
    if (!owner?.hasMailbox || owner.tenantId !== person.tenantId) {
      return {
        scheduleId,
        error: {
          message: 'Unable to resolve e-mail address to an Active Directory object.',
          responseCode: 'ErrorMailRecipientNotFound',
        },
      };
    }
    const placed = occurrencesBetween(store, owner, from, to).filter(({ event }) => !event.isCancelled);
    const cells = Array.from({ length: Math.ceil((to - from) / intervalMs) }, (_, index) => {
      const start = from + index * intervalMs;
      const shown = placed
        .filter((one) => one.start < start + intervalMs && one.end > start)
        .map(({ event }) => strength.indexOf(event.showAs));
      return viewDigits[strength[Math.max(0, ...shown)] ?? 'free'] ?? '0';
    });
    return {
      scheduleId,
      availabilityView: cells.join(''),
      scheduleItems: placed.map(({ event, start, end }) => ({
        isPrivate: event.sensitivity === 'private',
        status: event.showAs,
        subject: event.subject,
        location: event.location,
        isMeeting: event.attendees.length > 0,
        isRecurring: event.recurrence !== undefined,
        isException: false,
        isReminderSet: event.isReminderOn,
        start: { dateTime: `${wallAt(start, query.zone)}.0000000`, timeZone: query.zoneName },
        end: { dateTime: `${wallAt(end, query.zone)}.0000000`, timeZone: query.zoneName },
      })),
      ...(owner.workingHours ? { workingHours: owner.workingHours } : {}),
    };
  });
  return json(
    200,
    {
      '@odata.context': `${request.origin}/v1.0/$metadata#Collection(microsoft.graph.scheduleInformation)`,
      value,
    },
    query.applied,
  );
}
