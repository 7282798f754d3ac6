import { createHash, createHmac, hkdfSync } from 'node:crypto';

/**
 * One name for several texts: SHA-256 of the texts in their order, in base64url (43 characters). `('a', 'b')` and
 * `('ab')` differ. Use it for table keys and ids. It hides nothing that can be guessed, such as a phone number: use
 * `hmacText` for that.
 */
export function hashText(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** The same with a secret key: without the key, nobody can find out the texts by trying. HMAC-SHA256, base64url. */
export function hmacText(key: Uint8Array, ...parts: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
}

/** SHA-256 of one text, 32 bytes: to compare texts of any length in constant time, or to spread them evenly. */
export function hashBytes(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * What a content security policy calls an inline script or style: its hash, in quotes.
 * @see https://www.w3.org/TR/CSP3/#grammardef-hash-source
 */
export function cspHashOf(text: string): string {
  return `'sha256-${hashBytes(text).toString('base64')}'`;
}

/**
 * A key of its own for one purpose, so that one secret is never used for two. 32 bytes, by HKDF-SHA256.
 * @param purpose names what the key is for, such as `telemetry`.
 * @see https://www.rfc-editor.org/rfc/rfc5869
 */
export function deriveKey(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), `peterental ${purpose}`, 32));
}
