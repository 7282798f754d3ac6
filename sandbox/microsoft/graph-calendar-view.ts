// GET /me/calendarView: what happens in a window, series expanded.
import { defaultCalendarOf, instantsOf, zoneOf } from './calendar.ts';
import type { CalendarEvent } from './calendar.ts';
import { shapeEvent } from './event-shape.ts';
import { GraphFault, invalidRequest, unreadableQuery } from './graph-error.ts';
import { pageOf, readQuery } from './graph-query.ts';
import { json } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import type { Person } from './people.ts';
import { expandEvent } from './recurrence.ts';
import type { Occurrence } from './recurrence.ts';
import type { Store } from './store.ts';

const dayMs = 86_400_000;

export interface Placed {
  event: CalendarEvent;
  occurrence: Occurrence;
  start: number;
  end: number;
}

/** Occurrences that touch the window, in the order in which their events were made: Outlook promises no order either. */
export function occurrencesBetween(store: Store, person: Person, from: number, to: number): Placed[] {
  const zone = zoneOf(person);
  return defaultCalendarOf(store, person).flatMap((event) =>
    expandEvent(event, from, to)
      .map((occurrence) => ({ event, occurrence, ...instantsOf(occurrence.when, zone) }))
      .filter(
        ({ start, end }) => (start < to && end > from) || (start === end && start >= from && start < to),
      ),
  );
}

/** ISO 8601; without an offset it is UTC. A `+` that was not encoded arrives as a space and is refused here. */
function readInstant(request: HttpRequest, name: string): number {
  const text = request.query.get(name);
  if (text === null) {
    throw new GraphFault(
      400,
      'ErrorInvalidParameter',
      'This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.',
    );
  }
  const match = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(
    text,
  );
  const at = match ? Date.parse(match[1] === undefined && text.includes('T') ? `${text}Z` : text) : NaN;
  if (Number.isNaN(at)) {
    throw new GraphFault(
      400,
      'ErrorInvalidParameter',
      `The value '${text}' of parameter '${name}' is invalid.`,
    );
  }
  return at;
}

function inOrder(order: string | null, placed: Placed[]): Placed[] {
  if (order === null) return placed;
  const match = /^(start|end)\/dateTime(?: (asc|desc))?$/.exec(order);
  if (!match) throw unreadableQuery(`$orderby '${order}' is not supported.`);
  const key = match[1] === 'end' ? 'end' : 'start';
  const sign = match[2] === 'desc' ? -1 : 1;
  return placed.toSorted((a, b) => sign * (a[key] - b[key]));
}

/** @see https://learn.microsoft.com/graph/api/user-list-calendarview */
export function handleCalendarView(store: Store, request: HttpRequest, person: Person): HttpResponse {
  const options = [
    'startDateTime',
    'endDateTime',
    '$top',
    '$skip',
    '$skiptoken',
    '$select',
    '$orderby',
    '$expand',
  ];
  const query = readQuery(request, options);
  const from = readInstant(request, 'startDateTime');
  const to = readInstant(request, 'endDateTime');
  if (to < from) {
    throw new GraphFault(
      400,
      'ErrorCalendarEndDateIsEarlierThanStartDate',
      'The end date is earlier than the start date.',
    );
  }
  if (to - from > 1825 * dayMs)
    throw invalidRequest(
      'The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long. The allowed limit = 1825 days.',
    );
  const placed = inOrder(request.query.get('$orderby'), occurrencesBetween(store, person, from, to));
  const { rows, next } = pageOf(request, placed);
  return json(
    200,
    {
      '@odata.context': `${request.origin}/v1.0/$metadata#users('${person.id}')/calendarView`,
      value: rows.map(({ event, occurrence }) => shapeEvent(event, query, occurrence)),
      ...(next === undefined ? {} : { '@odata.nextLink': next }),
    },
    query.applied,
  );
}
