declare const encrypted: unique symbol;

/** A text that only `Encryption.decrypt` can read. It is safe to store and to copy, and means nothing to anybody else. */
export type Encrypted = string & { readonly [encrypted]: true };

/** Encryption at rest. */
export interface Encryption {
  /**
   * Encrypts under the newest key.
   * @param context whose value it is, such as the keys of its row. It can be decrypted only with the same context, so a value
   *   that is copied to another row is useless there.
   * @throws AppError `encryption_key_missing` if there is no key at all
   */
  encrypt(text: string, context: string): Promise<Encrypted>;
  /**
   * @throws AppError `encryption_key_missing` if its key is no longer among the keys; `data_unreadable` if the value was
   *   altered or belongs to another context
   */
  decrypt(value: string, context: string): Promise<string>;
  /** Whether a value is encrypted under the newest key. Any other should be encrypted again before its key is removed. */
  isCurrent(value: string): boolean;
}
