/**
 * Graph's events in our words.
 *
 * A time in Graph has no offset: it is read with its zone, and we ask for UTC. An all-day event is a pair of dates that float: its
 * dates are read as written and mean the manager's local days.
 * @see https://learn.microsoft.com/graph/api/resources/event
 */
import * as z from 'zod';
import { AppError } from '../core/errors.ts';
import type { Attendee, CalendarEvent, EventDraft } from '../booking/calendar.ts';
import type { Interval } from '../scheduling/schedule.ts';
import { startOfDay } from '../scheduling/zone.ts';

/** The named property that carries our booking's id. The GUID is ours alone. */
export const BOOKING_PROPERTY = 'String {6f1d8a52-2f5c-4d0e-9b61-6c1f1c0f7a35} Name PeteRentalBookingId';

/** A named property of no meaning: writing it changes an event's version, and nothing that anybody sees. */
export const FENCE_PROPERTY = 'String {6f1d8a52-2f5c-4d0e-9b61-6c1f1c0f7a35} Name PeteRentalFence';

/** `$select` of every read of events. */
export const EVENT_FIELDS = 'id,start,end,isAllDay,showAs,isCancelled,responseStatus,webLink';

/** `$expand` of every read of events: our property with the booking's id. */
export const EXPAND_BOOKING = `singleValueExtendedProperties($filter=id eq '${BOOKING_PROPERTY}')`;

/** What every request about events asks for: ids that survive a move between folders, and times in UTC. */
export const EVENT_HEADERS = { Prefer: 'outlook.timezone="UTC", IdType="ImmutableId"' } as const;

const graphTime = z.object({ dateTime: z.string(), timeZone: z.string() });

/** An event as Graph sends it when asked for `EVENT_FIELDS` and `EXPAND_BOOKING`. What is not needed may be absent. */
export const graphEvent = z.object({
  '@odata.etag': z.string().nullish(),
  id: z.string().min(1),
  start: graphTime,
  end: graphTime,
  isAllDay: z.boolean().nullish(),
  showAs: z.string().nullish(),
  isCancelled: z.boolean().nullish(),
  responseStatus: z.object({ response: z.string().nullish() }).nullish(),
  webLink: z.string().nullish(),
  singleValueExtendedProperties: z.array(z.object({ id: z.string(), value: z.string() })).nullish(),
});

/** The guests of an event, as Graph gives them and takes them back. */
export const graphGuests = z.object({
  attendees: z
    .array(
      z.object({
        emailAddress: z.object({ address: z.string().nullish(), name: z.string().nullish() }),
        type: z.string().nullish(),
      }),
    )
    .nullish(),
});

export type GraphEvent = z.infer<typeof graphEvent>;

export const graphEventPage = z.object({
  value: z.array(graphEvent),
  '@odata.nextLink': z.string().nullish(),
});

const UTC_NAMES = new Set(['UTC', 'Etc/UTC', 'Etc/GMT', 'GMT']);

function toInstant({ dateTime, timeZone }: z.infer<typeof graphTime>): number {
  const at = UTC_NAMES.has(timeZone) ? Date.parse(`${dateTime.slice(0, 23).replace(/Z$/, '')}Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new AppError('microsoft_unreachable', 'Microsoft Graph sent a time not in UTC');
  return at;
}

/** `free` and `workingElsewhere` let viewings in; everything else blocks, also what Graph may add one day. */
const FREE = new Set(['free', 'workingElsewhere']);

/** Named properties are matched without regard to case: Exchange writes the GUID as it likes. */
function bookingIdOf(event: GraphEvent): string | null {
  return (
    event.singleValueExtendedProperties?.find(({ id }) => id.toLowerCase() === BOOKING_PROPERTY.toLowerCase())
      ?.value ?? null
  );
}

/** @param timeZone of the manager, whose local days an all-day event blocks. */
export function toCalendarEvent(event: GraphEvent, timeZone: string): CalendarEvent {
  const allDay = event.isAllDay ?? false;
  const cancelled = event.isCancelled ?? false;
  const declined = event.responseStatus?.response === 'declined';
  return {
    eventId: event.id,
    etag: event['@odata.etag'] ?? '',
    bookingId: bookingIdOf(event),
    interval: {
      start: allDay ? startOfDay(event.start.dateTime.slice(0, 10), timeZone) : toInstant(event.start),
      end: allDay ? startOfDay(event.end.dateTime.slice(0, 10), timeZone) : toInstant(event.end),
    },
    blocks: !cancelled && !declined && !FREE.has(event.showAs ?? 'busy'),
    cancelled,
    webLink: event.webLink ?? '',
  };
}

function toGraphTime(at: number) {
  return { dateTime: new Date(at).toISOString().slice(0, 19), timeZone: 'UTC' };
}

/**
 * Epoch milliseconds as Graph's `dateTimeTimeZone`, in UTC.
 * @see https://learn.microsoft.com/graph/api/resources/datetimetimezone
 */
export function toGraphTimes({ start, end }: Interval) {
  return {
    start: toGraphTime(start),
    end: toGraphTime(end),
  };
}

/** The `attendees` of an event: one required guest, or none. */
export function toGraphAttendees(attendee: Attendee | null) {
  return attendee === null
    ? []
    : [{ emailAddress: { address: attendee.address, name: attendee.name }, type: 'required' }];
}

/** The guests that an event has, and one more; a PATCH of `attendees` replaces them all. */
export function withAttendee({ attendees }: z.infer<typeof graphGuests>, attendee: Attendee) {
  const own = attendee.address.toLowerCase();
  // Without an address nobody is invited, and Graph would refuse it.
  const guests = (attendees ?? []).flatMap(({ emailAddress: { address, name }, type }) =>
    address ? [{ emailAddress: { address, name: name ?? address }, type: type ?? 'required' }] : [],
  );
  const isGuest = guests.some(({ emailAddress }) => emailAddress.address.toLowerCase() === own);
  return isGuest ? guests : [...guests, ...toGraphAttendees(attendee)];
}

/** The body of `POST /me/events`. `transactionId` makes a repeat harmless. */
export function toGraphDraft(draft: EventDraft) {
  return {
    subject: draft.subject,
    body: { contentType: 'HTML', content: draft.bodyHtml },
    ...toGraphTimes(draft.interval),
    location: { displayName: draft.location },
    attendees: toGraphAttendees(draft.attendee),
    showAs: 'busy',
    isOnlineMeeting: false,
    isReminderOn: true,
    reminderMinutesBeforeStart: 60,
    transactionId: draft.bookingId,
    singleValueExtendedProperties: [{ id: BOOKING_PROPERTY, value: draft.bookingId }],
  };
}
