// The stand-in’s Graph for one person, and requests to it.
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';

export const start = Date.parse('2026-11-23T15:00:00Z');

export const pete = 'pete@lakeviewrentals.example';

export const bookingProperty = 'String {66f5a359-4659-4830-9070-00047ec6ac6e} Name BookingId';

export const immutable = 'IdType="ImmutableId"';

export let microsoft: Microsoft;

export let token = '';

/** The bearer token of the requests that follow. */
export function useToken(value: string): void {
  token = value;
}

export interface Row {
  [name: string]: unknown;
  id: string;
  subject: string;
  start: { dateTime: string; timeZone: string };
  end: { dateTime: string; timeZone: string };
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Row & { value: Row[]; '@odata.nextLink'?: string; error: Record<string, unknown> };
}

export const ask = async (
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; token?: string } = {},
): Promise<Answer> => {
  const answer = await fetch(path.startsWith('http') ? path : `${microsoft.url}/v1.0${path}`, {
    method,
    headers: {
      authorization: `Bearer ${options.token ?? token}`,
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Answer['body'],
  };
};

export const view = (from: string, to: string, more: Record<string, string> = {}): string =>
  `/me/calendarView?${new URLSearchParams({ startDateTime: from, endDateTime: to, ...more }).toString()}`;

export const week = view('2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z');

export const hour = (from: string): { start: string; end: string } => ({
  start: from,
  end: new Date(Date.parse(from) + 3_600_000).toISOString(),
});

export const utc = (dateTime: string): Row['start'] => ({ dateTime, timeZone: 'UTC' });

export const viewing = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  subject: 'Property Viewing - 12 Harbor Lane',
  start: utc('2026-11-24T16:00:00'),
  end: utc('2026-11-24T16:30:00'),
  body: { contentType: 'HTML', content: '<h2>Viewing</h2><p>Ada &amp; Bob</p>' },
  location: { displayName: '12 Harbor Lane' },
  ...more,
});

export const attendee = (address: string) => ({ emailAddress: { address, name: 'Ada' }, type: 'required' });

/** One stand-in for all tests of a file. */
export function useGraph(): void {
  beforeAll(async () => {
    microsoft = await createMicrosoft({ now: () => start });
  });
  beforeEach(async () => {
    token = (await microsoft.issueTokens(pete)).accessToken;
  });
  afterEach(() => {
    microsoft.reset();
  });
  afterAll(() => microsoft.close());
}
