import { FlattenedEncrypt, decodeProtectedHeader, flattenedDecrypt } from 'jose';
import type { Encrypted, Encryption } from '../core/encryption.ts';
import { AppError, isAppError } from '../core/errors.ts';
import { rememberResults } from '../core/remember.ts';

/** One of TOKEN_ENCRYPTION_KEYS. */
export interface NamedKey {
  /** Stored with each value as `kid`. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/**
 * A256GCM. A value has the form of a compact JWE without its empty second part. The context is additional authenticated data
 * and is not stored.
 * @param keys the first one encrypts, all of them decrypt
 * @see https://www.rfc-editor.org/rfc/rfc7516#section-5.1
 */
export function createEncryption(keys: readonly NamedKey[]): Encryption {
  // Otherwise jose imports the bytes again for every value.
  const importKey = rememberResults(keys.length, (id: string) => {
    const bytes = Uint8Array.from(keys.find((key) => key.id === id)?.bytes ?? []);
    return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  });
  return {
    async encrypt(text, context) {
      const [key] = keys;
      if (!key) throw new AppError('encryption_key_missing', 'There is no key to encrypt with');
      const jwe = await new FlattenedEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id })
        .setAdditionalAuthenticatedData(new TextEncoder().encode(context))
        .encrypt(await importKey(key.id));
      return [jwe.protected, jwe.iv, jwe.ciphertext, jwe.tag].join('.') as Encrypted;
    },

    async decrypt(value, context) {
      const [header = '', iv, ciphertext = '', tag] = value.split('.');
      try {
        const { plaintext } = await flattenedDecrypt(
          { protected: header, iv, ciphertext, tag, aad: Buffer.from(context).toString('base64url') },
          (protectedHeader) => {
            const key = keys.find(({ id }) => id === protectedHeader?.['kid']);
            if (key) return importKey(key.id);
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
        throw new AppError('data_unreadable', 'A stored value cannot be decrypted', { cause: error });
      }
    },

    isCurrent(value) {
      try {
        return decodeProtectedHeader({ protected: value.split('.')[0] })['kid'] === keys[0]?.id;
      } catch {
        // Not of our making, so there is nothing to encrypt again.
        return false;
      }
    },
  };
}
