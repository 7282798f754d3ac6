import type { ListedProperty } from './property.ts';

/** Every home that the callers of one manager may ask for. */
export interface PropertyList {
  /** Two lists of one portfolio with equal versions hold the same homes. */
  readonly version: string;
  /** The homes of all managers of the portfolio, of every status. The same array for as long as the version is the same. */
  readonly properties: readonly ListedProperty[];
  /** The user ids of the managers whose homes these are: the one who was asked for comes first. */
  readonly members: readonly string[];
}

export interface PropertyDirectory {
  /**
   * The homes of a manager and of the portfolio they belong to; empty if there are none. Never older than the last
   * change that was answered.
   * @throws `storage_unavailable` or `deadline_exceeded`
   */
  forManager(userId: string, signal: AbortSignal): Promise<PropertyList>;
}
