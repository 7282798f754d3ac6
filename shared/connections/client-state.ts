// What Graph sends back with every notification. It names the calendar and proves that it is ours, so that a stranger's
// notification costs no read.
import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import { deriveKey } from '../core/hash.ts';

/** Makes and checks the `clientState` of subscriptions. */
export interface ClientStates {
  /** A new one, with the name of its key. 110 characters: Graph takes 128. @param calendarKey base64url, 43 characters */
  make(calendarKey: string): { readonly clientState: string; readonly keyId: string };
  /** The calendar that a client state names; null if the app did not make it. */
  read(clientState: string): string | null;
  /** Whether client states under this key are still read. */
  readonly isListed: (keyId: string) => boolean;
  /** Whether it is the key that new ones are signed with. */
  isCurrent(keyId: string): boolean;
}

const FORM = /^([\w-]{43})\.([\w-]{22})\.([\w-]{43})$/;

/** @param keys the first one signs, all of them verify */
export function createClientStates(
  keys: readonly { readonly id: string; readonly bytes: Uint8Array }[],
): ClientStates {
  // As key objects: with bytes a MAC takes six times as long, and a stranger's body may hold ten thousands of client states.
  const derived = keys.map(({ id, bytes }) => ({
    id,
    secret: createSecretKey(deriveKey(bytes, 'client state')),
  }));
  const sign = (secret: KeyObject, text: string): string =>
    createHmac('sha256', secret).update(text).digest('base64url');

  return {
    make(calendarKey) {
      const [key] = derived;
      if (!key) throw new AppError('encryption_key_missing', 'There is no key to sign client states with');
      const text = `${calendarKey}.${randomBytes(16).toString('base64url')}`;
      return { clientState: `${text}.${sign(key.secret, text)}`, keyId: key.id };
    },

    read(clientState) {
      const [, calendarKey, nonce, mac] = FORM.exec(clientState) ?? [];
      if (calendarKey === undefined || nonce === undefined || mac === undefined) return null;
      // As text: base64url spells the same bytes in more than one way.
      const given = Buffer.from(mac);
      const text = `${calendarKey}.${nonce}`;
      // Every key is tried, and every comparison takes the same time: the duration reveals nothing.
      const matches = derived.filter(({ secret }) => timingSafeEqual(Buffer.from(sign(secret, text)), given));
      return matches.length > 0 ? calendarKey : null;
    },

    isListed: (keyId) => derived.some(({ id }) => id === keyId),
    isCurrent: (keyId) => keyId === derived[0]?.id,
  };
}
