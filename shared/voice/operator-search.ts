import { AppError } from '../core/errors.ts';
import type { Managers } from '../managers/managers.ts';
import { resolveSchedule } from '../managers/schedule.ts';
import type { PropertyDirectory } from '../properties/directory.ts';
import { searchAsOperator } from '../properties/search/operator-search.ts';
import type { SearchResult } from '../properties/search/operator-search.ts';
import { readRentalCriteria } from './read-rental-criteria.ts';
import type { RentalTexts } from './read-rental-criteria.ts';

/** The query of `GET /properties/search`, as texts. */
export interface OperatorSearchQuery extends RentalTexts {
  /** An address or a name, as a caller says it. */
  readonly q?: string | undefined;
}

/**
 * Searches the homes of a manager's portfolio as the voice tools do, on the manager's clock.
 * @throws AppError `not_found` for an unknown manager; `invalid_request` if a filter is not read; `storage_unavailable`,
 *   `deadline_exceeded`
 */
export type OperatorSearch = (
  userId: string,
  query: OperatorSearchQuery,
  signal: AbortSignal,
) => Promise<SearchResult>;

/** What the search needs besides the query. */
export interface OperatorSearchOptions {
  readonly managers: Pick<Managers, 'read'>;
  readonly directory: PropertyDirectory;
  /** IANA name, for a manager without a zone of their own. */
  readonly defaultTimeZone: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The search of the voice tools for an operator: each home comes with its score. */
export function createOperatorSearch({
  managers,
  directory,
  defaultTimeZone,
  now,
}: OperatorSearchOptions): OperatorSearch {
  return async (userId, { q, ...texts }, signal) => {
    const { manager, mailbox } = await managers.read(userId, signal);
    const { timeZone } = resolveSchedule(manager, mailbox, defaultTimeZone);
    const reading = readRentalCriteria(texts, timeZone, now());
    if (!reading.ok) {
      const details = [{ field: reading.field, message: 'cannot be searched by' }];
      throw new AppError('invalid_request', `${reading.field}: cannot be searched by`, { details });
    }
    const { properties } = await directory.forManager(userId, signal);
    return searchAsOperator(properties, q, reading.criteria);
  };
}
