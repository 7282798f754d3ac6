import type { StoredSource } from '../source.ts';

/** What a feed's server answered. */
export type FeedAnswer =
  | {
      readonly kind: 'read';
      readonly bytes: Uint8Array;
      readonly contentType: string | null;
      readonly validators: StoredSource['validators'];
    }
  /** It is as it was when these validators came. */
  | { readonly kind: 'not_modified' };

/** Reads feeds over the network. */
export interface FeedReader {
  /** @throws `invalid_request` if the URL itself shows that it cannot be read as a feed */
  assertAllowed(url: string): void;
  /** @throws `feed_unreadable` with why, in words */
  read(url: string, validators: StoredSource['validators'], signal: AbortSignal): Promise<FeedAnswer>;
}
