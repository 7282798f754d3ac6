// Events as Graph writes them.
import type { CalendarEvent, When } from './calendar.ts';
import type { ODataQuery } from './graph-query.ts';
import { dayNames } from './recurrence.ts';
import type { Occurrence, Recurrence } from './recurrence.ts';
import { wallAt } from './zones.ts';

/** Ids differ by what the request asked for, as in Outlook; paths accept both. */
const idPrefixes = { immutable: 'AAkALg', plain: 'AAMkAD' };

/** An event's id as Graph gives it, with `IdType="ImmutableId"` or without. @param date of an occurrence, `YYYY-MM-DD` */
export function eventId(event: CalendarEvent, immutable: boolean, date?: string): string {
  return `${immutable ? idPrefixes.immutable : idPrefixes.plain}${event.id}${date === undefined ? '=' : `.OID.${date}=`}`;
}

export interface ParsedEventId {
  /** As stored. */
  id: string;
  /** Of one day of a series. */
  date?: string;
  /** Such an id survives a move to another folder; a plain one does not. */
  isImmutable: boolean;
}

/** Takes an id apart that `eventId` made. */
export function parseEventId(id: string): ParsedEventId | undefined {
  const match = /^(AAkALg|AAMkAD)([\w-]{43})(?:\.OID\.(\d{4}-\d{2}-\d{2}))?=$/.exec(id);
  if (!match?.[2]) return undefined;
  const isImmutable = match[1] === idPrefixes.immutable;
  return { id: match[2], isImmutable, ...(match[3] === undefined ? {} : { date: match[3] }) };
}

/** The `@odata.etag`, which changes with every change of the event. */
export function etagOf(event: CalendarEvent): string {
  return `W/"${changeKeyOf(event)}"`;
}

function changeKeyOf(event: CalendarEvent): string {
  return Buffer.from(`${event.id.slice(0, 12)}${event.version}`).toString('base64');
}

function stamp(wall: string): string {
  return `${wall}.0000000`;
}
function instant(at: number): string {
  return new Date(at).toISOString().replace('Z', '0000Z');
}

function plainText(html: string): string {
  return html
    .replace(/<head[\s\S]*?<\/head>/gi, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Outlook keeps a whole document, whatever fragment it was given. */
function bodyOf(event: CalendarEvent, asText: boolean): { contentType: string; content: string } {
  const { contentType, content } = event.body;
  if (contentType === 'text' || asText) {
    return { contentType: 'text', content: contentType === 'text' ? content : plainText(content) };
  }
  const isDocument = /<html[\s>]/i.test(content);
  const head =
    '<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>';
  return {
    contentType: 'html',
    content:
      isDocument || content === '' ? content : `${head}\r\n<body>\r\n${content}\r\n</body>\r\n</html>\r\n`,
  };
}

function recurrenceOf(recurrence: Recurrence, when: When): unknown {
  const startDate = when.isAllDay ? when.startDate : wallAt(when.start, recurrence.zone).slice(0, 10);
  return {
    pattern: {
      type: recurrence.type,
      interval: recurrence.interval,
      month: 0,
      dayOfMonth: 0,
      daysOfWeek: recurrence.daysOfWeek,
      firstDayOfWeek: dayNames[0],
      index: 'first',
    },
    range: {
      type:
        recurrence.numberOfOccurrences !== undefined
          ? 'numbered'
          : recurrence.endDate !== undefined
            ? 'endDate'
            : 'noEnd',
      startDate,
      endDate: recurrence.endDate ?? '0001-01-01',
      recurrenceTimeZone: recurrence.zone,
      numberOfOccurrences: recurrence.numberOfOccurrences ?? 0,
    },
  };
}

interface Shown {
  event: CalendarEvent;
  when: When;
  occurrence: Occurrence | undefined;
  query: ODataQuery;
}

function idOf({ event, occurrence, query }: Shown): string {
  return eventId(event, query.immutableIds, occurrence?.date);
}

function timeOf({ when, query }: Shown, end: boolean): unknown {
  return {
    dateTime: stamp(
      when.isAllDay
        ? `${end ? when.endDate : when.startDate}T00:00:00`
        : wallAt(end ? when.end : when.start, query.zone),
    ),
    timeZone: query.zoneName,
  };
}

function locationOf({ event }: Shown): unknown {
  return {
    displayName: event.location,
    locationType: 'default',
    uniqueId: event.location,
    uniqueIdType: 'private',
  };
}

/** Worked out only if asked for: a window may hold a thousand events. */
const properties: Readonly<Record<string, (shown: Shown) => unknown>> = {
  '@odata.etag': ({ event }) => etagOf(event),
  id: idOf,
  createdDateTime: ({ event }) => instant(event.createdAt),
  lastModifiedDateTime: ({ event }) => instant(event.changedAt),
  changeKey: ({ event }) => changeKeyOf(event),
  categories: ({ event }) => event.categories,
  transactionId: ({ event }) => event.transactionId ?? null,
  originalStartTimeZone: ({ event }) => event.originalTimeZone,
  originalEndTimeZone: ({ event }) => event.originalTimeZone,
  iCalUId: ({ event }) => `040000008200E00074C5B7101A82E008${event.id}`,
  reminderMinutesBeforeStart: ({ event }) => event.reminderMinutesBeforeStart,
  isReminderOn: ({ event }) => event.isReminderOn,
  hasAttachments: () => false,
  subject: ({ event }) => event.subject,
  bodyPreview: ({ event }) => bodyOf(event, true).content.slice(0, 255),
  importance: ({ event }) => event.importance,
  sensitivity: ({ event }) => event.sensitivity,
  isAllDay: ({ when }) => when.isAllDay,
  isCancelled: ({ event }) => event.isCancelled,
  isOrganizer: ({ event }) => event.response === 'organizer',
  responseRequested: () => true,
  seriesMasterId: ({ event, occurrence, query }) =>
    occurrence?.date === undefined ? null : eventId(event, query.immutableIds),
  showAs: ({ event }) => event.showAs,
  type: ({ event, occurrence }) => occurrence?.type ?? (event.recurrence ? 'seriesMaster' : 'singleInstance'),
  // Outlook on the web, as far as there is one here.
  webLink: (shown) => `${shown.query.origin}/calendar/item?itemid=${encodeURIComponent(idOf(shown))}`,
  onlineMeetingUrl: () => null,
  isOnlineMeeting: ({ event }) => event.isOnlineMeeting,
  onlineMeetingProvider: ({ event }) => (event.isOnlineMeeting ? 'teamsForBusiness' : 'unknown'),
  allowNewTimeProposals: () => true,
  isDraft: () => false,
  hideAttendees: () => false,
  responseStatus: ({ event }) => ({ response: event.response, time: '0001-01-01T00:00:00Z' }),
  body: ({ event, query }) => bodyOf(event, query.textBody),
  start: (shown) => timeOf(shown, false),
  end: (shown) => timeOf(shown, true),
  location: locationOf,
  locations: (shown) => (shown.event.location === '' ? [] : [locationOf(shown)]),
  recurrence: ({ event, occurrence }) =>
    event.recurrence && occurrence?.date === undefined ? recurrenceOf(event.recurrence, event.when) : null,
  attendees: ({ event }) =>
    event.attendees.map(({ address, name, type }) => ({
      type,
      status: { response: 'none', time: '0001-01-01T00:00:00Z' },
      emailAddress: { name: name || address, address },
    })),
  organizer: ({ event }) => ({
    emailAddress: { name: event.organizer.name, address: event.organizer.address },
  }),
  onlineMeeting: () => null,
};

/** Whether `$select` may name it. */
export function isEventProperty(name: string): boolean {
  return Object.hasOwn(properties, name);
}

/** One event, or one occurrence of a series, with the properties asked for. */
export function shapeEvent(
  event: CalendarEvent,
  query: ODataQuery,
  occurrence?: Occurrence,
): Record<string, unknown> {
  const shown: Shown = { event, when: occurrence?.when ?? event.when, occurrence, query };
  const names = query.select ? ['@odata.etag', 'id', ...query.select] : Object.keys(properties);
  const shaped: Record<string, unknown> = {};
  for (const name of names) shaped[name] = properties[name]?.(shown);
  const extended = event.extendedProperties.filter((one) =>
    query.expand.some((wanted) => wanted.toLowerCase() === one.id.toLowerCase()),
  );
  if (extended.length > 0) shaped['singleValueExtendedProperties'] = extended;
  return shaped;
}
