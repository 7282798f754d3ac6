// What a viewing's event says. Everything in it came from a caller or a model: escaped, cut to length, without control characters.
import escapeHtml from 'escape-html';
import type { Interval } from '../scheduling/schedule.ts';
import type { BookRequest, Caller } from './booking.ts';
import type { EventDraft } from './calendar.ts';

/** Outlook cuts subjects at 255 characters. */
const MAX_SUBJECT = 255;
const SUBJECT_PREFIX = 'Property Viewing - ';

/** One line of visible text. */
export function toPlainLine(text: string, maxLength: number): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, maxLength);
}

/** The subject of a viewing's event: one line, at most 255 characters. */
export function subjectOf(propertyAddress: string): string {
  return toPlainLine(SUBJECT_PREFIX + propertyAddress, MAX_SUBJECT);
}

/** What the event of a viewing is made from. */
export interface ViewingDetails {
  readonly bookingId: string;
  readonly interval: Interval;
  readonly propertyAddress: string;
  readonly attendeeName: string | null;
  readonly attendeeEmail: string | null;
  /** E.164. */
  readonly contactNumber: string | null;
  /** How to get in. Left out if somebody is invited: the guest would read it. */
  readonly accessNote: string | null;
}

/** What an attendee is called who gave no name. */
export const GUEST = 'Guest';

/** How the manager reaches the caller: a number that VAPI vouches for, else the one that was said. */
export function contactOf({ number }: Caller, { attendeePhone }: BookRequest): string | null {
  return number ?? attendeePhone ?? null;
}

/** The event of a viewing. Its HTML is escaped. */
export function draftEvent(viewing: ViewingDetails): EventDraft {
  const { bookingId, interval, propertyAddress, attendeeEmail } = viewing;
  const attendee = viewing.attendeeName ?? GUEST;
  const rows = [
    ['Property', propertyAddress],
    ['Attendee', attendee],
    ['Contact number', viewing.contactNumber ?? 'not given'],
    ...(viewing.accessNote !== null && attendeeEmail === null
      ? [['Access', viewing.accessNote] as const]
      : []),
  ] as const;
  return {
    bookingId,
    interval,
    subject: subjectOf(propertyAddress),
    location: propertyAddress,
    bodyHtml: [
      '<h2>Property Viewing</h2>',
      ...rows.map(([label, value]) => `<p><strong>${label}:</strong> ${escapeHtml(value)}</p>`),
      '<p>Please arrive 5 minutes early.</p>',
    ].join('\n'),
    attendee: attendeeEmail === null ? null : { address: attendeeEmail, name: attendee },
  };
}
