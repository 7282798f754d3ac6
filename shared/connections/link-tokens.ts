// Hazard: the host logs the URL of every request. Tokens in links are therefore encrypted, not only authenticated: whoever
// reads the logs learns no address and no number.
import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import * as z from 'zod';
import { SECOND_MS } from '../core/duration.ts';
import { AppError, isAppError } from '../core/errors.ts';
import { deriveKey } from '../core/hash.ts';
import { CONNECT_PATH, DISCONNECT_PATH } from '../core/paths.ts';

const claims = {
  /** Opens the page that connects. A mailed link works while the invite with its id is stored. */
  connect: z.object({
    userId: z.string(),
    calendarEmail: z.string().nullable(),
    id: z.string(),
    mailed: z.boolean(),
  }),
  /** Opens the page that disconnects one account: by its ids, by the address it was invited by, or by the link it came by. */
  disconnect: z.object({
    userId: z.string(),
    account: z.union([
      z.object({ tenantId: z.string(), objectId: z.string() }),
      z.object({ calendarEmail: z.string() }),
      z.object({ linkId: z.string() }),
    ]),
  }),
  /** Proves that a form came from our own page. `link` is the hash of the link that the page belongs to. */
  form: z.object({ link: z.string() }),
  /** Comes back from an administrator's consent. Grants nothing. */
  admin: z.object({ userId: z.string() }),
};

/** What a link or a token is good for. One that was made for another purpose is refused. */
export type LinkPurpose = keyof typeof claims;
export type LinkClaims<P extends LinkPurpose> = z.infer<(typeof claims)[P]>;

/** Makes and reads the tokens in links. */
export interface Links {
  /** @param expiresAt epoch milliseconds. @param issuedAt epoch milliseconds; default: now */
  make<P extends LinkPurpose>(
    purpose: P,
    claims: LinkClaims<P>,
    expiresAt: number,
    issuedAt?: number,
  ): Promise<string>;
  /**
   * @throws AppError `link_expired` if its time is over, or its key is no longer listed; `link_invalid` if it is altered,
   *   foreign, or made for another purpose
   */
  read<P extends LinkPurpose>(
    purpose: P,
    token: string,
  ): Promise<LinkClaims<P> & { readonly issuedAt: number; readonly expiresAt: number }>;
}

function keyFor(bytes: Uint8Array, purpose: LinkPurpose): Uint8Array {
  return deriveKey(bytes, `link ${purpose}`);
}

const PATHS = { connect: CONNECT_PATH, disconnect: DISCONNECT_PATH };

/** The address of a page behind a token. */
export function linkUrl(publicOrigin: string, purpose: 'connect' | 'disconnect', token: string): string {
  return `${publicOrigin}${PATHS[purpose]}/${token}`;
}

/** Every purpose has a key of its own, derived from each encryption key. The first one makes links, all of them read. */
export function createLinks(
  keys: readonly { readonly id: string; readonly bytes: Uint8Array }[],
  now: () => number,
): Links {
  return {
    async make(purpose, content, expiresAt, issuedAt = now()) {
      const [key] = keys;
      if (!key) throw new AppError('encryption_key_missing', 'There is no key to make links with');
      return new EncryptJWT({ ...content, issuedAt })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id })
        .setExpirationTime(new Date(expiresAt))
        .encrypt(keyFor(key.bytes, purpose));
    },

    async read(purpose, token) {
      try {
        const { payload } = await jwtDecrypt(
          token,
          ({ kid }) => {
            const key = keys.find(({ id }) => id === kid);
            if (key) return keyFor(key.bytes, purpose);
            throw new AppError('link_expired', 'The link was made with a key that is no longer in use');
          },
          {
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: ['A256GCM'],
            requiredClaims: ['exp'],
            currentDate: new Date(now()),
          },
        );
        const { issuedAt } = z.object({ issuedAt: z.number() }).parse(payload);
        const content = claims[purpose].parse(payload) as LinkClaims<typeof purpose>;
        return { ...content, issuedAt, expiresAt: (payload.exp ?? 0) * SECOND_MS };
      } catch (cause) {
        if (isAppError(cause)) throw cause;
        if (cause instanceof errors.JWTExpired)
          throw new AppError('link_expired', 'This link has expired', { cause });
        throw new AppError('link_invalid', 'This link is not valid', { cause });
      }
    },
  };
}
