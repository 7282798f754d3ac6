/**
 * A manager's default calendar in Microsoft Graph.
 *
 * A write and the reading back of its window travel in one `$batch`, which halves what a caller waits. Every PATCH carries the
 * version that it was decided on.
 */
import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import type {
  Calendar,
  CalendarEvent,
  EventReference,
  RefusedWrite,
  WrittenEvent,
} from '../booking/calendar.ts';
import { deadlineExceeded } from '../core/deadline.ts';
import { AppError, isAppError } from '../core/errors.ts';
import type { Interval } from '../scheduling/schedule.ts';
import { parseGraph, sendBatch } from './batch.ts';
import type { BatchStep } from './batch.ts';
import {
  EVENT_HEADERS,
  FENCE_PROPERTY,
  graphEvent,
  graphGuests,
  toCalendarEvent,
  toGraphDraft,
  toGraphTimes,
  withAttendee,
} from './event.ts';
import { createEventReader, viewStep } from './event-reader.ts';
import type { GraphCalendarOptions } from './event-reader.ts';
import { GraphProblem, retryWithin } from './graph-client.ts';

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

/**
 * One manager's default calendar in Microsoft Graph, for one request. `Calendar` documents the methods. They throw AppError
 * `microsoft_*` or `deadline_exceeded`, or what `auth` throws. A write that throws may have been carried out; `refused` says that it
 * surely was not.
 */
export function createGraphCalendar(options: GraphCalendarOptions): Calendar {
  const { graph, auth, timeZone, signal } = options;
  const { read, readRemainingPages, locate, findByBooking } = createEventReader(options);

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
   * A write, and a read of the calendar around it. To repeat the write is harmless, so both are repeated if one of them failed.
   * @param resolve makes something of a problem, or throws it
   */
  const writeAndReadBack = <T>(
    step: BatchStep,
    window: Interval,
    resolve: (problem: GraphProblem) => Promise<WrittenEvent | T>,
  ): Promise<WrittenEvent | T | RefusedWrite> => {
    const steps: BatchStep[] = [step, viewStep(window)];
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

  /** The guests that an event has now. Null if it is gone. */
  const readGuests = async (event: CalendarEvent): Promise<z.infer<typeof graphGuests> | null> => {
    const path = eventPath(event.eventId);
    const query = { $select: 'attendees' };
    try {
      return parseGraph(
        graphGuests,
        await graph.request(auth, { method: 'GET', path, query, headers: EVENT_HEADERS, signal }),
      );
    } catch (error) {
      if (hasStatus(error, 404, 410)) return null;
      throw error;
    }
  };

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
      // It may be gone already, in Deleted Items, or no longer a meeting: the calendar view decides.
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
        return { kind: 'written', event: existing, wasThere: true, around: await read(window) };
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
      const guests = await readGuests(event);
      if (guests === null) return { kind: 'gone' };
      const written = await sendPatch(event, { attendees: withAttendee(guests, attendee), ...body });
      if (typeof written === 'string') return { kind: written === 'written' ? 'invited' : written };
      return hasStatus(written.error, 400) ? { ...written, reason: 'attendee' } : written;
    },

    async remove(reference, options) {
      if (reference.eventId !== null) await remove(reference, reference.eventId, options);
    },
  };
}
