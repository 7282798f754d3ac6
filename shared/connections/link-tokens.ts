// Hazard: the host logs the URL of every request. Tokens in links are therefore not only authenticated but encrypted:
// whoever reads the logs learns neither address nor number.
import { hkdfSync } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';

const claims = {
  /** Opens the consent page. A mailed link lives as long as the invite with its id stands in the table. */
  connect: z.object({
    userId: z.string(),
    calendarEmail: z.string().nullable(),
    id: z.string(),
    mailed: z.boolean(),
  }),
  /** Opens the page that disconnects. */
  disconnect: z.object({ userId: z.string() }),
  /** Proves that a form came from our own page; `link` is the hash of the link it stands behind. */
  form: z.object({ link: z.string() }),
  /** Comes back from an administrator's consent. Grants nothing. */
  admin: z.object({ userId: z.string() }),
};

export type LinkPurpose = keyof typeof claims;
export type LinkClaims<P extends LinkPurpose> = z.infer<(typeof claims)[P]>;

export interface Links {
  make<P extends LinkPurpose>(purpose: P, claims: LinkClaims<P>, lifetimeMs: number): Promise<string>;
  /** @throws `link_expired`; `link_invalid` where it is altered, foreign, or made for another purpose. */
  read<P extends LinkPurpose>(
    purpose: P,
    token: string,
  ): Promise<LinkClaims<P> & { readonly issuedAt: number; readonly expiresAt: number }>;
}

/** @see https://www.rfc-editor.org/rfc/rfc5869 */
function deriveKey(bytes: Uint8Array, purpose: LinkPurpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', bytes, new Uint8Array(), `peterental link ${purpose}`, 32));
}

/** Every purpose has a key of its own, derived from each encryption key: all of them open, the first one makes. */
export function createLinks(
  keys: readonly { readonly id: string; readonly bytes: Uint8Array }[],
  now: () => number,
): Links {
  return {
    async make(purpose, content, lifetimeMs) {
      const [key] = keys;
      if (!key) throw new AppError('encryption_key_missing', 'There is no key to make links with');
      return new EncryptJWT({ ...content, issuedAt: now() })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id })
        .setExpirationTime(new Date(now() + lifetimeMs))
        .encrypt(deriveKey(key.bytes, purpose));
    },

    async read(purpose, token) {
      try {
        const { payload } = await jwtDecrypt(
          token,
          ({ kid }) => {
            const key = keys.find(({ id }) => id === kid);
            if (key) return deriveKey(key.bytes, purpose);
            throw new AppError('link_invalid', 'The link was made with a key that is no longer in use');
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
        return { ...content, issuedAt, expiresAt: (payload.exp ?? 0) * 1000 };
      } catch (cause) {
        if (cause instanceof errors.JWTExpired)
          throw new AppError('link_expired', 'This link has expired', { cause });
        throw new AppError('link_invalid', 'This link is not valid', { cause });
      }
    },
  };
}
