import { describe, expect, test } from '@jest/globals';
import { isFromVapi } from '../../shared/vapi/authenticate.ts';
import { signBody } from '../../shared/vapi/sign.ts';

const NOW = Date.parse('2026-11-23T15:30:00Z');
const BODY = Buffer.from('{"message":{"type":"hang"}}');
const CREDENTIALS = { secrets: ['old', 'new'], hmacSecrets: ['key-1', 'key-2'], allowUnauthenticated: false };
function isLetIn(
  headers: Record<string, string>,
  body: Uint8Array = BODY,
  credentials = CREDENTIALS,
): boolean {
  return isFromVapi(credentials, new Headers(headers), body, NOW);
}

describe('a request with a secret', () => {
  test.each([
    ['as Bearer', { authorization: 'Bearer old' }],
    ['as bearer', { Authorization: 'bearer new' }],
    ['as X-Vapi-Secret', { 'X-Vapi-Secret': 'new' }],
  ])('is let in if the secret is sent %s, whichever of several it is', (_, headers) => {
    expect(isLetIn(headers)).toBe(true);
  });

  test.each<Record<string, string>>([
    {},
    { authorization: 'Bearer' },
    { authorization: 'Bearer wrong' },
    { authorization: 'old' },
    { authorization: 'Basic old' },
    { 'x-vapi-secret': '' },
    { 'x-vapi-secret': 'old,new' },
    { 'x-vapi-secret': 'key-1' },
  ])('is refused with the headers %j', (headers) => {
    expect(isLetIn(headers)).toBe(false);
  });

  test('an empty secret does not match if none is configured', () => {
    const none = { secrets: [], hmacSecrets: [], allowUnauthenticated: false };
    expect(isLetIn({ 'x-vapi-secret': '', 'x-vapi-signature': '' }, BODY, none)).toBe(false);
    expect(isLetIn({}, BODY, { ...none, allowUnauthenticated: true })).toBe(true);
  });
});

describe('a signature of the body', () => {
  test.each(['key-1', 'key-2'])('by the secret %s lets VAPI in, with a time or without', (key) => {
    expect(isLetIn(signBody(BODY, key))).toBe(true);
    expect(isLetIn(signBody(BODY, key, NOW))).toBe(true);
  });

  test('is HMAC-SHA256 in hex, of the body or of the time and the body', () => {
    expect(signBody('{}', 'secret')).toEqual({
      'x-vapi-signature': '77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13',
    });
    expect(signBody('{}', 'secret', 1_000_000)).toEqual({
      'x-vapi-timestamp': '1000',
      'x-vapi-signature': '026360fb6284f077f1148b1ae7c62679730497810a6a0321574de01e8b009e7a',
    });
  });

  test('of another body, by another key, or with a changed time is refused', () => {
    expect(isLetIn(signBody('{}', 'key-1'))).toBe(false);
    expect(isLetIn(signBody(BODY, 'key-3', NOW))).toBe(false);
    const signed = signBody(BODY, 'key-1', NOW);
    expect(isLetIn({ ...signed, 'x-vapi-timestamp': String(NOW / 1000 + 1) })).toBe(false);
    // Taking the time away must not turn the signature into one of the body alone.
    expect(isLetIn({ 'x-vapi-signature': signed['x-vapi-signature'] ?? '' })).toBe(false);
  });

  test('is good for five minutes in either direction', () => {
    const at = (seconds: number): boolean => isLetIn(signBody(BODY, 'key-1', NOW + seconds * 1000));
    expect([at(-300), at(300)]).toEqual([true, true]);
    expect([at(-301), at(301)]).toEqual([false, false]);
  });

  test('covers the raw bytes of the body', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    expect(isLetIn(signBody(bytes, 'key-1'), bytes)).toBe(true);
    expect(isLetIn(signBody(Buffer.from([0x7b, 0xfe, 0x7d]), 'key-1'), bytes)).toBe(false);
  });
});
