// /me/events: make, read, find, change, delete, cancel.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  addEvent,
  changeEvent,
  defaultCalendarOf,
  eventsOf,
  itemsOf,
  removeEvent,
  removeOccurrence,
} from './calendar.ts';
import type { CalendarEvent } from './calendar.ts';
import { readChanges, readEventInput, readJson, readWhen } from './event-input.ts';
import { etagOf, eventId, parseEventId, shapeEvent } from './event-shape.ts';
import { badRequest, GraphFault, invalidRequest, notFound, unreadableQuery } from './graph-error.ts';
import { pageOf, readQuery } from './graph-query.ts';
import { json } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import type { Person } from './people.ts';
import { expandEvent } from './recurrence.ts';
import type { Occurrence } from './recurrence.ts';
import type { Store } from './store.ts';
import { instantOf } from './zones.ts';

interface Found {
  event: CalendarEvent;
  /** If the id names one day of a series. */
  occurrence?: Occurrence;
}

/** By id, in whichever folder it is: Graph finds deleted and moved events too, by their immutable ids alone. */
export function findEvent(store: Store, person: Person, id: string): Found {
  const parsed = parseEventId(id);
  if (!parsed) throw new GraphFault(400, 'ErrorInvalidIdMalformed', 'Id is malformed.');
  const event = itemsOf(store, person).find((one) => one.id === parsed.id);
  if (!event) throw notFound();
  const wasMoved = event.deletedAt !== undefined || event.calendarId !== undefined;
  if (wasMoved && !parsed.isImmutable) throw notFound();
  if (parsed.date === undefined) return { event };
  const { date } = parsed;
  const noon = instantOf(`${date}T12:00:00`, event.recurrence?.zone ?? 'UTC');
  const day = 86_400_000;
  const occurrence = expandEvent(event, noon - day, noon + day).find((one) => one.date === date);
  if (!occurrence) throw notFound();
  return { event, occurrence };
}

/** @see https://learn.microsoft.com/graph/api/user-post-events */
export function createEvent(store: Store, request: HttpRequest, person: Person): HttpResponse {
  const query = readQuery(request, []);
  const input = readEventInput(request);
  const when = readWhen(input);
  if (!when) throw badRequest('start and end are required.');
  const answer = (event: CalendarEvent): HttpResponse =>
    json(201, shapeEvent(event, query), {
      ...query.applied,
      etag: etagOf(event),
      location: `${request.origin}/v1.0/users('${person.id}')/events('${encodeURIComponent(eventId(event, query.immutableIds))}')`,
    });
  const requestDigest = createHash('sha256').update(JSON.stringify(input)).digest('base64url');
  const transactionId = input.transactionId ?? undefined;
  if (transactionId !== undefined) {
    const earlier = eventsOf(store, person).find((one) => one.transactionId === transactionId);
    if (earlier?.requestDigest === requestDigest) return answer(earlier);
    if (earlier) {
      throw new GraphFault(
        store.options.duplicateTransactionStatus ?? 409,
        'ErrorDuplicateTransactionId',
        'Your request can’t be completed. The TransactionId is already used by another event.',
        { '@event.existingEventId': eventId(earlier, query.immutableIds) },
      );
    }
  }
  return answer(
    addEvent(store, person, {
      ...readChanges(input),
      when,
      requestDigest,
      ...(transactionId === undefined ? {} : { transactionId }),
    }),
  );
}

const filterPattern =
  /^singleValueExtendedProperties\/any\(\s*(\w+)\s*:\s*\1\/id eq '((?:[^']|'')+)' and \1\/value eq '((?:[^']|'')*)'\s*\)$/i;

/** GET /me/events and /me/calendar/events: single events and masters of series, all or those with one extended property. */
export function listEvents(store: Store, request: HttpRequest, person: Person): HttpResponse {
  const query = readQuery(request, ['$filter', '$top', '$skip', '$skiptoken', '$select', '$expand']);
  const filter = request.query.get('$filter');
  // /me/events spans the mailbox's calendars, /me/calendar/events is the default one.
  const isDefaultOnly = /\/me\/calendar\/events$/i.test(request.path);
  let events = isDefaultOnly ? defaultCalendarOf(store, person) : eventsOf(store, person);
  if (filter !== null) {
    const match = filterPattern.exec(filter.trim());
    if (!match) throw unreadableQuery(`$filter '${filter}' is not supported.`);
    const [id = '', value = ''] = match.slice(2).map((text) => text.replaceAll("''", "'"));
    events = events.filter((event) =>
      event.extendedProperties.some(
        (one) => one.id.toLowerCase() === id.toLowerCase() && one.value === value,
      ),
    );
  }
  const { rows, next } = pageOf(request, events);
  return json(
    200,
    {
      '@odata.context': `${request.origin}/v1.0/$metadata#users('${person.id}')/events`,
      value: rows.map((event) => shapeEvent(event, query)),
      ...(next === undefined ? {} : { '@odata.nextLink': next }),
    },
    query.applied,
  );
}

/** `GET /me/events/ID`. @see https://learn.microsoft.com/graph/api/event-get */
export function getEvent(store: Store, request: HttpRequest, person: Person, id: string): HttpResponse {
  const query = readQuery(request, ['$select', '$expand']);
  const { event, occurrence } = findEvent(store, person, id);
  if (event.deletedAt !== undefined && store.deletedItems.get === 404) throw notFound();
  return json(200, shapeEvent(event, query, occurrence), { ...query.applied, etag: etagOf(event) });
}

function checkMatch(request: HttpRequest, event: CalendarEvent): void {
  const wanted = request.headers['if-match'];
  if (wanted === undefined || wanted === '*' || wanted === etagOf(event)) return;
  throw new GraphFault(
    412,
    'ErrorIrresolvableConflict',
    'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
  );
}

/** @see https://learn.microsoft.com/graph/api/event-update */
export function updateEvent(store: Store, request: HttpRequest, person: Person, id: string): HttpResponse {
  const query = readQuery(request, []);
  const { event, occurrence } = findEvent(store, person, id);
  if (event.deletedAt !== undefined && store.deletedItems.get === 404) throw notFound();
  checkMatch(request, event);
  const input = readEventInput(request);
  if (input.transactionId !== undefined) {
    throw invalidRequest('TransactionId can only be set when the event is created.');
  }
  const when = readWhen(input, event);
  const { extendedProperties, ...changes } = readChanges(input);
  if (extendedProperties) {
    const untouched = event.extendedProperties.filter(
      (one) => !extendedProperties.some((other) => other.id.toLowerCase() === one.id.toLowerCase()),
    );
    Object.assign(changes, { extendedProperties: [...untouched, ...extendedProperties] });
  }
  if (occurrence?.date === undefined || !event.recurrence) {
    changeEvent(store, person, event, { ...changes, ...(when ? { when } : {}) });
    return json(200, shapeEvent(event, query), { ...query.applied, etag: etagOf(event) });
  }
  if (!when || Object.keys(changes).some((name) => name !== 'originalTimeZone')) {
    throw invalidRequest('Of an occurrence the stand-in changes the time only.');
  }
  event.recurrence.moved[occurrence.date] = when;
  changeEvent(store, person, event, {});
  return json(200, shapeEvent(event, query, { ...occurrence, when, type: 'exception' }), query.applied);
}

/** Deletes an event, or the one day of a series that was found. */
export function removeFound(
  store: Store,
  person: Person,
  { event, occurrence }: Found,
  comment?: string,
): void {
  if (occurrence?.date === undefined || !event.recurrence) removeEvent(store, person, event, comment);
  else removeOccurrence(store, person, event, occurrence.date, comment);
}

/** @see https://learn.microsoft.com/graph/api/event-delete */
export function deleteEvent(store: Store, request: HttpRequest, person: Person, id: string): HttpResponse {
  readQuery(request, []);
  const found = findEvent(store, person, id);
  if (found.event.deletedAt !== undefined) {
    if (store.deletedItems.delete === 404) throw notFound();
    throw new GraphFault(403, 'ErrorCannotDeleteObject', 'The object cannot be deleted.');
  }
  checkMatch(request, found.event);
  removeFound(store, person, found);
  return { status: 204 };
}

const cancelSchema = z.strictObject({ comment: z.string().optional(), Comment: z.string().optional() });

/** @see https://learn.microsoft.com/graph/api/event-cancel */
export function cancelEvent(store: Store, request: HttpRequest, person: Person, id: string): HttpResponse {
  readQuery(request, []);
  const found = findEvent(store, person, id);
  const parsed = cancelSchema.safeParse(request.body === '' ? {} : readJson(request));
  if (!parsed.success) throw badRequest('The body of cancel holds a comment only.');
  if (found.event.deletedAt !== undefined) {
    if (store.deletedItems.get === 404) throw notFound();
    throw invalidRequest('Your request can’t be completed. The meeting has been cancelled already.');
  }
  if (found.event.response !== 'organizer') {
    throw invalidRequest('Your request can’t be completed. You need to be an organizer to cancel a meeting.');
  }
  if (found.event.attendees.length === 0) {
    throw invalidRequest('Your request can’t be completed. The event is not a meeting: it has no attendees.');
  }
  checkMatch(request, found.event);
  removeFound(store, person, found, parsed.data.comment ?? parsed.data.Comment);
  return { status: 202 };
}
