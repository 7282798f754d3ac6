// The search of the voice tools as an operator tries it out: the same matcher and the same filters, with scores.
import { AppError } from '../../core/errors.ts';
import { isLocalDate } from '../../scheduling/zone.ts';
import { findHome } from '../match/find-home.ts';
import type { HomeMatch } from '../match/find-home.ts';
import type { ListedProperty } from '../property.ts';
import { readCriteria } from './criteria.ts';
import type { Criteria } from './criteria.ts';
import { searchRentals } from './search-rentals.ts';
import type { Criterion, Relaxed } from './search-rentals.ts';

/** Texts as they stand in the query. */
export interface SearchQuery {
  /** An address or a name, as a caller says it. */
  readonly q?: string;
  readonly bedrooms?: string;
  readonly max_rent?: string;
  readonly area?: string;
  readonly pets?: string;
  readonly feature?: string;
  /** `YYYY-MM-DD`: words for days are read on calls alone. */
  readonly move_in?: string;
}

export interface SearchedProperty {
  readonly property: ListedProperty;
  /** 1: it is the one that was named, or fits every filter; less: one of several, or not known to fit. */
  readonly score: number;
  /** The filters that its listing says nothing about. */
  readonly unknown: readonly Criterion[];
}

export interface SearchResult {
  readonly properties: readonly SearchedProperty[];
  /** What the words name; null if there are none. */
  readonly match: HomeMatch['kind'] | null;
  /** What a caller would be asked about instead: "did you mean". */
  readonly near: readonly ListedProperty[];
  /** What was given up because nothing fitted. */
  readonly relaxed: Relaxed | null;
}

/** @throws `invalid_request` if a filter cannot be read */
export function searchAsOperator(properties: readonly ListedProperty[], query: SearchQuery): SearchResult {
  const criteria = criteriaOf(query);
  if (query.q === undefined) return filter(properties, criteria);
  const match = findHome(properties, query.q);
  const { named, near } = namedBy(match);
  const isFiltered = Object.values(criteria).some((value) => value !== null);
  const fitting = isFiltered ? filter(named, criteria).properties.map(({ property }) => property) : named;
  const score = named.length > 1 ? 1 / named.length : 1;
  return {
    properties: fitting.map((property) => ({ property, score, unknown: [] })),
    match: match.kind,
    near,
    relaxed: null,
  };
}

function filter(properties: readonly ListedProperty[], criteria: Criteria): SearchResult {
  const { rentals, relaxed } = searchRentals(properties, criteria);
  return { properties: rentals, match: null, near: [], relaxed };
}

function namedBy(match: HomeMatch): {
  readonly named: readonly ListedProperty[];
  readonly near: readonly ListedProperty[];
} {
  switch (match.kind) {
    case 'found':
      return { named: [match.property], near: [] };
    case 'unavailable':
      return { named: [match.property], near: match.similar };
    case 'which':
      return { named: match.properties, near: [] };
    case 'unknown':
      return { named: [], near: match.near };
    case 'unnamed':
      return { named: [], near: [] };
  }
}

function criteriaOf(query: SearchQuery): Criteria {
  const { move_in: moveIn, bedrooms, max_rent, area, pets, feature } = query;
  if (moveIn !== undefined && !isLocalDate(moveIn)) throw invalid('move_in', 'must be a date, YYYY-MM-DD');
  const reading = readCriteria({ bedrooms, max_rent, area, pets, feature, moveInBy: moveIn ?? null });
  if (!reading.ok) throw invalid(reading.field, 'cannot be searched by');
  return reading.criteria;
}

function invalid(field: string, message: string): AppError {
  return new AppError('invalid_request', `${field}: ${message}`, { details: [{ field, message }] });
}
