import type { Mailbox } from './schedule.ts';
import type { Manager } from './manager.ts';

/** How a call names a manager. */
export interface Route {
  readonly kind: 'assistant' | 'number';
  /** VAPI's assistant id, or the dialled number in E.164. */
  readonly id: string;
}

export interface StoredManager {
  readonly manager: Manager;
  /** Null where nothing is connected. */
  readonly mailbox: Mailbox | null;
  /** Of the entry; not of the mailbox. */
  readonly etag: string;
}

export interface StoredRoute {
  readonly userId: string;
  readonly claimedAt: number;
  readonly etag: string;
}

/** Every method throws `storage_unavailable` or `deadline_exceeded`. */
export interface ManagerStore {
  read(userId: string, signal: AbortSignal): Promise<StoredManager | null>;
  list(signal: AbortSignal): Promise<readonly StoredManager[]>;
  /** The first two user ids there are: enough to tell whether there is but one. */
  firstTwo(signal: AbortSignal): Promise<readonly string[]>;
  /** @param etag null: there must be none. */
  write(
    manager: Manager,
    etag: string | null,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'written'; readonly etag: string } | { readonly kind: 'changed' }>;
  /** The entry with its connection and invite. */
  remove(userId: string, etag: string, signal: AbortSignal): Promise<'removed' | 'changed'>;
  readRoute(route: Route, signal: AbortSignal): Promise<StoredRoute | null>;
  /** @param etag null: there must be none. */
  claimRoute(
    route: Route,
    userId: string,
    claimedAt: number,
    etag: string | null,
    signal: AbortSignal,
  ): Promise<'claimed' | 'changed'>;
  releaseRoute(route: Route, etag: string, signal: AbortSignal): Promise<void>;
}
