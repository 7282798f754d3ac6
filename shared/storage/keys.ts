import { createHash } from 'node:crypto';

/** A key for whatever a person may have typed: SHA-256 of the parts in their order, base64url, 43 characters. */
export function hashKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** The partition of one manager. */
export function managerKey(userId: string): string {
  return hashKey('manager', userId);
}
