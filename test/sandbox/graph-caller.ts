// Calls the stand-in's Graph as an app does.
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface GraphCall {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

export interface BatchStep {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export const immutable = { prefer: 'IdType="ImmutableId"' };

export const bookingProperty = 'String {66f5a359-4659-4830-9070-00047ec6ac6e} Name BookingId';

export function utc(dateTime: string): { dateTime: string; timeZone: string } {
  return { dateTime, timeZone: 'UTC' };
}

export function viewing(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    subject: 'Property Viewing - 12 Harbor Lane',
    start: utc('2026-11-24T16:00:00'),
    end: utc('2026-11-24T16:30:00'),
    ...more,
  };
}

/** The error code in Graph's error body. */
export function codeOf({ body }: GraphAnswer): unknown {
  return (body['error'] as Record<string, unknown> | undefined)?.['code'];
}

export function eventPath(id: unknown): string {
  return `/me/events/${encodeURIComponent(String(id))}`;
}

export function bookingFilter(value: string): string {
  const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${bookingProperty}' and ep/value eq '${value}')`;
  return `$filter=${encodeURIComponent(filter)}`;
}

/** @param token of the person who is signed in when a call is made */
export function createGraphCaller(microsoft: () => Microsoft, token: () => string) {
  async function ask(method: string, path: string, call: GraphCall = {}): Promise<GraphAnswer> {
    const answer = await fetch(`${microsoft().url}/v1.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${call.token ?? token()}`,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...immutable,
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.signal && { signal: call.signal }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  }

  /** @returns the answers in the order of the steps */
  async function batch(
    steps: readonly BatchStep[],
  ): Promise<{ status: number; body: Record<string, unknown> }[]> {
    const requests = steps.map((step, index) => ({
      id: String(index),
      ...step,
      headers: {
        Prefer: immutable.prefer,
        ...(step.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...step.headers,
      },
    }));
    const { body } = await ask('POST', '/$batch', { body: { requests } });
    const responses = body['responses'] as { id: string; status: number; body: Record<string, unknown> }[];
    return responses.toSorted((a, b) => Number(a.id) - Number(b.id));
  }

  return { ask, batch };
}
