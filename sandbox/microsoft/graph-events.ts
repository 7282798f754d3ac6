// /me/events: make, read, find, change, delete, cancel.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { addEvent, changeEvent, eventsOf, notify, removeEvent } from './calendar.ts';
import type { CalendarEvent } from './calendar.ts';
import { readChanges, readEventInput, readJson, readWhen } from './event-input.ts';
import { etagOf, eventId, parseEventId, shapeEvent } from './event-shape.ts';
import { badRequest, GraphFault, invalidRequest, notFound, unreadableQuery } from './graph-error.ts';
import { pageOf, readWishes } from './graph-query.ts';
import { json } from './http.ts';
import type { Answer, Asked } from './http.ts';
import type { Person } from './people.ts';
import { expandEvent } from './recurrence.ts';
import type { Occurrence } from './recurrence.ts';
import type { World } from './world.ts';
import { instantOf } from './zones.ts';

interface Found {
  event: CalendarEvent;
  /** Of a series, where the id names one day of it. */
  occurrence?: Occurrence;
}

export const findEvent = (world: World, person: Person, id: string): Found => {
  const parsed = parseEventId(id);
  if (!parsed) throw new GraphFault(400, 'ErrorInvalidIdMalformed', 'Id is malformed.');
  const event = eventsOf(world, person).find((one) => one.id === parsed.id);
  if (!event) throw notFound();
  if (parsed.date === undefined) return { event };
  const { date } = parsed;
  const noon = instantOf(`${date}T12:00:00`, event.recurrence?.zone ?? 'UTC');
  const day = 86_400_000;
  const occurrence = expandEvent(event, noon - day, noon + day).find((one) => one.date === date);
  if (!occurrence) throw notFound();
  return { event, occurrence };
};

/** @see https://learn.microsoft.com/graph/api/user-post-events */
export const createEvent = (world: World, asked: Asked, person: Person): Answer => {
  const wishes = readWishes(asked, []);
  const input = readEventInput(asked);
  const when = readWhen(input);
  if (!when) throw badRequest('start and end are required.');
  const answer = (event: CalendarEvent): Answer =>
    json(201, shapeEvent(event, wishes), {
      ...wishes.applied,
      etag: etagOf(event),
      location: `${asked.origin}/v1.0/users('${person.id}')/events('${encodeURIComponent(eventId(event, wishes.immutableIds))}')`,
    });
  const requestDigest = createHash('sha256').update(JSON.stringify(input)).digest('base64url');
  const transactionId = input.transactionId ?? undefined;
  if (transactionId !== undefined) {
    const earlier = eventsOf(world, person).find((one) => one.transactionId === transactionId);
    if (earlier?.requestDigest === requestDigest) return answer(earlier);
    if (earlier) {
      throw new GraphFault(
        world.options.duplicateTransactionStatus ?? 409,
        'ErrorDuplicateTransactionId',
        'Your request can’t be completed. The TransactionId is already used by another event.',
        { '@event.existingEventId': eventId(earlier, wishes.immutableIds) },
      );
    }
  }
  return answer(
    addEvent(world, person, {
      ...readChanges(input),
      when,
      requestDigest,
      ...(transactionId === undefined ? {} : { transactionId }),
    }),
  );
};

const filterPattern =
  /^singleValueExtendedProperties\/any\(\s*(\w+)\s*:\s*\1\/id eq '((?:[^']|'')+)' and \1\/value eq '((?:[^']|'')*)'\s*\)$/i;

/** GET /me/events: single events and masters of series, all or those with one extended property. */
export const listEvents = (world: World, asked: Asked, person: Person): Answer => {
  const wishes = readWishes(asked, ['$filter', '$top', '$skip', '$skiptoken', '$select', '$expand']);
  const filter = asked.query.get('$filter');
  let events = eventsOf(world, person);
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
  const { rows, next } = pageOf(asked, events);
  return json(
    200,
    {
      '@odata.context': `${asked.origin}/v1.0/$metadata#users('${person.id}')/events`,
      value: rows.map((event) => shapeEvent(event, wishes)),
      ...(next === undefined ? {} : { '@odata.nextLink': next }),
    },
    wishes.applied,
  );
};

export const getEvent = (world: World, asked: Asked, person: Person, id: string): Answer => {
  const wishes = readWishes(asked, ['$select', '$expand']);
  const { event, occurrence } = findEvent(world, person, id);
  return json(200, shapeEvent(event, wishes, occurrence), { ...wishes.applied, etag: etagOf(event) });
};

const checkMatch = (asked: Asked, event: CalendarEvent): void => {
  const wanted = asked.headers['if-match'];
  if (wanted === undefined || wanted === '*' || wanted === etagOf(event)) return;
  throw new GraphFault(
    412,
    'ErrorIrresolvableConflict',
    'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
  );
};

/** @see https://learn.microsoft.com/graph/api/event-update */
export const updateEvent = (world: World, asked: Asked, person: Person, id: string): Answer => {
  const wishes = readWishes(asked, []);
  const { event, occurrence } = findEvent(world, person, id);
  checkMatch(asked, event);
  const input = readEventInput(asked);
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
    changeEvent(world, event, { ...changes, ...(when ? { when } : {}) });
    return json(200, shapeEvent(event, wishes), { ...wishes.applied, etag: etagOf(event) });
  }
  if (!when || Object.keys(changes).some((name) => name !== 'originalTimeZone')) {
    throw invalidRequest('Of an occurrence the stand-in changes the time only.');
  }
  event.recurrence.moved[occurrence.date] = when;
  changeEvent(world, event, {});
  return json(200, shapeEvent(event, wishes, { ...occurrence, when, type: 'exception' }), wishes.applied);
};

/** Deletes an event, or the one day of a series that was found. */
export const removeFound = (
  world: World,
  person: Person,
  { event, occurrence }: Found,
  comment?: string,
): void => {
  if (occurrence?.date === undefined || !event.recurrence) {
    removeEvent(world, person, event, comment);
    return;
  }
  Reflect.deleteProperty(event.recurrence.moved, occurrence.date);
  event.recurrence.removed.push(occurrence.date);
  event.version += 1;
  notify(world, event, 'cancellation', event.attendees, comment);
};

/** @see https://learn.microsoft.com/graph/api/event-delete */
export const deleteEvent = (world: World, asked: Asked, person: Person, id: string): Answer => {
  readWishes(asked, []);
  const found = findEvent(world, person, id);
  checkMatch(asked, found.event);
  removeFound(world, person, found);
  return { status: 204 };
};

const cancelSchema = z.strictObject({ comment: z.string().optional(), Comment: z.string().optional() });

/** @see https://learn.microsoft.com/graph/api/event-cancel */
export const cancelEvent = (world: World, asked: Asked, person: Person, id: string): Answer => {
  readWishes(asked, []);
  const found = findEvent(world, person, id);
  const parsed = cancelSchema.safeParse(asked.body === '' ? {} : readJson(asked));
  if (!parsed.success) throw badRequest('The body of cancel holds a comment only.');
  if (found.event.response !== 'organizer') {
    throw invalidRequest('Your request can’t be completed. You need to be an organizer to cancel a meeting.');
  }
  removeFound(world, person, found, parsed.data.comment ?? parsed.data.Comment);
  return { status: 202 };
};
