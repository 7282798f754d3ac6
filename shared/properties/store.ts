import type { PropertiesMark } from '../managers/manager-record.ts';
import type { ListedProperty } from './property.ts';
import type { StoredHome } from './stored-home.ts';
import type { StoredSource } from './source.ts';

/** Managers who share their homes: a portfolio, or one manager who belongs to none. */
export type Group =
  | { readonly kind: 'portfolio'; readonly name: string }
  | { readonly kind: 'manager'; readonly userId: string };

/** A home as it was read, with its etag. */
export interface VersionedHome {
  readonly home: StoredHome;
  readonly etag: string;
}

/** A source as it was read, with its etag. */
export interface VersionedSource {
  readonly source: StoredSource;
  readonly etag: string;
}

/** What a change writes: homes first, the index last, so that callers see all of it or nothing. */
export interface HomeWrites {
  /** With the etag that was read; null: there must be none. */
  readonly put: readonly { readonly home: StoredHome; readonly etag: string | null }[];
  readonly remove: readonly string[];
}

/** Every method throws `storage_unavailable` or `deadline_exceeded`. */
export interface PropertyStore {
  readMark(userId: string, signal: AbortSignal): Promise<PropertiesMark | null>;
  writeMark(userId: string, mark: PropertiesMark, signal: AbortSignal): Promise<void>;
  removeMark(userId: string, signal: AbortSignal): Promise<void>;

  /** Members of a portfolio, in no order; empty for a manager who belongs to none. */
  readMembers(group: Group, signal: AbortSignal): Promise<readonly string[]>;
  addMember(group: Group, userId: string, signal: AbortSignal): Promise<void>;
  removeMember(group: Group, userId: string, signal: AbortSignal): Promise<void>;

  /**
   * Blocks every other change of these groups until it is released, or until `leaseMs` have passed.
   * @returns null if another change is under way
   */
  tryLock(
    groups: readonly Group[],
    lease: { readonly now: number; readonly leaseMs: number },
    signal: AbortSignal,
  ): Promise<PropertiesLock | null>;

  /** The index of one manager's homes. */
  readIndex(userId: string, signal: AbortSignal): Promise<readonly ListedProperty[]>;
  readHome(userId: string, propertyId: string, signal: AbortSignal): Promise<VersionedHome | null>;
  readHomes(userId: string, signal: AbortSignal): Promise<readonly VersionedHome[]>;
  /** Homes in the order of their ids. @param after the id to go on behind; null: from the first */
  listHomes(
    userId: string,
    after: string | null,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly VersionedHome[]>;
  /**
   * @param index all homes of the manager as they are after this change
   * @throws `concurrent_update` if a home has another etag
   */
  writeHomes(
    userId: string,
    writes: HomeWrites,
    index: readonly ListedProperty[],
    signal: AbortSignal,
  ): Promise<void>;
  /** All homes and the index of one manager. */
  removeHomes(userId: string, signal: AbortSignal): Promise<void>;

  readSource(userId: string, sourceId: string, signal: AbortSignal): Promise<VersionedSource | null>;
  readSources(userId: string, signal: AbortSignal): Promise<readonly StoredSource[]>;
  /** The sources of every manager that are due, and so in whose turn it is; at most `limit`. */
  readDueSources(now: number, limit: number, signal: AbortSignal): Promise<readonly VersionedSource[]>;
  /** How many feeds cannot be read now, of all managers. */
  countFailingSources(signal: AbortSignal): Promise<number>;
  /**
   * Writes the version of a source that follows the one that was read.
   * @param before as it was read; null: there must be none
   * @returns null if somebody else wrote or removed it in between: then nothing is written
   */
  writeSource(
    source: StoredSource,
    before: VersionedSource | null,
    signal: AbortSignal,
  ): Promise<VersionedSource | null>;
  /** @param etag removes only this version; by default any */
  removeSource(userId: string, sourceId: string, signal: AbortSignal, etag?: string): Promise<void>;
}

/** A lock on the homes of one portfolio or more. */
export interface PropertiesLock {
  release(): Promise<void>;
}
