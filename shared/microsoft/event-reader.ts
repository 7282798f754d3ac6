/**
 * Reading a manager's default calendar in Microsoft Graph.
 *
 * With immutable ids a deleted event may still answer by its id. So only the calendar decides whether a viewing exists:
 * its view, then a filter on our property.
 */
import type { CalendarEvent, EventReference } from '../booking/calendar.ts';
import { DAY_MS, MINUTE_MS } from '../core/duration.ts';
import { AppError } from '../core/errors.ts';
import type { Interval } from '../scheduling/schedule.ts';
import { parseGraph, sendBatch } from './batch.ts';
import type { BatchStep } from './batch.ts';
import {
  BOOKING_PROPERTY,
  EVENT_FIELDS,
  EVENT_HEADERS,
  EXPAND_BOOKING,
  graphEventPage,
  toCalendarEvent,
} from './event.ts';
import type { Graph, GraphAuth } from './graph-client.ts';

/** One manager's calendar, for one request. */
export interface GraphCalendarOptions {
  readonly graph: Graph;
  readonly auth: GraphAuth;
  /** IANA; the manager's. */
  readonly timeZone: string;
  /** The deadline of everything asked of this calendar. */
  readonly signal: AbortSignal;
}

const PAGE_SIZE = '1000';
/** As many requests as Graph takes in one batch. */
const BATCH_SIZE = 20;
/** More pages than a calendar of 60 days has. A server whose pages never end must not block a request. */
const MAX_PAGES = 50;

function toUrl(path: string, query: Readonly<Record<string, string>>): string {
  return `${path}?${Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`;
}

function viewQuery({ start, end }: Interval) {
  return {
    startDateTime: new Date(start).toISOString(),
    endDateTime: new Date(end).toISOString(),
    $select: EVENT_FIELDS,
    $expand: EXPAND_BOOKING,
    $top: PAGE_SIZE,
  };
}

/** The step of a batch that reads a window. */
export function viewStep(window: Interval): BatchStep {
  return {
    method: 'GET',
    url: toUrl('/me/calendarView', viewQuery(widened(window))),
    headers: EVENT_HEADERS,
  };
}

/** A day wider on each side: the dates of an all-day event float. */
function widened({ start, end }: Interval): Interval {
  return { start: start - DAY_MS, end: end + DAY_MS };
}

/** Looks for our property in the default calendar alone, and not in Deleted Items or another calendar. */
function bookingQuery(bookingId: string) {
  return {
    $filter: `singleValueExtendedProperties/Any(ep: ep/id eq '${BOOKING_PROPERTY}' and ep/value eq '${bookingId}')`,
    $expand: EXPAND_BOOKING,
    $select: EVENT_FIELDS,
  };
}

/** Every method throws AppError `microsoft_*`, `deadline_exceeded`, or what `auth` throws. */
export interface EventReader {
  /** All events that overlap the window. */
  readonly read: (window: Interval) => Promise<CalendarEvent[]>;
  /** The same, from the answer to a `viewStep`: the pages after the first one are read. */
  readonly readRemainingPages: (window: Interval, first: unknown) => Promise<CalendarEvent[]>;
  readonly locate: (references: readonly EventReference[]) => Promise<(CalendarEvent | null)[]>;
  /** The event that this booking wrote, if it is in the default calendar. */
  readonly findByBooking: (bookingId: string) => Promise<CalendarEvent | null>;
}

/** Reads one manager's default calendar, for one request. @see https://learn.microsoft.com/graph/api/calendar-list-calendarview */
export function createEventReader({ graph, auth, timeZone, signal }: GraphCalendarOptions): EventReader {
  const toEvents = (body: unknown): CalendarEvent[] =>
    parseGraph(graphEventPage, body).value.map((event) => toCalendarEvent(event, timeZone));

  const eventsOverlapping = (window: Interval, body: unknown): CalendarEvent[] =>
    toEvents(body).filter(({ interval }) => interval.start < window.end && interval.end > window.start);

  /** The pages after one that came with a nextLink. */
  const readRemainingPages = async (window: Interval, first: unknown): Promise<CalendarEvent[]> => {
    const events = eventsOverlapping(window, first);
    let next = parseGraph(graphEventPage, first)['@odata.nextLink'];
    for (let pages = 1; next; pages += 1) {
      if (pages >= MAX_PAGES)
        throw new AppError('microsoft_unreachable', 'Microsoft Graph pages without end');
      const page = await graph.request(auth, { method: 'GET', path: next, headers: EVENT_HEADERS, signal });
      events.push(...eventsOverlapping(window, page));
      next = parseGraph(graphEventPage, page)['@odata.nextLink'];
    }
    return events;
  };

  const read = async (window: Interval): Promise<CalendarEvent[]> =>
    readRemainingPages(
      window,
      await graph.request(auth, {
        method: 'GET',
        path: '/me/calendarView',
        query: viewQuery(widened(window)),
        headers: EVENT_HEADERS,
        signal,
      }),
    );

  /** Of several events with our property, as after a copy made in Outlook, the one that we wrote. */
  const pick = ({ bookingId, eventId }: EventReference, events: CalendarEvent[]): CalendarEvent | null => {
    const ours = events.filter((event) => event.bookingId === bookingId && !event.cancelled);
    return ours.find((event) => event.eventId === eventId) ?? ours[0] ?? null;
  };

  /** Whether this is the event that we wrote. If it is a copy that the manager made, ours may be at another time. */
  const isCertain = ({ eventId }: EventReference, event: CalendarEvent | null): boolean =>
    event !== null && (eventId === null || event.eventId === eventId);

  const readEach = async (urls: readonly string[]): Promise<CalendarEvent[][]> => {
    const steps = urls.map((url): BatchStep => ({ method: 'GET', url, headers: EVENT_HEADERS }));
    const batches = Array.from({ length: Math.ceil(steps.length / BATCH_SIZE) }, (_, index) =>
      steps.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
    );
    const responses = await Promise.all(batches.map((batch) => sendBatch(graph, auth, batch, { signal })));
    return responses.flat().map(({ body, problem }) => {
      if (problem !== null) throw problem;
      return toEvents(body);
    });
  };

  const locate = async (references: readonly EventReference[]): Promise<(CalendarEvent | null)[]> => {
    if (references.length === 0) return [];
    // An empty stretch of time has no events: a minute has.
    const views = await readEach(
      references.map(({ interval: { start, end } }) =>
        toUrl('/me/calendarView', viewQuery({ start, end: Math.max(end, start + MINUTE_MS) })),
      ),
    );
    const found = references.map((reference, index) => pick(reference, views[index] ?? []));
    const missing = references.filter((reference, index) => !isCertain(reference, found[index] ?? null));
    if (missing.length === 0) return found;
    const rest = await readEach(
      missing.map(({ bookingId }) => toUrl('/me/calendar/events', bookingQuery(bookingId))),
    );
    return references.map((reference, index) => {
      const at = missing.indexOf(reference);
      return at < 0 ? (found[index] ?? null) : (pick(reference, rest[at] ?? []) ?? found[index] ?? null);
    });
  };

  const findByBooking = async (bookingId: string): Promise<CalendarEvent | null> => {
    const [events = []] = await readEach([toUrl('/me/calendar/events', bookingQuery(bookingId))]);
    return pick({ bookingId, eventId: null, interval: { start: 0, end: 0 } }, events);
  };

  return { read, readRemainingPages, locate, findByBooking };
}
