import { FlattenedEncrypt, flattenedDecrypt } from 'jose';
import { AppError, isAppError } from '../core/errors.ts';

export interface SealingKey {
  /** Travels with what it sealed, as `kid`. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

export interface Sealer {
  /**
   * Encrypts under the first key.
   * @param context who or what the text belongs to: it opens in the same context alone, so that a value copied to another row is dead.
   */
  seal(text: string, context: string): Promise<string>;
  /** @throws `encryption_key_missing` where its key is no longer listed; `token_unreadable` where it is altered or another's. */
  open(sealed: string, context: string): Promise<string>;
}

/**
 * Encryption at rest: A256GCM. The form is that of a compact JWE without its empty second part; the context is additional
 * authenticated data and not part of what is stored.
 * @see https://www.rfc-editor.org/rfc/rfc7516#section-5.1
 */
export function createSealer(keys: readonly SealingKey[]): Sealer {
  return {
    async seal(text, context) {
      const [key] = keys;
      if (!key) throw new AppError('encryption_key_missing', 'There is no key to encrypt with');
      const jwe = await new FlattenedEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id })
        .setAdditionalAuthenticatedData(new TextEncoder().encode(context))
        .encrypt(key.bytes);
      return [jwe.protected, jwe.iv, jwe.ciphertext, jwe.tag].join('.');
    },

    async open(sealed, context) {
      const [header = '', iv, ciphertext = '', tag] = sealed.split('.');
      try {
        const { plaintext } = await flattenedDecrypt(
          { protected: header, iv, ciphertext, tag, aad: Buffer.from(context).toString('base64url') },
          (protectedHeader) => {
            const key = keys.find(({ id }) => id === protectedHeader?.['kid']);
            if (key) return key.bytes;
            throw new AppError(
              'encryption_key_missing',
              'TOKEN_ENCRYPTION_KEYS no longer lists the key that this was encrypted with',
            );
          },
          { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
        );
        return new TextDecoder().decode(plaintext);
      } catch (error) {
        if (isAppError(error)) throw error;
        throw new AppError('token_unreadable', 'A stored secret cannot be decrypted', { cause: error });
      }
    },
  };
}
