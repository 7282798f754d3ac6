import type { PropertiesMark } from '../managers/manager-record.ts';
import type { ListedProperty } from './property.ts';
import type { PropertyStore } from './store.ts';

/** Every home that the callers of one manager may ask for. */
export interface PropertyList {
  /** Two lists of one portfolio with equal versions hold the same homes. */
  readonly version: string;
  /** The homes of all managers of the portfolio, of every status. The same array for as long as the version is the same. */
  readonly properties: readonly ListedProperty[];
  /** The user ids of the managers whose homes these are: the one who was asked for comes first. */
  readonly members: readonly string[];
}

/** The homes of a portfolio, from memory while their version is current. */
export interface PropertyDirectory {
  /**
   * The homes of a manager and of the portfolio they belong to; empty if there are none. Never older than the last
   * change that was answered.
   * @throws `storage_unavailable` or `deadline_exceeded`
   */
  forManager(userId: string, signal: AbortSignal): Promise<PropertyList>;
}

/** What a directory reads from. */
export interface DirectoryOptions {
  /** From the manager's record, as it was read for this request. */
  readonly readMark: (userId: string, signal: AbortSignal) => Promise<PropertiesMark | null>;
  readonly readIndex: PropertyStore['readIndex'];
}

interface Cached {
  readonly version: string;
  readonly properties: Promise<readonly ListedProperty[]>;
}

/** Portfolios in memory; a full one takes about 10 MB. */
const MAX_CACHED = 20;

/**
 * A directory that keeps the homes of each portfolio in memory for as long as the version in the manager's record stays the
 * same. While a change is under way nothing is remembered, so no list outlives the change that replaces it.
 */
export function createPropertyDirectory({ readMark, readIndex }: DirectoryOptions): PropertyDirectory {
  const cache = new Map<string, Cached>();

  async function load(mark: PropertiesMark, signal: AbortSignal): Promise<readonly ListedProperty[]> {
    const lists = await Promise.all(mark.members.map((member) => readIndex(member, signal)));
    return lists.flat();
  }

  async function propertiesOf(mark: PropertiesMark, signal: AbortSignal): Promise<readonly ListedProperty[]> {
    if (mark.isChanging) return load(mark, signal);
    const key = [...mark.members].sort().join('\n');
    const cached = cache.get(key);
    if (cached?.version === mark.version) {
      try {
        return await cached.properties;
      } catch {
        // The caller that started this read gets its failure. This caller has a deadline of its own.
        return load(mark, signal);
      }
    }
    const properties = load(mark, signal);
    cache.delete(key);
    cache.set(key, { version: mark.version, properties });
    const oldest = cache.keys().next().value;
    if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
    try {
      return await properties;
    } catch (error) {
      if (cache.get(key)?.properties === properties) cache.delete(key);
      throw error;
    }
  }

  return {
    async forManager(userId, signal) {
      const mark = await readMark(userId, signal);
      if (!mark) return { version: '', properties: NONE, members: [userId] };
      const properties = await propertiesOf(mark, signal);
      const others = mark.members.filter((member) => member !== userId);
      return { version: mark.version, properties, members: [userId, ...others] };
    },
  };
}

const NONE: readonly ListedProperty[] = [];
