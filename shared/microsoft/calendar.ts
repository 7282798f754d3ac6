/**
 * A manager's default calendar in Microsoft Graph.
 *
 * A write and the reading back of its window travel in one `$batch`, which halves what a caller waits. With immutable ids a deleted
 * event may still answer by its id, so whether a viewing is there is judged by the calendar alone, never by an id.
 */
import { randomUUID } from 'node:crypto';
import type {
  Calendar,
  CalendarEvent,
  EventReference,
  RefusedWrite,
  WrittenEvent,
} from '../booking/calendar.ts';
import { deadlineExceeded } from '../core/deadline.ts';
import { DAY_MS, MINUTE_MS } from '../core/duration.ts';
import { AppError, isAppError } from '../core/errors.ts';
import type { Interval } from '../scheduling/schedule.ts';
import { parseGraph, sendBatch } from './batch.ts';
import type { BatchStep } from './batch.ts';
import {
  BOOKING_PROPERTY,
  EVENT_FIELDS,
  EVENT_HEADERS,
  EXPAND_BOOKING,
  FENCE_PROPERTY,
  graphEvent,
  graphEventPage,
  toCalendarEvent,
  toGraphAttendees,
  toGraphDraft,
  toGraphTimes,
} from './event.ts';
import { GraphProblem, retryWithin } from './graph-client.ts';
import type { Graph, GraphAuth } from './graph-client.ts';

export interface GraphCalendarOptions {
  readonly graph: Graph;
  readonly auth: GraphAuth;
  /** IANA; the manager's. */
  readonly timeZone: string;
  /** The deadline of everything asked of this calendar. */
  readonly signal: AbortSignal;
}

const PAGE_SIZE = '1000';
/** More pages than a calendar of 60 days has: a server that pages for ever must not keep us. */
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

/** A day wider on each side: the dates of an all-day event float. */
function widened({ start, end }: Interval): Interval {
  return { start: start - DAY_MS, end: end + DAY_MS };
}

/** Looks for our property in the default calendar alone: not in Deleted Items, nor in a calendar that an event was moved to. */
function bookingQuery(bookingId: string) {
  return {
    $filter: `singleValueExtendedProperties/Any(ep: ep/id eq '${BOOKING_PROPERTY}' and ep/value eq '${bookingId}')`,
    $expand: EXPAND_BOOKING,
    $select: EVENT_FIELDS,
  };
}

function eventPath(eventId: string): string {
  return `/me/events/${encodeURIComponent(eventId)}`;
}

function hasStatus(problem: unknown, ...statuses: number[]): boolean {
  return problem instanceof GraphProblem && statuses.includes(problem.status);
}

/** The duplicate has two faces, a 400 and a 409; both mean that the event was written already. */
function isDuplicate(problem: GraphProblem): boolean {
  return problem.status === 409 || problem.graphCode === 'ErrorDuplicateTransactionId';
}

/** Whether a request that failed like this may have been carried out all the same. */
function isUncertain(error: unknown): boolean {
  return !isAppError(error) || isAppError(error, 'microsoft_unreachable', 'deadline_exceeded');
}

export function createGraphCalendar({ graph, auth, timeZone, signal }: GraphCalendarOptions): Calendar {
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

  const readEach = async (urls: readonly string[]): Promise<CalendarEvent[][]> => {
    const steps = urls.map((url): BatchStep => ({ method: 'GET', url, headers: EVENT_HEADERS }));
    const responses = await sendBatch(graph, auth, steps, { signal });
    return responses.map(({ body, problem }) => {
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
    const missing = references.filter((_, index) => found[index] === null);
    if (missing.length === 0) return found;
    const rest = await readEach(
      missing.map(({ bookingId }) => toUrl('/me/calendar/events', bookingQuery(bookingId))),
    );
    return references.map((reference, index) => {
      const at = missing.indexOf(reference);
      return found[index] ?? (at < 0 ? null : pick(reference, rest[at] ?? []));
    });
  };

  const findByBooking = async (bookingId: string): Promise<CalendarEvent | null> => {
    const [events = []] = await readEach([toUrl('/me/calendar/events', bookingQuery(bookingId))]);
    return pick({ bookingId, eventId: null, interval: { start: 0, end: 0 } }, events);
  };

  /**
   * Repeats a write while the deadline leaves room. `refused` only if no attempt can have been carried out.
   * @param attempt gets `mayBeDone`, to be called once the write itself has succeeded
   */
  const tryWrite = async <T>(attempt: (mayBeDone: () => void) => Promise<T>): Promise<T | RefusedWrite> => {
    const outcome = { isUncertain: false };
    try {
      return await retryWithin(signal, true, async () => {
        // Nothing is sent any more, so nothing is in doubt that was not before.
        if (signal.aborted) throw deadlineExceeded();
        try {
          return await attempt(() => (outcome.isUncertain = true));
        } catch (error) {
          outcome.isUncertain ||= isUncertain(error);
          throw error;
        }
      });
    } catch (error) {
      if (outcome.isUncertain || !(error instanceof AppError)) throw error;
      return { kind: 'refused', reason: 'other', error };
    }
  };

  /**
   * A write and what is around it. A repeat of either write is harmless, so both are repeated, whichever of them failed.
   * @param resolve makes something of a problem, or throws it
   */
  const writeAndReadBack = <T>(
    step: BatchStep,
    window: Interval,
    resolve: (problem: GraphProblem) => Promise<WrittenEvent | T>,
  ): Promise<WrittenEvent | T | RefusedWrite> => {
    const view = toUrl('/me/calendarView', viewQuery(widened(window)));
    const steps: BatchStep[] = [step, { method: 'GET', url: view, headers: EVENT_HEADERS }];
    return tryWrite(async (mayBeDone) => {
      const [written, around] = await sendBatch(graph, auth, steps, { signal, chained: true });
      if (written === undefined || around === undefined) throw new TypeError('A batch of two gave fewer');
      if (written.problem !== null) return resolve(written.problem);
      mayBeDone();
      const event = toCalendarEvent(parseGraph(graphEvent, written.body), timeZone);
      // If only the reading back failed, it is read by itself.
      const events =
        around.problem === null ? await readRemainingPages(window, around.body) : await read(window);
      // The answer to a write carries no named properties.
      const readBack = events.find(({ eventId }) => eventId === event.eventId);
      const bookingId = event.bookingId ?? readBack?.bookingId ?? null;
      return { kind: 'written', event: { ...event, bookingId }, around: events };
    });
  };

  /** A change of an event as it was read. @see https://learn.microsoft.com/graph/api/event-update */
  const patch = (event: CalendarEvent, body: unknown): BatchStep => ({
    method: 'PATCH',
    url: eventPath(event.eventId),
    headers: { ...EVENT_HEADERS, 'If-Match': event.etag },
    body,
  });

  /** The same by itself. */
  const sendPatch = (
    event: CalendarEvent,
    body: unknown,
  ): Promise<'written' | 'gone' | 'changed' | RefusedWrite> =>
    tryWrite(async () => {
      const [written] = await sendBatch(graph, auth, [patch(event, body)], { signal, chained: true });
      const problem = written?.problem ?? null;
      if (hasStatus(problem, 404, 410)) return 'gone';
      if (hasStatus(problem, 412)) return 'changed';
      if (problem !== null) throw problem;
      return 'written';
    });

  const remove = async (
    reference: EventReference,
    eventId: string,
    { invited, comment }: { invited: boolean; comment: string },
  ): Promise<void> => {
    const path = eventPath(eventId);
    try {
      await graph.request(
        auth,
        invited
          ? {
              method: 'POST',
              path: `${path}/cancel`,
              body: { comment },
              headers: EVENT_HEADERS,
              repeatable: true,
              signal,
            }
          : { method: 'DELETE', path, headers: EVENT_HEADERS, signal },
      );
    } catch (error) {
      // Gone already, in Deleted Items, or no longer a meeting: the calendar tells.
      if (!hasStatus(error, 400, 403, 404, 410)) throw error;
      const [event = null] = await locate([reference]);
      if (event === null) return;
      if (!invited) throw error;
      await remove(reference, event.eventId, { invited: false, comment });
    }
  };

  return {
    read,
    locate,

    async create(draft, window) {
      const step: BatchStep = {
        method: 'POST',
        url: '/me/events',
        headers: EVENT_HEADERS,
        body: toGraphDraft(draft),
      };
      const written = await writeAndReadBack(step, window, async (problem) => {
        const existing = isDuplicate(problem) ? await findByBooking(draft.bookingId) : null;
        if (existing === null) throw problem;
        return { kind: 'written', event: existing, around: await read(window) };
      });
      const mayBeAttendee =
        written.kind === 'refused' &&
        draft.attendee !== null &&
        written.error instanceof GraphProblem &&
        written.error.status === 400 &&
        !isDuplicate(written.error);
      return mayBeAttendee ? { ...written, reason: 'attendee' } : written;
    },

    async move(event, to, window) {
      const written = await writeAndReadBack(
        patch(event, toGraphTimes(to)),
        window,
        async (problem): Promise<WrittenEvent | { kind: 'gone' } | { kind: 'changed' }> => {
          if (hasStatus(problem, 404, 410)) return { kind: 'gone' };
          if (!hasStatus(problem, 412)) throw problem;
          // An earlier attempt may have been carried out, its answer lost.
          const around = await read(window);
          const moved = around.find(({ eventId }) => eventId === event.eventId);
          return moved?.interval.start === to.start && moved.interval.end === to.end
            ? { kind: 'written', event: moved, around }
            : { kind: 'changed' };
        },
      );
      if (written.kind !== 'written') return written;
      if (written.around.some(({ eventId }) => eventId === event.eventId)) return written;
      // An event in Deleted Items, or in another calendar, can be changed by its id as well.
      const reference = { bookingId: event.bookingId ?? '', eventId: event.eventId, interval: to };
      const [located = null] = event.bookingId === null ? [written.event] : await locate([reference]);
      return located === null ? { kind: 'gone' } : written;
    },

    async fence(event) {
      const property = { id: FENCE_PROPERTY, value: randomUUID() };
      const written = await sendPatch(event, { singleValueExtendedProperties: [property] });
      if (typeof written !== 'string') throw written.error;
      return { kind: written === 'written' ? 'fenced' : written };
    },

    async invite(event, { attendee, bodyHtml }) {
      const body = bodyHtml === null ? {} : { body: { contentType: 'HTML', content: bodyHtml } };
      const written = await sendPatch(event, { attendees: toGraphAttendees(attendee), ...body });
      if (typeof written === 'string') return { kind: written === 'written' ? 'invited' : written };
      return hasStatus(written.error, 400) ? { ...written, reason: 'attendee' } : written;
    },

    async remove(reference, options) {
      if (reference.eventId !== null) await remove(reference, reference.eventId, options);
    },
  };
}
