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

export interface FeedReader {
  /** @throws `invalid_request` if this URL cannot be a feed of ours, told without asking anybody */
  assertAllowed(url: string): void;
  /** @throws `feed_unreadable` with why, in words */
  read(url: string, validators: StoredSource['validators'], signal: AbortSignal): Promise<FeedAnswer>;
}
