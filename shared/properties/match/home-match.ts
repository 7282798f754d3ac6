// From homes that fit what was said to the one that is meant, or to the question that is left.
import type { ListedProperty } from '../property.ts';
import type { Judgement } from './judge-home.ts';
import type { IndexedHome, MatchIndex } from './match-index.ts';
import { normaliseText } from './normalise-text.ts';
import { similarHomes } from './similar-homes.ts';

/** Which listed home was said, as far as that is certain. */
export type HomeMatch =
  | { readonly kind: 'found'; readonly property: ListedProperty }
  /** One or more that may be meant, 10 at most: the caller has to say which. */
  | { readonly kind: 'which'; readonly properties: readonly ListedProperty[] }
  /** No home is called that. `near`: 3 at most, for "did you mean". */
  | { readonly kind: 'unknown'; readonly near: readonly ListedProperty[] }
  /** The home meant cannot be viewed. `similar`: 2 at most that can. */
  | {
      readonly kind: 'unavailable';
      readonly property: ListedProperty;
      readonly similar: readonly ListedProperty[];
    }
  /** Nothing was said that could name a home: "it", "that one". */
  | { readonly kind: 'unnamed' };

const MAX_WHICH = 10;
const MAX_NEAR = 3;
/** If the scores of two names differ by less than this, the caller is asked which one they mean. */
const MARGIN = 0.08;
const ASK_MARGIN = 0.15;

/** Whether a home can be viewed at all, now or from a day that is known. */
export function isViewable({ status, availableOn }: ListedProperty): boolean {
  return status === 'available' || (status === 'coming_soon' && availableOn !== null);
}

/** The homes that fit best, or what is left to ask. */
export function decide(index: MatchIndex, judged: readonly Judgement[]): HomeMatch {
  const named = judged.filter(({ level }) => level === 'named');
  const asked = judged.filter(({ level }) => level === 'ask');
  if (named.length > 0) {
    const top = Math.max(...named.map(({ score }) => score));
    const close = named.filter(({ score }) => score >= top - MARGIN);
    const details = Math.max(...close.map(({ agreeing }) => agreeing));
    const meant = close.filter(({ agreeing }) => agreeing === details).sort(byScore);
    // What sounds better and is only not certain may be the one that was meant.
    const rivals = asked.filter(({ score }) => score > top);
    if (rivals.length === 0)
      return outcomeOf(
        index,
        meant.map(({ home }) => home),
      );
    return askWhich(
      index,
      [...rivals, ...meant].map(({ home }) => home),
    );
  }
  if (asked.length > 0) {
    const top = Math.max(...asked.map(({ score }) => score));
    const close = asked.filter(({ score }) => score >= top - ASK_MARGIN);
    const details = Math.max(...close.map(({ agreeing }) => agreeing));
    return askWhich(
      index,
      close
        .filter(({ agreeing }) => agreeing === details)
        .sort(byScore)
        .map(({ home }) => home),
    );
  }
  const near = judged.filter(({ home }) => isViewable(home.property)).sort(byScore);
  return { kind: 'unknown', near: near.slice(0, MAX_NEAR).map(({ home }) => home.property) };
}

/** These homes are meant: one is found, several are asked about. */
export function outcomeOf(index: MatchIndex, homes: readonly IndexedHome[]): HomeMatch {
  const doors = distinctDoors(homes);
  const [only, ...others] = doors;
  if (only === undefined) return { kind: 'unknown', near: [] };
  if (others.length > 0) return askWhich(index, doors);
  return isViewable(only.property) ? { kind: 'found', property: only.property } : unavailable(index, only);
}

/** Asks even about a single one. */
export function askWhich(index: MatchIndex, homes: readonly IndexedHome[]): HomeMatch {
  const [first] = homes;
  if (first === undefined) return { kind: 'unknown', near: [] };
  const viewable = distinctDoors(homes)
    .map(({ property }) => property)
    .filter(isViewable);
  return viewable.length === 0
    ? unavailable(index, first)
    : { kind: 'which', properties: viewable.slice(0, MAX_WHICH) };
}

function unavailable(index: MatchIndex, { property }: IndexedHome): HomeMatch {
  return {
    kind: 'unavailable',
    property,
    similar: similarHomes(
      property,
      index.homes.map((home) => home.property),
    ),
  };
}

/** A home that two sources of one manager list is one home; the entry that can be viewed counts. */
function distinctDoors(homes: readonly IndexedHome[]): IndexedHome[] {
  const doors = new Map<string, IndexedHome>();
  for (const home of homes) {
    const key = [
      home.building,
      home.numbers.units.join(' '),
      home.property.userId,
      normaliseText(home.property.address),
    ].join('|');
    const before = doors.get(key);
    if (before === undefined || (!isViewable(before.property) && isViewable(home.property)))
      doors.set(key, home);
  }
  return [...doors.values()];
}

const ADDRESSES = new Intl.Collator('en', { numeric: true });

/** The best first, then by address and unit, so that the order does not depend on the order of an import. */
function byScore(a: Judgement, b: Judgement): number {
  const [one, other] = [a.home.property, b.home.property];
  return (
    b.score - a.score ||
    ADDRESSES.compare(one.address, other.address) ||
    ADDRESSES.compare(one.unit ?? '', other.unit ?? '') ||
    ADDRESSES.compare(one.propertyId, other.propertyId)
  );
}
