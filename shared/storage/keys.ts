import { createHash } from 'node:crypto';

/** A key for whatever a person may have typed: SHA-256 of the parts in their order, base64url, 43 characters. */
export const hashKey = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/** The partition of one manager. */
export const managerKey = (userId: string): string => hashKey('manager', userId);
