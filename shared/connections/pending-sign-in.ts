/** A sign-in that a browser has begun and not yet come back from. */
export interface PendingSignIn {
  readonly userId: string;
  /** The only account that may connect; null if any may. */
  readonly calendarEmail: string | null;
  /** The token of the connect link that it started from, to start again. */
  readonly link: string;
  readonly linkId: string;
  /** What Microsoft was asked for. */
  readonly scopes: readonly string[];
  /** SHA-256 of this browser's cookie. */
  readonly cookieHash: string;
  readonly codeVerifier: string;
  readonly nonce: string;
}

/** A sign-in as it was read. */
export interface StoredSignIn {
  /** Null once the state is used. */
  readonly signIn: PendingSignIn | null;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly etag: string;
}

/** Where sign-ins wait for their callback. Every method throws AppError `storage_unavailable` or `deadline_exceeded`. */
export interface PendingSignInStore {
  /** @param key the hash of the state. @param expiresAt epoch milliseconds */
  save(key: string, signIn: PendingSignIn, expiresAt: number, signal: AbortSignal): Promise<void>;
  /** @throws AppError `data_unreadable`, `encryption_key_missing` */
  find(key: string, signal: AbortSignal): Promise<StoredSignIn | null>;
  /** Uses the state up. False: another callback has used it first. */
  consume(key: string, stored: StoredSignIn, signal: AbortSignal): Promise<boolean>;
  /** Deletes what expired before then. */
  deleteExpired(before: number, signal: AbortSignal): Promise<void>;
}
