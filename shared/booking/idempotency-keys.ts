// What makes a repeated request known, so that it is carried out once.
import { createHash } from 'node:crypto';
import type { BookRequest, Caller } from './booking.ts';
import type { IdempotencyKey } from './store.ts';

/** A flat body names no call: only a quick repeat of the same words is taken for the same request. */
const FLAT_MS = 10 * 60_000;
/** Far longer than any call and any retry of VAPI's. */
const CALL_MS = 24 * 60 * 60_000;

function hash(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** This very tool call, whatever it asks; none where the call or its tool call has no id. */
export function toolCallKeys({ callId, toolCallId }: Caller, tool: string, now: number): IdempotencyKey[] {
  return callId === null || toolCallId === null
    ? []
    : [{ key: hash('tool', tool, callId, toolCallId), expiresAt: now + CALL_MS }];
}

/** This tool call, and anything that asks for the same start on the same call. */
export function bookingKeys(caller: Caller, request: BookRequest, now: number): IdempotencyKey[] {
  const start = String(request.start);
  if (caller.callId !== null)
    return [
      ...toolCallKeys(caller, 'book', now),
      { key: hash('start', caller.callId, start), expiresAt: now + CALL_MS },
    ];
  const attendee = [request.attendeeName, request.attendeeEmail, request.attendeePhone].map(
    (part) => part ?? '',
  );
  return [{ key: hash('flat', start, request.propertyAddress, ...attendee), expiresAt: now + FLAT_MS }];
}

/** A caller as our tables know him: nobody can read the number back from a key without knowing it. */
export function callerKeyOf(number: string): string {
  return hash('caller', number);
}
