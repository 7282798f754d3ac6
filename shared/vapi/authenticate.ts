import { timingSafeEqual } from 'node:crypto';
import { hashBytes } from '../core/hash.ts';
import { MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import { computeSignature } from './sign.ts';

/**
 * What VAPI may present: any of the secrets, or a signature by any of the HMAC secrets. Several while they are rotated.
 */
export interface WebhookCredentials {
  /** Presented as `Authorization: Bearer` or `X-Vapi-Secret`; several while rotating. */
  readonly secrets: readonly string[];
  /** Signed with; several while rotating. */
  readonly hmacSecrets: readonly string[];
  /** Lets everyone in. */
  readonly allowUnauthenticated: boolean;
}

/** How far a signature's timestamp may be off. */
const TOLERANCE_MS = 5 * MINUTE_MS;

/** Whether a request comes from VAPI. `body` is what was signed: the bytes as they came. */
export function isFromVapi(
  credentials: WebhookCredentials,
  headers: { get(name: string): string | null },
  body: Uint8Array,
  now: number,
): boolean {
  if (credentials.allowUnauthenticated) return true;
  return hasSecret(credentials.secrets, headers) || hasSignature(credentials.hmacSecrets, headers, body, now);
}

/** What a request presents as proof of coming from VAPI, right or wrong; null if nothing. */
export function presentedCredential(headers: {
  get(name: string): string | null;
}): 'secret' | 'signature' | null {
  if (headers.get('x-vapi-signature')) return 'signature';
  return headers.get('authorization') || headers.get('x-vapi-secret') ? 'secret' : null;
}

function hasSecret(secrets: readonly string[], headers: { get(name: string): string | null }): boolean {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const presented = [bearer, headers.get('x-vapi-secret')].filter((value) => typeof value === 'string');
  return matchesAny(presented, secrets);
}

function hasSignature(
  secrets: readonly string[],
  headers: { get(name: string): string | null },
  body: Uint8Array,
  now: number,
): boolean {
  const signature = headers
    .get('x-vapi-signature')
    ?.toLowerCase()
    .replace(/^sha256=/, '');
  if (signature === undefined) return false;
  const timestamp = headers.get('x-vapi-timestamp');
  if (timestamp !== null && !isRecent(timestamp, now)) return false;
  return matchesAny(
    [signature],
    secrets.map((secret) => computeSignature(body, secret, timestamp)),
  );
}

function isRecent(timestamp: string, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * SECOND_MS - now) <= TOLERANCE_MS;
}

/** Takes as long whichever matches, or none: digests are of one length, and every pair is compared. */
function matchesAny(presented: readonly string[], expected: readonly string[]): boolean {
  const digests = expected.map(hashBytes);
  let found = false;
  for (const candidate of presented.map(hashBytes)) {
    for (const known of digests) found = timingSafeEqual(candidate, known) || found;
  }
  return found;
}
