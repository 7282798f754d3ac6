// What a mailbox's calendar holds, whoever writes it: Graph, the calendar page, or a test.
import { createHash, randomUUID } from 'node:crypto';
import type { Person } from './people.ts';
import type { Recurrence } from './recurrence.ts';
import type { EventChange, Store } from './store.ts';
import { instantOf, toIana } from './zones.ts';

export type ShowAs = 'free' | 'tentative' | 'busy' | 'oof' | 'workingElsewhere' | 'unknown';
export type ResponseStatus =
  'none' | 'organizer' | 'tentativelyAccepted' | 'accepted' | 'declined' | 'notResponded';

export interface Attendee {
  address: string;
  name: string;
  type: 'required' | 'optional' | 'resource';
}

/** When an event is: instants, or for an all-day event dates that float, the second one exclusive. */
export type When =
  { isAllDay: false; start: number; end: number } | { isAllDay: true; startDate: string; endDate: string };

export interface CalendarEvent {
  /** Without the prefix that tells immutable ids from the others. */
  id: string;
  /** Grows with every change. */
  version: number;
  createdAt: number;
  changedAt: number;
  subject: string;
  body: { contentType: 'html' | 'text'; content: string };
  location: string;
  when: When;
  /** The zone's name as its maker wrote it. */
  originalTimeZone: string;
  showAs: ShowAs;
  isCancelled: boolean;
  response: ResponseStatus;
  organizer: { address: string; name: string };
  attendees: Attendee[];
  isReminderOn: boolean;
  reminderMinutesBeforeStart: number;
  isOnlineMeeting: boolean;
  sensitivity: string;
  importance: string;
  categories: string[];
  extendedProperties: { id: string; value: string }[];
  transactionId?: string;
  /** What was asked when it was made, to tell a replay from another event. */
  requestDigest?: string;
  recurrence?: Recurrence;
  /** Set while it is in another calendar of the mailbox than the default one. */
  calendarId?: string;
  /** Set once it is in Deleted Items: epoch milliseconds. */
  deletedAt?: number;
}

/** A mail that Outlook would have sent to an attendee. */
export interface Invitation {
  kind: 'invitation' | 'update' | 'cancellation';
  from: string;
  to: string;
  /** The event's id without its prefix. */
  eventId: string;
  subject: string;
  comment?: string;
  at: number;
}

/** What makes a calendar event; all but the time has a default. */
export type NewEvent = Partial<Omit<CalendarEvent, 'id' | 'version' | 'when'>> & { when: When };

/** Everything in the mailbox, Deleted Items included. */
export function itemsOf(store: Store, person: Person): CalendarEvent[] {
  return (store.state.events[person.id] ??= []);
}

/** The events of all calendars of the mailbox. */
export function eventsOf(store: Store, person: Person): CalendarEvent[] {
  return itemsOf(store, person).filter(({ deletedAt }) => deletedAt === undefined);
}

/** The events of the default calendar. */
export function defaultCalendarOf(store: Store, person: Person): CalendarEvent[] {
  return eventsOf(store, person).filter(({ calendarId }) => calendarId === undefined);
}

/** A new event of a person's calendar, which is not in it yet. */
export function makeEvent(person: Person, fields: NewEvent, now: number): CalendarEvent {
  return {
    id: createHash('sha256').update(randomUUID()).digest('base64url'),
    version: 1,
    createdAt: now,
    changedAt: now,
    subject: '',
    body: { contentType: 'html', content: '' },
    location: '',
    originalTimeZone: person.timeZone,
    showAs: fields.when.isAllDay ? 'free' : 'busy',
    isCancelled: false,
    response: 'organizer',
    organizer: { address: person.userPrincipalName, name: person.name },
    attendees: [],
    isReminderOn: true,
    reminderMinutesBeforeStart: 15,
    isOnlineMeeting: false,
    sensitivity: 'normal',
    importance: 'normal',
    categories: [],
    extendedProperties: [],
    ...fields,
  };
}

/** Tells the attendees, as Outlook does by itself. */
export function notify(
  store: Store,
  event: CalendarEvent,
  kind: Invitation['kind'],
  attendees: readonly Attendee[] = event.attendees,
  comment?: string,
): void {
  if (event.response !== 'organizer') return;
  for (const { address } of attendees) {
    store.state.invitations.push({
      kind,
      from: event.organizer.address,
      to: address,
      eventId: event.id,
      subject: event.subject,
      ...(comment === undefined ? {} : { comment }),
      at: store.now(),
    });
  }
}

/** Adds an event, tells subscriptions of it, and invites its attendees. */
export function addEvent(store: Store, person: Person, fields: NewEvent): CalendarEvent {
  const event = makeEvent(person, fields, store.now());
  itemsOf(store, person).push(event);
  store.onEventChange(person, event, 'created');
  notify(store, event, 'invitation');
  return event;
}

/** Gives the event a new etag, and tells whoever subscribed to the mailbox's events. */
function touch(store: Store, person: Person, event: CalendarEvent, change: EventChange = 'updated'): void {
  event.version += 1;
  event.changedAt = store.now();
  store.onEventChange(person, event, change);
}

/** Changes an event. New attendees are invited, removed ones get a cancellation, the others an update if Outlook would send one. */
export function changeEvent(
  store: Store,
  person: Person,
  event: CalendarEvent,
  changes: Partial<CalendarEvent>,
): void {
  const before = event.attendees.map(({ address }) => address.toLowerCase());
  Object.assign(event, changes);
  touch(store, person, event);
  const isNew = ({ address }: Attendee): boolean => !before.includes(address.toLowerCase());
  notify(store, event, 'invitation', event.attendees.filter(isNew));
  notify(
    store,
    event,
    'update',
    event.attendees.filter((one) => !isNew(one)),
  );
}

/** Takes one day out of a series. */
export function removeOccurrence(
  store: Store,
  person: Person,
  event: CalendarEvent,
  date: string,
  comment?: string,
): void {
  if (!event.recurrence) throw new Error(`${event.id} does not repeat`);
  Reflect.deleteProperty(event.recurrence.moved, date);
  event.recurrence.removed.push(date);
  touch(store, person, event);
  notify(store, event, 'cancellation', event.attendees, comment);
}

/** Moves an event to Deleted Items, as every deletion in Outlook does. */
export function removeEvent(store: Store, person: Person, event: CalendarEvent, comment?: string): void {
  event.deletedAt = store.now();
  touch(store, person, event, 'deleted');
  notify(store, event, 'cancellation', event.attendees, comment);
}

/** Moves an event to another calendar of the mailbox; null is the default one. Nobody is told of it. */
export function moveToCalendar(
  store: Store,
  person: Person,
  event: CalendarEvent,
  calendarId: string | null,
): void {
  if (calendarId === null) Reflect.deleteProperty(event, 'calendarId');
  else event.calendarId = calendarId;
  touch(store, person, event);
}

/** The zone of a mailbox as Intl knows it. */
export function zoneOf(person: Person): string {
  return person.clock ?? toIana(person.timeZone) ?? 'UTC';
}

/** The instants an event covers; an all-day event covers its days on the mailbox's own clock. */
export function instantsOf(when: When, zone: string): { start: number; end: number } {
  return when.isAllDay
    ? {
        start: instantOf(`${when.startDate}T00:00:00`, zone),
        end: instantOf(`${when.endDate}T00:00:00`, zone),
      }
    : { start: when.start, end: when.end };
}
