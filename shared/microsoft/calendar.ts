/**
 * A manager's default calendar in Microsoft Graph.
 *
 * A write and the reading back of its window travel in one `$batch`, which halves what a caller waits. The batch's own answer is
 * 200 whatever happened inside: each inner answer is judged by itself.
 * @see https://learn.microsoft.com/graph/json-batching
 */
import { z } from 'zod';
import type { Calendar, CalendarEvent, WrittenEvent } from '../booking/calendar.ts';
import { AppError } from '../core/errors.ts';
import type { Interval } from '../scheduling/schedule.ts';
import { GraphProblem, retryWithin } from './graph-client.ts';
import type { Graph, GraphAuth } from './graph-client.ts';
import {
  BOOKING_PROPERTY,
  EVENT_FIELDS,
  EVENT_HEADERS,
  EXPAND_BOOKING,
  graphEvent,
  graphEventPage,
  toCalendarEvent,
  toGraphDraft,
  toGraphTimes,
} from './event.ts';

export interface GraphCalendarOptions {
  readonly graph: Graph;
  readonly auth: GraphAuth;
  /** IANA; the manager's. */
  readonly timeZone: string;
  /** The deadline of everything asked of this calendar. */
  readonly signal: AbortSignal;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const PAGE_SIZE = '1000';
/** More pages than a calendar of 60 days has: a server that pages for ever must not keep us. */
const MAX_PAGES = 50;

const batchAnswer = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown(),
    }),
  ),
});

interface Step {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly body?: unknown;
}

interface Inner {
  readonly body: unknown;
  readonly problem: GraphProblem | null;
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new AppError('microsoft_unreachable', 'Microsoft Graph sent an answer of an unknown shape', {
    cause: parsed.error,
  });
}

function viewQuery(window: Interval) {
  return {
    // A day wider on each side: the dates of an all-day event float.
    startDateTime: new Date(window.start - DAY_MS).toISOString(),
    endDateTime: new Date(window.end + DAY_MS).toISOString(),
    $select: EVENT_FIELDS,
    $expand: EXPAND_BOOKING,
    $top: PAGE_SIZE,
  };
}

function toUrl(path: string, query: Readonly<Record<string, string>>): string {
  return `${path}?${Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`;
}

function eventPath(eventId: string): string {
  return `/me/events/${encodeURIComponent(eventId)}`;
}

function isGone(problem: unknown): boolean {
  return problem instanceof GraphProblem && (problem.status === 404 || problem.status === 410);
}

/** The duplicate has two faces, a 400 and a 409; both mean that the event stands already. */
function isDuplicate(problem: GraphProblem): boolean {
  return problem.status === 409 || problem.graphCode === 'ErrorDuplicateTransactionId';
}

export function createGraphCalendar({ graph, auth, timeZone, signal }: GraphCalendarOptions): Calendar {
  const toEvent = (body: unknown): CalendarEvent => toCalendarEvent(parse(graphEvent, body), timeZone);

  const touching = (window: Interval, body: unknown): CalendarEvent[] =>
    parse(graphEventPage, body)
      .value.map((event) => toCalendarEvent(event, timeZone))
      .filter(({ interval }) => interval.start < window.end && interval.end > window.start);

  /** The pages after one that came with a nextLink. */
  const readOn = async (window: Interval, first: unknown): Promise<CalendarEvent[]> => {
    const events = touching(window, first);
    let next = parse(graphEventPage, first)['@odata.nextLink'];
    for (let pages = 1; next; pages += 1) {
      if (pages >= MAX_PAGES)
        throw new AppError('microsoft_unreachable', 'Microsoft Graph pages without end');
      const page = await graph.request(auth, { method: 'GET', path: next, headers: EVENT_HEADERS, signal });
      events.push(...touching(window, page));
      next = parse(graphEventPage, page)['@odata.nextLink'];
    }
    return events;
  };

  /** Sends the steps in order. `chained`: each waits for the one before it, and the caller repeats them. */
  const batch = async (steps: readonly Step[], chained: boolean): Promise<Inner[]> => {
    const requests = steps.map((step, index) => ({
      id: String(index + 1),
      ...step,
      headers: {
        ...EVENT_HEADERS,
        ...(step.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(chained && index > 0 ? { dependsOn: [String(index)] } : {}),
    }));
    const { responses } = parse(
      batchAnswer,
      await graph.request(auth, {
        method: 'POST',
        path: '/$batch',
        body: { requests },
        // Every step we send may be repeated: a create carries its transactionId.
        repeatable: true,
        once: chained,
        signal,
      }),
    );
    return requests.map(({ id }) => {
      const answer = responses.find((response) => response.id === id);
      if (answer === undefined)
        throw new AppError('microsoft_unreachable', 'Microsoft Graph left out an answer');
      const retryAfter = Object.entries(answer.headers ?? {}).find(
        ([k]) => k.toLowerCase() === 'retry-after',
      );
      const failed = answer.status < 200 || answer.status > 299;
      return {
        body: answer.body,
        problem: failed ? new GraphProblem(answer.status, answer.body, retryAfter?.[1] ?? null) : null,
      };
    });
  };

  const read = async (window: Interval): Promise<CalendarEvent[]> =>
    readOn(
      window,
      await graph.request(auth, {
        method: 'GET',
        path: '/me/calendarView',
        query: viewQuery(window),
        headers: EVENT_HEADERS,
        signal,
      }),
    );

  const findByBooking = async (bookingId: string): Promise<CalendarEvent | null> => {
    const found = await graph.request(auth, {
      method: 'GET',
      path: '/me/events',
      query: {
        $filter: `singleValueExtendedProperties/Any(ep: ep/id eq '${BOOKING_PROPERTY}' and ep/value eq '${bookingId}')`,
        $expand: EXPAND_BOOKING,
        $select: EVENT_FIELDS,
      },
      headers: EVENT_HEADERS,
      signal,
    });
    const events = parse(graphEventPage, found).value.map((event) => toCalendarEvent(event, timeZone));
    return events.find((event) => event.bookingId === bookingId && !event.cancelled) ?? null;
  };

  /** A write and what stands around it. A repeat of either write is harmless, so both are, whichever of them failed. */
  const write = async (
    step: Step,
    window: Interval,
    adopt: (problem: GraphProblem) => Promise<CalendarEvent>,
  ): Promise<WrittenEvent> => {
    const steps: Step[] = [step, { method: 'GET', url: toUrl('/me/calendarView', viewQuery(window)) }];
    return retryWithin(signal, true, async () => {
      const [written, around] = await batch(steps, true);
      if (written === undefined || around === undefined) throw new TypeError('A batch of two gave fewer');
      const event = written.problem === null ? toEvent(written.body) : await adopt(written.problem);
      // Where only the reading back failed, it is read by itself.
      const events = around.problem === null ? await readOn(window, around.body) : await read(window);
      // The answer to a write carries no named properties.
      const shown = events.find(({ eventId }) => eventId === event.eventId);
      return { event: { ...event, bookingId: event.bookingId ?? shown?.bookingId ?? null }, around: events };
    });
  };

  return {
    read,
    findByBooking,

    create(draft, window) {
      return write(
        { method: 'POST', url: '/me/events', body: toGraphDraft(draft) },
        window,
        async (problem) => {
          const standing = isDuplicate(problem) ? await findByBooking(draft.bookingId) : null;
          if (standing === null) throw problem;
          return standing;
        },
      );
    },

    async move(eventId, to, window) {
      try {
        return await write(
          { method: 'PATCH', url: eventPath(eventId), body: toGraphTimes(to) },
          window,
          (problem) => {
            throw problem;
          },
        );
      } catch (error) {
        if (isGone(error)) return null;
        throw error;
      }
    },

    async get(eventIds) {
      if (eventIds.length === 0) return [];
      const answers = await batch(
        eventIds.map((eventId) => ({
          method: 'GET',
          url: toUrl(eventPath(eventId), { $select: EVENT_FIELDS, $expand: EXPAND_BOOKING }),
        })),
        false,
      );
      return answers.map(({ body, problem }) => {
        if (problem !== null) {
          if (isGone(problem)) return null;
          throw problem;
        }
        const event = toEvent(body);
        return event.cancelled ? null : event;
      });
    },

    async remove(eventId, { invited, comment }) {
      try {
        await graph.request(
          auth,
          invited
            ? {
                method: 'POST',
                path: `${eventPath(eventId)}/cancel`,
                body: { comment },
                headers: EVENT_HEADERS,
                repeatable: true,
                signal,
              }
            : { method: 'DELETE', path: eventPath(eventId), headers: EVENT_HEADERS, signal },
        );
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}
