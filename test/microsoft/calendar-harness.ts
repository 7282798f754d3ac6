// A calendar over HTTP at the Microsoft stand-in, and events for it.
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';
import { PATIENT } from '../support/patient.ts';
import type { EventDraft } from '../../shared/booking/calendar.ts';
import { createGraphCalendar } from '../../shared/microsoft/calendar.ts';
import { createGraph } from '../../shared/microsoft/graph-client.ts';

export const PETE = 'pete@lakeviewrentals.example';

export const MINUTE = 60_000;

export const HOUR = 60 * MINUTE;

export const NOW = Date.parse('2026-11-23T15:00:00Z');

export function at(local: string): number {
  return Date.parse(`${local.replace(' ', 'T')}:00-06:00`);
}

export const TEN = at('2026-11-24 10:00');

export const DAY = { start: at('2026-11-24 00:00'), end: at('2026-11-25 00:00') };

export let microsoft: Microsoft;

let token: string;

/** The calendar's next requests carry a token of this stand-in. */
export async function signInAt(standIn: Microsoft): Promise<void> {
  token = (await standIn.issueTokens(PETE)).accessToken;
}

export function open({
  timeZone = 'America/Chicago',
  deadlineMs = PATIENT.toolDeadlineMs,
  endpoint = microsoft.url,
  signal = AbortSignal.timeout(deadlineMs),
} = {}) {
  const renewed = async (): Promise<string> => (await microsoft.issueTokens(PETE)).accessToken;
  const auth = {
    accessToken: () => Promise.resolve(token),
    forceRefresh: renewed,
    giveUp: () => Promise.reject(new Error('refused')),
  };
  return createGraphCalendar({
    graph: createGraph({ endpoint, ...PATIENT }),
    auth,
    timeZone,
    signal,
  });
}

export function draftAt(start: number, bookingId = 'booking-1'): EventDraft {
  return {
    bookingId,
    interval: { start, end: start + 30 * MINUTE },
    subject: 'Property Viewing - 12 Lake St',
    location: '12 Lake St',
    bodyHtml: '<p>12 Lake St</p>',
    attendee: null,
  };
}

/** The written event; fails if nothing was written. */
export function written<T extends { readonly kind: string }>(outcome: T): Extract<T, { kind: 'written' }> {
  if (outcome.kind !== 'written') throw new Error(outcome.kind);
  return outcome as Extract<T, { kind: 'written' }>;
}

export async function create(draft: EventDraft) {
  return written(await open().create(draft, draft.interval));
}

export function reference(bookingId: string, start: number, eventId: string | null = null) {
  return { bookingId, eventId, interval: intervalAt(start) };
}

export function intervalAt(start: number) {
  return { start, end: start + 30 * MINUTE };
}

export function outer(): number {
  return microsoft.requests().filter(({ inBatch }) => !inBatch).length;
}

/** One stand-in for all tests of a file. */
export function useMicrosoft(): void {
  beforeAll(async () => {
    microsoft = await createMicrosoft({ now: () => NOW });
  });
  afterAll(() => microsoft.close());
  beforeEach(async () => {
    microsoft.reset();
    await signInAt(microsoft);
  });
}
