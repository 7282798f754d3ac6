// Events as clients write them. Unknown properties are refused, as Graph does.
import { z } from 'zod';
import type { CalendarEvent, When } from './calendar.ts';
import { badRequest, GraphFault, invalidRequest, unsupportedTimeZone } from './graph-error.ts';
import { isPropertyId } from './graph-query.ts';
import { addDays, instantOf, toIana } from './zones.ts';
import type { HttpRequest } from './http.ts';
import type { Recurrence } from './recurrence.ts';

const address = z.email();
const time = z.strictObject({ dateTime: z.string(), timeZone: z.string().optional() });
const place = z.looseObject({ displayName: z.string().max(1024) });
const date = z.iso.date();

const eventSchema = z
  .strictObject({
    '@odata.type': z.literal('#microsoft.graph.event'),
    subject: z.string().max(255),
    body: z.strictObject({
      contentType: z
        .string()
        .toLowerCase()
        .pipe(z.enum(['html', 'text'])),
      content: z.string(),
    }),
    start: time,
    end: time,
    isAllDay: z.boolean(),
    location: place,
    locations: z.array(place),
    attendees: z.array(
      z.strictObject({
        emailAddress: z.strictObject({ address, name: z.string().optional() }),
        type: z.enum(['required', 'optional', 'resource']).default('required'),
      }),
    ),
    showAs: z.enum(['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown']),
    isReminderOn: z.boolean(),
    reminderMinutesBeforeStart: z.int().min(0),
    isOnlineMeeting: z.boolean(),
    allowNewTimeProposals: z.boolean(),
    responseRequested: z.boolean(),
    hideAttendees: z.boolean(),
    sensitivity: z.enum(['normal', 'personal', 'private', 'confidential']),
    importance: z.enum(['low', 'normal', 'high']),
    categories: z.array(z.string()),
    transactionId: z.string().min(1).max(255).nullable(),
    singleValueExtendedProperties: z.array(
      z.strictObject({
        id: z.string().refine(isPropertyId, 'must be like "String {guid} Name X"'),
        value: z.string().min(1),
      }),
    ),
    recurrence: z
      .strictObject({
        pattern: z.looseObject({
          type: z.enum(['daily', 'weekly']),
          interval: z.int().min(1),
          daysOfWeek: z.array(z.string()).default([]),
        }),
        range: z.looseObject({
          type: z.enum(['noEnd', 'endDate', 'numbered']),
          startDate: date,
          endDate: date.optional(),
          numberOfOccurrences: z.int().optional(),
          recurrenceTimeZone: z.string().optional(),
        }),
      })
      .nullable(),
  })
  .partial();

export type EventInput = z.infer<typeof eventSchema>;

/** The JSON body of a write. Its content type must say so, as Graph demands. */
export function readJson(request: HttpRequest): unknown {
  if (!request.headers['content-type']?.startsWith('application/json')) {
    throw badRequest('Write requests (excluding DELETE) must contain the Content-Type header declaration.');
  }
  try {
    return JSON.parse(request.body);
  } catch {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}

/** The event in the body of a create or an update. What Graph's `event` does not have is refused as Graph refuses it. */
export function readEventInput(request: HttpRequest): EventInput {
  const parsed = eventSchema.safeParse(readJson(request));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw new GraphFault(
      400,
      'RequestBodyRead',
      `The property '${issue.keys.join("', '")}' does not exist on type 'microsoft.graph.event'. Make sure to only use property names that are defined by the type.`,
    );
  }
  throw new GraphFault(
    400,
    'ErrorPropertyValidationFailure',
    `At least one property failed validation: ${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''}`,
  );
}

interface Moment {
  wall: string;
  at: number;
}

function readMoment(name: string, value: z.infer<typeof time>): Moment {
  const zoneName = value.timeZone ?? 'UTC';
  const zone = toIana(zoneName);
  if (!zone) throw unsupportedTimeZone(zoneName);
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,7})?(Z?)$/.exec(value.dateTime);
  const wall = match?.[1]?.padEnd(19, ':00') ?? '';
  // A Z beside another zone would be two answers to one question.
  if (!match || Number.isNaN(Date.parse(`${wall}Z`)) || (match[2] === 'Z' && zone !== 'UTC')) {
    throw invalidRequest(`The value '${value.dateTime}' of '${name}' is not valid.`);
  }
  return { wall, at: instantOf(wall, zone) };
}

/** Both ends of an event; one that is missing comes from `before`. */
export function readWhen(input: EventInput, before?: CalendarEvent): When | undefined {
  const isAllDay = input.isAllDay ?? before?.when.isAllDay ?? false;
  const isTouched = input.start ?? input.end ?? (before && input.isAllDay !== undefined ? true : undefined);
  if (before && isTouched === undefined) return undefined;
  if (!input.start || !input.end) {
    throw new GraphFault(
      400,
      'ErrorPropertyValidationFailure',
      'At least one property failed validation: start and end come together.',
    );
  }
  const start = readMoment('start', input.start);
  const end = readMoment('end', input.end);
  if (end.at < start.at) {
    throw new GraphFault(
      400,
      'ErrorCalendarEndDateIsEarlierThanStartDate',
      'The end date is earlier than the start date.',
    );
  }
  if (!isAllDay) return { isAllDay, start: start.at, end: end.at };
  if (![start, end].every(({ wall }) => wall.endsWith('T00:00:00')) || start.wall === end.wall) {
    throw new GraphFault(
      400,
      'ErrorPropertyValidationFailure',
      'The Event.Start property for an all-day event needs to be set to midnight.',
    );
  }
  return { isAllDay, startDate: start.wall.slice(0, 10), endDate: end.wall.slice(0, 10) };
}

function readRecurrence(input: EventInput): Recurrence | undefined {
  if (!input.recurrence) return undefined;
  const { pattern, range } = input.recurrence;
  const zoneName = range.recurrenceTimeZone ?? input.start?.timeZone ?? 'UTC';
  const zone = toIana(zoneName);
  if (!zone) throw invalidRequest(`The recurrence time zone '${zoneName}' is not supported.`);
  return {
    type: pattern.type,
    interval: pattern.interval,
    daysOfWeek: pattern.daysOfWeek.map((day) => day.toLowerCase()),
    ...(range.type === 'endDate' ? { endDate: range.endDate ?? addDays(range.startDate, 3650) } : {}),
    ...(range.type === 'numbered' ? { numberOfOccurrences: range.numberOfOccurrences ?? 1 } : {}),
    zone,
    removed: [],
    moved: {},
  };
}

/** Stored as they came. */
const PLAIN_FIELDS = [
  'showAs',
  'isReminderOn',
  'reminderMinutesBeforeStart',
  'isOnlineMeeting',
  'sensitivity',
  'importance',
  'categories',
] as const;

/** What a POST or PATCH sets, its times apart. */
export function readChanges(input: EventInput): Partial<CalendarEvent> {
  const changes: Partial<CalendarEvent> = {};
  if (input.subject !== undefined) changes.subject = input.subject;
  if (input.body) changes.body = input.body;
  const place = input.location ?? input.locations?.[0];
  if (place) changes.location = place.displayName;
  if (input.attendees) {
    changes.attendees = input.attendees.map(({ emailAddress, type }) => ({
      address: emailAddress.address,
      name: emailAddress.name ?? '',
      type,
    }));
  }
  if (input.start?.timeZone !== undefined) changes.originalTimeZone = input.start.timeZone;
  if (input.singleValueExtendedProperties) changes.extendedProperties = input.singleValueExtendedProperties;
  const recurrence = readRecurrence(input);
  if (recurrence) changes.recurrence = recurrence;
  const plain = PLAIN_FIELDS.filter((name) => input[name] !== undefined);
  return { ...changes, ...Object.fromEntries(plain.map((name) => [name, input[name]])) };
}
