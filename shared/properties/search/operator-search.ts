// The search of the voice tools as an operator tries it out: the same matcher and the same filters, with scores.
import { findHome } from '../match/find-home.ts';
import type { HomeMatch } from '../match/home-match.ts';
import type { ListedProperty } from '../property.ts';
import type { Criteria } from './criteria.ts';
import { searchRentals } from './search-rentals.ts';
import type { Criterion, Relaxed } from './search-rentals.ts';

/** One home that the search found. */
export interface SearchedProperty {
  readonly property: ListedProperty;
  /** 1: it is the one that was named, or fits every filter; less: one of several, or not known to fit. */
  readonly score: number;
  /** The filters that its listing says nothing about. */
  readonly unknown: readonly Criterion[];
}

/** What a caller would be offered for the same words. */
export interface SearchResult {
  readonly properties: readonly SearchedProperty[];
  /** What the words name; null if there are none. */
  readonly match: HomeMatch['kind'] | null;
  /** What a caller would be asked about instead: "did you mean". */
  readonly near: readonly ListedProperty[];
  /** What was given up because nothing fitted. */
  readonly relaxed: Relaxed | null;
}

/** @param said an address or a name, as a caller says it; absent: every home that fits the filters */
export function searchAsOperator(
  properties: readonly ListedProperty[],
  said: string | undefined,
  criteria: Criteria,
): SearchResult {
  if (said === undefined) return filter(properties, criteria);
  const match = findHome(properties, said);
  const { named, near } = namedBy(match);
  const isFiltered = Object.values(criteria).some((value) => value !== null);
  const { properties: fitting, relaxed } = isFiltered ? filter(named, criteria) : unfiltered(named);
  return {
    properties: fitting.map((found) => ({ ...found, score: found.score / Math.max(1, named.length) })),
    match: match.kind,
    near,
    relaxed,
  };
}

function unfiltered(named: readonly ListedProperty[]): Pick<SearchResult, 'properties' | 'relaxed'> {
  return { properties: named.map((property) => ({ property, score: 1, unknown: [] })), relaxed: null };
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
