// Controls of the calendars: what a manager does in Outlook.
import {
  addEvent,
  changeEvent,
  defaultCalendarOf,
  eventsOf,
  itemsOf,
  moveToCalendar,
  removeEvent,
} from './calendar.ts';
import type { CalendarEvent, Invitation, NewEvent, When } from './calendar.ts';
import { parseEventId } from './event-shape.ts';
import { getPerson } from './directory.ts';
import type { DeletedItemsBehaviour, Store } from './store.ts';

/** An event by its times: epoch milliseconds or ISO with an offset; an all-day event by its dates, the second one exclusive. */
export type EventToAdd = Partial<Omit<NewEvent, 'when'>> &
  ({ start: number | string; end: number | string } | { startDate: string; endDate: string });

/** People are named by id or by any address, events by Graph's id or the stored one. Every change gives the event a new etag. */
export interface CalendarControls {
  addEvent(person: string, event: EventToAdd): CalendarEvent;
  /** Stored events, series unexpanded. Without `where` those of the default calendar. */
  events(
    person: string,
    where?: 'default_calendar' | 'other_calendars' | 'deleted_items',
  ): readonly CalendarEvent[];
  moveEvent(person: string, id: string, when: { start: number | string; end: number | string }): void;
  /** Any other change that the manager makes in Outlook. */
  editEvent(person: string, id: string, changes: Partial<CalendarEvent>): void;
  /** Moves it to Deleted Items, as Outlook does. */
  deleteEvent(person: string, id: string): void;
  /** Moves it to another calendar of the same mailbox, named by any text; null brings it back to the default calendar. */
  moveToCalendar(person: string, id: string, calendar: string | null): void;
  /** What Graph answers for events in Deleted Items, until the next `reset`. What is left out stays as it is. */
  setDeletedItems(behaviour: Partial<DeletedItemsBehaviour>): void;
  invitations(): readonly Invitation[];
}

function toInstant(at: number | string): number {
  const value = typeof at === 'number' ? at : /(Z|[+-]\d{2}:\d{2})$/.test(at) ? Date.parse(at) : NaN;
  if (Number.isNaN(value)) throw new Error(`Not an instant: ${at}`);
  return value;
}

function toWhen(
  event: { start: number | string; end: number | string } | { startDate: string; endDate: string },
): When {
  return 'startDate' in event
    ? { isAllDay: true, startDate: event.startDate, endDate: event.endDate }
    : { isAllDay: false, start: toInstant(event.start), end: toInstant(event.end) };
}

function isOneOf<T>(allowed: readonly T[], value: T | undefined): boolean {
  return value === undefined || allowed.includes(value);
}

/** The methods by which a test changes calendars as a manager does in Outlook. */
export function createCalendarControls(store: Store): CalendarControls {
  function eventNamed(key: string, id: string): CalendarEvent {
    const person = getPerson(store, key);
    const wanted = parseEventId(id)?.id ?? id;
    const event = eventsOf(store, person).find((one) => one.id === wanted);
    if (!event) throw new Error(`${person.name} has no event ${id}`);
    return event;
  }

  return {
    addEvent(key, { ...event }) {
      const when = toWhen(event);
      for (const name of ['start', 'end', 'startDate', 'endDate']) Reflect.deleteProperty(event, name);
      return addEvent(store, getPerson(store, key), { ...event, when });
    },
    events(key, where = 'default_calendar') {
      const person = getPerson(store, key);
      if (where === 'default_calendar') return defaultCalendarOf(store, person);
      if (where === 'other_calendars')
        return eventsOf(store, person).filter(({ calendarId }) => calendarId !== undefined);
      return itemsOf(store, person).filter(({ deletedAt }) => deletedAt !== undefined);
    },
    moveEvent(key, id, when) {
      changeEvent(store, getPerson(store, key), eventNamed(key, id), { when: toWhen(when) });
    },
    editEvent(key, id, changes) {
      changeEvent(store, getPerson(store, key), eventNamed(key, id), changes);
    },
    deleteEvent(key, id) {
      removeEvent(store, getPerson(store, key), eventNamed(key, id));
    },
    moveToCalendar(key, id, calendar) {
      moveToCalendar(store, getPerson(store, key), eventNamed(key, id), calendar);
    },
    setDeletedItems(behaviour) {
      if (!isOneOf([200, 404], behaviour.get)) throw new Error('get is 200 or 404');
      if (!isOneOf([403, 404], behaviour.delete)) throw new Error('delete is 403 or 404');
      Object.assign(store.deletedItems, behaviour);
    },
    invitations: () => store.state.invitations,
  };
}
