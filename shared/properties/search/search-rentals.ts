// Which homes fit what a caller looks for. The order is one for everybody: what is known to fit, the soonest available, the
// lowest rent, the address.
import { isViewable } from '../match/home-match.ts';
import { matchIndexOf } from '../match/match-index.ts';
import type { IndexedHome, MatchIndex } from '../match/match-index.ts';
import type { ListedProperty } from '../property.ts';
import { createAreaJudge } from './area.ts';
import type { Criteria } from './criteria.ts';
import { hasFeature } from './features.ts';

/** A criterion that a home's listing may say nothing about. */
export type Criterion = 'bedrooms' | 'max_rent' | 'area' | 'pets' | 'move_in' | 'feature';
/** Given up in this order, one at a time, if nothing fits. Never pets. */
export const RELAXED = ['move_in', 'max_rent', 'bedrooms'] as const;
export type Relaxed = (typeof RELAXED)[number];

/** One home that fits. */
export interface RentalFit {
  readonly property: ListedProperty;
  /** The criteria that the listing says nothing about. */
  readonly unknown: readonly Criterion[];
  /** The share of the criteria that are known to fit, from 0 to 1. */
  readonly score: number;
}

/** The result of a search. */
export interface RentalSearch {
  /** All homes that fit, in the order in which they are read aloud. */
  readonly rentals: readonly RentalFit[];
  /** What was given up because nothing fitted. */
  readonly relaxed: Relaxed | null;
}

/** @param properties the homes of a portfolio, as a directory hands them out */
export function searchRentals(properties: readonly ListedProperty[], criteria: Criteria): RentalSearch {
  const index = matchIndexOf(properties);
  const rentals = searchOnce(index, criteria);
  if (rentals.length > 0) return { rentals, relaxed: null };
  for (const relaxed of RELAXED) {
    const wider = relax(criteria, relaxed);
    if (wider === null) continue;
    const found = searchOnce(index, wider);
    if (found.length > 0) return { rentals: found, relaxed };
  }
  return { rentals: [], relaxed: null };
}

/** Null if there is nothing to give up. */
function relax(criteria: Criteria, relaxed: Relaxed): Criteria | null {
  const { bedrooms, maxRent, moveInBy } = criteria;
  switch (relaxed) {
    case 'move_in':
      return moveInBy === null ? null : { ...criteria, moveInBy: null };
    case 'max_rent':
      return maxRent === null ? null : { ...criteria, maxRent: Math.floor(maxRent * 1.1) };
    case 'bedrooms':
      return bedrooms === null
        ? null
        : {
            ...criteria,
            bedrooms: {
              min: Math.max(0, bedrooms.min - 1),
              max: bedrooms.max === null ? null : bedrooms.max + 1,
            },
          };
  }
}

type Fit = 'fits' | 'unknown' | 'fails';

function searchOnce(index: MatchIndex, criteria: Criteria): RentalFit[] {
  const tests = testsOf(index, criteria);
  const found: RentalFit[] = [];
  for (const home of index.homes) {
    if (!isViewable(home.property)) continue;
    const unknown: Criterion[] = [];
    let fails = false;
    for (const [criterion, test] of tests) {
      const fit = test(home);
      if (fit === 'unknown') unknown.push(criterion);
      fails ||= fit === 'fails';
    }
    if (fails) continue;
    const score = tests.length === 0 ? 1 : (tests.length - unknown.length) / tests.length;
    found.push({ property: home.property, unknown, score });
  }
  return found.sort(compareFits);
}

function testsOf(index: MatchIndex, criteria: Criteria): [Criterion, (home: IndexedHome) => Fit][] {
  const { bedrooms, maxRent, area, pets, moveInBy, feature } = criteria;
  const tests: [Criterion, (home: IndexedHome) => Fit][] = [];
  if (bedrooms !== null) {
    const { min, max } = bedrooms;
    tests.push([
      'bedrooms',
      ({ property }) => fitOf(property.bedrooms, (count) => count >= min && (max === null || count <= max)),
    ]);
  }
  if (maxRent !== null)
    tests.push(['max_rent', ({ property }) => fitOf(property.rent, (rent) => rent <= maxRent)]);
  if (area !== null) {
    const judge = createAreaJudge(index, area);
    tests.push(['area', (home) => ({ in: 'fits', unknown: 'unknown', out: 'fails' })[judge(home)] as Fit]);
  }
  if (pets !== null) tests.push(['pets', ({ property }) => fitOfPets(property, pets)]);
  if (moveInBy !== null) {
    tests.push(['move_in', ({ property }) => fitOf(property.availableOn, (date) => date <= moveInBy)]);
  }
  if (feature !== null)
    tests.push(['feature', ({ property }) => fitOf(hasFeature(property, feature), (has) => has)]);
  return tests;
}

function fitOf<Value>(value: Value | null, test: (value: Value) => boolean): Fit {
  if (value === null) return 'unknown';
  return test(value) ? 'fits' : 'fails';
}

/** `ask` fits. */
function fitOfPets({ pets }: ListedProperty, wanted: 'dog' | 'cat' | 'both'): Fit {
  const policies =
    wanted === 'both' ? [pets?.dogs, pets?.cats] : [wanted === 'dog' ? pets?.dogs : pets?.cats];
  if (policies.includes('no')) return 'fails';
  return policies.some((policy) => policy === null || policy === undefined) ? 'unknown' : 'fits';
}

const ADDRESSES = new Intl.Collator('en', { numeric: true });

function compareFits(a: RentalFit, b: RentalFit): number {
  return (
    a.unknown.length - b.unknown.length ||
    (a.property.availableOn ?? '9999').localeCompare(b.property.availableOn ?? '9999') ||
    (a.property.rent ?? Infinity) - (b.property.rent ?? Infinity) ||
    ADDRESSES.compare(a.property.address, b.property.address) ||
    ADDRESSES.compare(a.property.unit ?? '', b.property.unit ?? '') ||
    ADDRESSES.compare(a.property.propertyId, b.property.propertyId)
  );
}
