import { readCriteria } from '../properties/search/criteria.ts';
import type { CriteriaReading, CriteriaTexts } from '../properties/search/criteria.ts';
import { readMoveIn } from './understanding/read-move-in.ts';

/** What somebody looks for, as a model, a caller or an operator writes it. */
export interface RentalTexts extends Omit<CriteriaTexts, 'moveInBy'> {
  /** ISO 8601 or words for days, English or Spanish. */
  readonly move_in?: string | undefined;
}

/** The criteria, or the first field whose words were not read. */
export type RentalCriteriaReading = CriteriaReading | { readonly ok: false; readonly field: 'move_in' };

/**
 * Reads the filters of a search. Callers and operators are heard alike.
 * @param timeZone IANA name: whose today "next week" counts from
 * @param now epoch milliseconds
 */
export function readRentalCriteria(
  { move_in: said, ...texts }: RentalTexts,
  timeZone: string,
  now: number,
): RentalCriteriaReading {
  const moveIn = said === undefined ? { by: null } : readMoveIn(said, timeZone, now);
  if (moveIn === null) return { ok: false, field: 'move_in' };
  return readCriteria({ ...texts, moveInBy: moveIn.by });
}
