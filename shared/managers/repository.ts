import type { CallRoute } from './call-routing.ts';
import type { Manager } from './manager.ts';
import type { CalendarChange, SnapshotHeader, Subscription } from './calendar-watch.ts';
import type { Connection, Invite, LinkState, ManagerRecord } from './manager-record.ts';

interface PartChanges {
  /** Null leaves a mark of the deletion, which `finishDeletion` removes. */
  readonly profile?: Manager | null;
  readonly connection?: Connection | null;
  readonly subscription?: Subscription | null;
  readonly change?: CalendarChange | null;
  readonly snapshot?: SnapshotHeader | null;
}

/** An invite is written together with `links`, whose version shows whether somebody has invited or connected since. */
type LinkChanges =
  | { readonly invite?: undefined; readonly links?: LinkState }
  | { readonly invite: Invite | null; readonly links: LinkState };

/** The parts to write. A part that is left out stays as it is; null deletes it. */
export type RecordChanges = PartChanges & LinkChanges;

/** A manager in a list: everything but tokens, invite and links. */
export interface ManagerSummary {
  readonly profile: Manager;
  readonly etag: string;
  readonly connection: Omit<Connection, 'tokens'> | null;
  readonly subscription: Subscription | null;
}

/** One connection, as the daily run meets it. */
export interface ScannedConnection {
  readonly userId: string;
  /** Where a scan continues after this one. */
  readonly cursor: string;
  readonly status: Connection['status'];
}

/** To whom the calls of one number or assistant go. */
export interface StoredCallRoute {
  readonly userId: string;
  /** Epoch milliseconds. */
  readonly claimedAt: number;
  readonly etag: string;
}

/** Where managers are stored. Every method throws AppError `storage_unavailable` or `deadline_exceeded`. */
export interface ManagerRepository {
  /** One table read. Of somebody unknown, the record has no parts. */
  load(userId: string, signal: AbortSignal): Promise<ManagerRecord>;
  /**
   * The record as it was first read for this request, so that a request reads it once however many steps need it.
   * @param signal the request's own, which identifies the request
   */
  loadForRequest(userId: string, signal: AbortSignal): Promise<ManagerRecord>;
  /**
   * Writes all changes or none. Who connects, disconnects, invites or deletes also writes `links`, so that of two such
   * writers one learns of the other. Several deletes need such a write beside them: together they are deletes of any version.
   * @returns the record as it is now; null if somebody else changed one of these parts since it was loaded
   */
  save(record: ManagerRecord, changes: RecordChanges, signal: AbortSignal): Promise<ManagerRecord | null>;
  /** Removes the mark of a deletion, once all that belonged to the manager is erased. */
  finishDeletion(record: ManagerRecord, signal: AbortSignal): Promise<void>;
  /** The user ids of deletions that were interrupted. */
  listDeletions(signal: AbortSignal): Promise<readonly string[]>;
  /** All managers with a profile, in a stable order. */
  list(signal: AbortSignal): AsyncGenerator<ManagerSummary>;
  /** The first user ids there are: two are enough to tell whether there is only one manager. */
  listIds(limit: number, signal: AbortSignal): Promise<readonly string[]>;
  /** All connections in a stable order, page by page. @param after a cursor; null starts from the beginning */
  scanConnections(
    after: string | null,
    signal: AbortSignal,
    pageSize?: number,
  ): AsyncGenerator<readonly ScannedConnection[]>;
  /** Deletes what is remembered of links that have all expired. @param now epoch milliseconds. @returns how many */
  deleteLinkStates(now: number, signal: AbortSignal): Promise<number>;
  /** The manager whose profile lists this route. Costs no read of its own if the route is known. */
  findByRoute(route: CallRoute, signal: AbortSignal): Promise<ManagerRecord | null>;
  readRoute(route: CallRoute, signal: AbortSignal): Promise<StoredCallRoute | null>;
  /** @param etag null: the route must be free. */
  claimRoute(
    route: CallRoute,
    userId: string,
    claimedAt: number,
    etag: string | null,
    signal: AbortSignal,
  ): Promise<'claimed' | 'changed'>;
  releaseRoute(route: CallRoute, etag: string, signal: AbortSignal): Promise<void>;
}
