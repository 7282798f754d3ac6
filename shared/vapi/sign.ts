import { createHmac } from 'node:crypto';

/**
 * The headers of a request signed as VAPI's HMAC credential signs it: hex HMAC-SHA256 of `{timestamp}.{body}`, or of
 * the body alone if no time is given.
 * @param nowMs epoch milliseconds; it is sent in seconds.
 * @see https://docs.vapi.ai/server-url/server-authentication
 */
export function signBody(body: string | Uint8Array, secret: string, nowMs?: number): Record<string, string> {
  if (nowMs === undefined) return { 'x-vapi-signature': computeSignature(body, secret, null) };
  const timestamp = String(Math.floor(nowMs / 1000));
  return {
    'x-vapi-timestamp': timestamp,
    'x-vapi-signature': computeSignature(body, secret, timestamp),
  };
}

/**
 * The signature of a body: hex HMAC-SHA256 of it, or of `{timestamp}.{body}`.
 * @see https://docs.vapi.ai/server-url/server-authentication
 */
export function computeSignature(
  body: string | Uint8Array,
  secret: string,
  timestamp: string | null,
): string {
  const hmac = createHmac('sha256', secret);
  if (timestamp !== null) hmac.update(`${timestamp}.`);
  return hmac.update(body).digest('hex');
}
