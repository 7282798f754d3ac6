// What makes a repeated request known, so that it is carried out once.
import { HOUR_MS, MINUTE_MS } from '../core/duration.ts';
import { hashText } from '../core/hash.ts';
import type { BookRequest, Caller } from './booking.ts';
import type { CallerKeyOf } from './caller-keys.ts';
import type { IdempotencyKey } from './store.ts';

/** A flat request names no call: only a quick repeat of the same words is taken for the same request. */
const FLAT_MS = 10 * MINUTE_MS;
/** Far longer than any call and any retry of VAPI's. */
export const CALL_MS = 24 * HOUR_MS;

/** What the work of a call is listed by; null if the request names no call. */
export function callKeyOf({ callId }: Caller): string | null {
  return callId === null ? null : hashText('call', callId);
}

/** What a tool call changes. A tool call of each is a request of its own. */
export type Change = 'book' | 'move' | 'cancel';

/**
 * Identifies this tool call, independent of its arguments. None if the call or the tool call has no id.
 * @param start the start asked for, to be noted beside the key. Default: none.
 */
export function toolCallKeys(
  { callId, toolCallId }: Caller,
  change: Change,
  now: number,
  start?: number,
): IdempotencyKey[] {
  if (callId === null || toolCallId === null) return [];
  const key = hashText('tool', change, callId, toolCallId);
  return [{ key, expiresAt: now + CALL_MS, ...(start !== undefined && { start }) }];
}

/** Identifies requests for the same start on the same call. A flat request has no call, so its words count. */
export function startKey(
  keyOf: CallerKeyOf,
  { callId }: Caller,
  request: BookRequest,
  now: number,
): IdempotencyKey {
  const start = String(request.start);
  if (callId !== null) return { key: hashText('start', callId, start), expiresAt: now + CALL_MS };
  const { propertyAddress, attendeeName = '', attendeeEmail = '', attendeePhone = '' } = request;
  // The words may hold a number, so the key must not be one that can be found by trying.
  const key = keyOf('flat', start, propertyAddress, attendeeName, attendeeEmail, attendeePhone);
  return { key, expiresAt: now + FLAT_MS };
}
