// Events as Graph writes them.
import type { CalendarEvent, When } from './calendar.ts';
import type { Wishes } from './graph-query.ts';
import { dayNames } from './recurrence.ts';
import type { Occurrence, Recurrence } from './recurrence.ts';
import { wallAt } from './zones.ts';

/** Ids differ by what the request asked for, as in Outlook; paths accept both. */
const idPrefixes = { immutable: 'AAkALg', plain: 'AAMkAD' };

export const eventId = (event: CalendarEvent, immutable: boolean, date?: string): string =>
  `${immutable ? idPrefixes.immutable : idPrefixes.plain}${event.id}${date === undefined ? '=' : `.OID.${date}=`}`;

/** The stored id, and the date of the occurrence, that a Graph id names. */
export const parseEventId = (id: string): { id: string; date?: string } | undefined => {
  const match = /^(?:AAkALg|AAMkAD)([\w-]{43})(?:\.OID\.(\d{4}-\d{2}-\d{2}))?=$/.exec(id);
  if (!match?.[1]) return undefined;
  return match[2] === undefined ? { id: match[1] } : { id: match[1], date: match[2] };
};

export const etagOf = (event: CalendarEvent): string => `W/"${changeKeyOf(event)}"`;

const changeKeyOf = (event: CalendarEvent): string =>
  Buffer.from(`${event.id.slice(0, 12)}${event.version}`).toString('base64');

const stamp = (wall: string): string => `${wall}.0000000`;
const instant = (at: number): string => new Date(at).toISOString().replace('Z', '0000Z');

const timesOf = (when: When, wishes: Wishes): { start: unknown; end: unknown } => {
  const walls = when.isAllDay
    ? [`${when.startDate}T00:00:00`, `${when.endDate}T00:00:00`]
    : [wallAt(when.start, wishes.zone), wallAt(when.end, wishes.zone)];
  const [start, end] = walls.map((wall) => ({ dateTime: stamp(wall), timeZone: wishes.zoneName }));
  return { start, end };
};

const plainText = (html: string): string =>
  html
    .replace(/<head[\s\S]*?<\/head>/gi, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();

/** Outlook keeps a whole document, whatever fragment it was given. */
const bodyOf = (event: CalendarEvent, asText: boolean): { contentType: string; content: string } => {
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
};

const recurrenceOf = (recurrence: Recurrence, when: When): unknown => {
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
};

/** One event, or one occurrence of a series, with the properties asked for. */
export const shapeEvent = (
  event: CalendarEvent,
  wishes: Wishes,
  occurrence?: Occurrence,
): Record<string, unknown> => {
  const date = occurrence?.date;
  const id = eventId(event, wishes.immutableIds, date);
  const { content, contentType } = bodyOf(event, wishes.textBody);
  const extended = event.extendedProperties.filter((one) =>
    wishes.expand.some((wanted) => wanted.toLowerCase() === one.id.toLowerCase()),
  );
  const location = {
    displayName: event.location,
    locationType: 'default',
    uniqueId: event.location,
    uniqueIdType: 'private',
  };
  const full: Record<string, unknown> = {
    '@odata.etag': etagOf(event),
    id,
    createdDateTime: instant(event.createdAt),
    lastModifiedDateTime: instant(event.changedAt),
    changeKey: changeKeyOf(event),
    categories: event.categories,
    transactionId: event.transactionId ?? null,
    originalStartTimeZone: event.originalTimeZone,
    originalEndTimeZone: event.originalTimeZone,
    iCalUId: `040000008200E00074C5B7101A82E008${event.id}`,
    reminderMinutesBeforeStart: event.reminderMinutesBeforeStart,
    isReminderOn: event.isReminderOn,
    hasAttachments: false,
    subject: event.subject,
    bodyPreview: (contentType === 'text' ? content : plainText(content)).slice(0, 255),
    importance: event.importance,
    sensitivity: event.sensitivity,
    isAllDay: (occurrence?.when ?? event.when).isAllDay,
    isCancelled: event.isCancelled,
    isOrganizer: event.response === 'organizer',
    responseRequested: true,
    seriesMasterId: date === undefined ? null : eventId(event, wishes.immutableIds),
    showAs: event.showAs,
    type: occurrence?.type ?? (event.recurrence ? 'seriesMaster' : 'singleInstance'),
    // Outlook on the web, as far as there is one here.
    webLink: `${wishes.origin}/calendar/item?itemid=${encodeURIComponent(id)}`,
    onlineMeetingUrl: null,
    isOnlineMeeting: event.isOnlineMeeting,
    onlineMeetingProvider: event.isOnlineMeeting ? 'teamsForBusiness' : 'unknown',
    allowNewTimeProposals: true,
    isDraft: false,
    hideAttendees: false,
    responseStatus: { response: event.response, time: '0001-01-01T00:00:00Z' },
    body: { contentType, content },
    ...timesOf(occurrence?.when ?? event.when, wishes),
    location,
    locations: event.location === '' ? [] : [location],
    recurrence: event.recurrence && date === undefined ? recurrenceOf(event.recurrence, event.when) : null,
    attendees: event.attendees.map(({ address, name, type }) => ({
      type,
      status: { response: 'none', time: '0001-01-01T00:00:00Z' },
      emailAddress: { name: name || address, address },
    })),
    organizer: { emailAddress: { name: event.organizer.name, address: event.organizer.address } },
    onlineMeeting: null,
  };
  const kept = wishes.select
    ? Object.fromEntries(
        ['@odata.etag', 'id', ...wishes.select]
          .filter((name) => name in full)
          .map((name) => [name, full[name]]),
      )
    : full;
  if (extended.length > 0) kept['singleValueExtendedProperties'] = extended;
  return kept;
};
