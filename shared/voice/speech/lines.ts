import type { Invitation } from '../../booking/booking.ts';
import { ENGLISH } from './lines.en.ts';
import { SPANISH } from './lines.es.ts';
import type { Language } from './dates.ts';

/** `times` are free times to offer instead, as `sayTimes` says them; null if there are none. */
type Instead = Readonly<{ times: string | null }>;

/**
 * Everything the app says on the phone. Dates and times come in as dates.ts says them, names as `toSpeakable` leaves
 * them. A line that offers to take a message is said only if there is a manager to take it for.
 */
export interface Lines {
  offer(p: Readonly<{ property: string | null; times: string; count: number }>): string;
  /** `days`: how far was searched, if the caller asked for nothing in particular. */
  offerNearest(p: Readonly<{ days: number | null; times: string; count: number }>): string;
  /** An offer, if Microsoft does not answer: it may be out of date. @param p.line as `offer` or `offerNearest` says it */
  provisional(p: Readonly<{ line: string }>): string;
  nothingFree(p: Readonly<{ days: number }>): string;

  /** If its name cannot be read aloud. */
  theProperty(): string;
  booked(p: Readonly<{ property: string; when: string; invitation: Invitation }>): string;
  rescheduled(p: Readonly<{ property: string; from: string; to: string; invited: boolean }>): string;
  cancelled(p: Readonly<{ property: string; when: string }>): string;

  busy(p: Instead): string;
  dayFull(p: Instead): string;
  past(p: Instead): string;
  tooSoon(p: Instead): string;
  tooFarAhead(p: Instead & Readonly<{ days: number }>): string;
  outsideHours(p: Instead): string;
  offGrid(p: Instead): string;
  /** The same call has booked another home at this time. */
  alreadyBooked(p: Instead & Readonly<{ property: string; when: string }>): string;
  callerLimit(p: Readonly<{ limit: number }>): string;

  askProperty(): string;
  askTime(): string;
  askNewTime(): string;
  askDay(): string;
  askHour(p: Readonly<{ day: string }>): string;
  askWhichTime(p: Readonly<{ times: string }>): string;
  unreadableTime(): string;
  unreadableDate(): string;
  noSuchOption(p: Readonly<{ count: number }>): string;
  nothingOffered(): string;

  /** `more`: there are others that the line has no room for. */
  appointments(p: Readonly<{ viewings: readonly string[]; count: number; more: boolean }>): string;
  viewing(p: Readonly<{ property: string; when: string }>): string;
  whichAppointment(p: Readonly<{ viewings: readonly string[]; more: boolean }>): string;
  noAppointments(): string;
  needNameAndTime(): string;
  /** Names and times were tried in vain too often. */
  tooManyMisses(): string;

  notConnected(): string;
  reconnectRequired(): string;
  disconnected(): string;
  nobodyConnected(): string;
  linkSent(): string;
  linkSentBefore(): string;
  linkNotNeeded(): string;
  linkNoAddress(): string;
  linkFailed(): string;

  askMessage(): string;
  messageSent(p: Readonly<{ message: string; hasNumber: boolean }>): string;
  messageKept(p: Readonly<{ message: string; hasNumber: boolean }>): string;
  messageFailed(): string;

  notUnderstood(): string;
  cannotDo(): string;
  calendarUnreachable(): string;
  tooSlow(): string;
  /** A change may have been made, or not. */
  outcomeUnknown(): string;
  outOfOrder(): string;
  managerUnknown(): string;
  notSetUp(): string;
  noTransfer(): string;
}

/** The lines by language. */
export const LINES: Readonly<Record<Language, Lines>> = { en: ENGLISH, es: SPANISH };
