// Which home a caller means. The house number is a key, the street is a sound, the unit breaks ties. What is not certain is
// asked: a home is never chosen by its rent or by luck.
import type { ListedProperty } from '../property.ts';
import { numbersNear, numbersWithin } from './explain-numbers.ts';
import { hear } from './hear.ts';
import type { Heard } from './hear.ts';
import { isBetter, judgeHome } from './judge-home.ts';
import type { Judgement } from './judge-home.ts';
import { matchIndexOf } from './match-index.ts';
import type { IndexedHome, MatchIndex } from './match-index.ts';
import { similarHomes } from './similar-homes.ts';
import { normaliseText } from './normalise-text.ts';
import { readSpokenText } from './spoken-text.ts';

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
/** Names whose scores are closer than this are told apart by asking. */
const MARGIN = 0.08;
const ASK_MARGIN = 0.15;

/**
 * @param properties the homes of a portfolio, as a directory returns them; their index is cached as long as the array is used
 * @param text a caller's words or an address, English or Spanish, or a `property_id`
 */
export function findHome(properties: readonly ListedProperty[], text: string): HomeMatch {
  const index = matchIndexOf(properties);
  const byWords = findByWords(index, text);
  const byId = findById(index, text);
  if (byId === null || (byWords.kind === 'found' && byWords.property === byId.property)) return byWords;
  if (byWords.kind === 'found') return { kind: 'which', properties: [byId.property, byWords.property] };
  return outcomeOf(index, [byId]);
}

/** Whether a home can be viewed at all, now or from a day that is known. */
export function isViewable({ status, availableOn }: ListedProperty): boolean {
  return status === 'available' || (status === 'coming_soon' && availableOn !== null);
}

/** A number alone is no id: callers say house numbers and units. */
function findById(index: MatchIndex, text: string): IndexedHome | null {
  const id = text.trim().toLowerCase();
  return /\d|[-_]/.test(id) && /[a-z]/.test(id) ? (index.byId.get(id) ?? null) : null;
}

function findByWords(index: MatchIndex, text: string): HomeMatch {
  const plain = hear(readSpokenText(text), index);
  // "Another one", "neither": it names none, but the one named before is not meant.
  if (saysNothing(plain)) return plain.isUncertain ? { kind: 'unknown', near: [] } : { kind: 'unnamed' };
  const readings = [plain];
  const withHomophones = readSpokenText(text, true);
  if (countNumbers(withHomophones.runs) > countNumbers(plain.spoken.runs))
    readings.push(hear(withHomophones, index));

  const judged = new Map<IndexedHome, Judgement>();
  function judge(heard: Heard, homes: Iterable<IndexedHome>): void {
    for (const home of homes) {
      const judgement = judgeHome(home, heard, index);
      const before = judged.get(home);
      if (judgement !== null && (before === undefined || isBetter(judgement, before)))
        judged.set(home, judgement);
    }
  }
  for (const heard of readings) judge(heard, homesOfNumbers(index, heard));
  // A home whose number and street were both said has no rival among homes with another number.
  const isKeyed = readings.every(({ spoken }) => spoken.runs.every(({ after }) => after !== 'sign'));
  const isNamed = [...judged.values()].some(({ level, isHouseSaid }) => level === 'named' && isHouseSaid);
  if (!isKeyed || !isNamed) for (const heard of readings) judge(heard, homesOfNames(index, heard));
  return decide(index, [...judged.values()]);
}

function countNumbers(runs: Heard['spoken']['runs']): number {
  return runs.reduce((sum, { words }) => sum + words.length, 0);
}

function saysNothing({ spoken, content }: Heard): boolean {
  return (
    spoken.runs.length === 0 &&
    spoken.unitLetters.length === 0 &&
    spoken.bedrooms === null &&
    content.every(({ isFree }) => isFree)
  );
}

/** Homes that have a number which was said, of the house or of the street. */
function homesOfNumbers(index: MatchIndex, { spoken }: Heard): Set<IndexedHome> {
  const found = new Set<IndexedHome>();
  for (const { words } of spoken.runs) {
    for (const number of numbersWithin(words)) {
      for (const home of index.byHouse.get(number) ?? []) found.add(home);
      for (const place of index.byStreetNumber.get(number) ?? [])
        for (const home of place.homes) found.add(home);
    }
  }
  return found;
}

/** Homes whose street, name, city or size was said. */
function homesOfNames(index: MatchIndex, heard: Heard): Set<IndexedHome> {
  const { spoken, content } = heard;
  const said = new Set(spoken.runs.flatMap(({ words }) => [...numbersWithin(words)]));
  const near = new Set([...said].flatMap((number) => [number, ...numbersNear(number)]));
  const unitsSaid = new Set([
    ...said,
    ...spoken.runs.flatMap(({ words, letter }) =>
      letter === null ? [] : [...numbersWithin(words)].map((number) => number + letter),
    ),
    ...spoken.unitLetters,
  ]);
  const found = new Set<IndexedHome>();
  function addAll(homes: readonly IndexedHome[]): void {
    for (const home of homes) found.add(home);
  }

  for (const place of heard.places()) {
    // Of a long street, only homes with a number that was said, or nearly, can be meant.
    if (said.size === 0) addAll(place.homes);
    else
      addAll(
        place.homes.filter(
          ({ numbers: { house, units } }) =>
            house === null || near.has(house) || units.some((unit) => unitsSaid.has(unit)),
        ),
      );
  }
  if (found.size > 0) return found;
  const texts = new Set(content.map(({ text }) => text));
  for (const [city, homes] of index.byCity)
    if (city.split(' ').every((word) => texts.has(word))) addAll(homes);
  for (const number of said) addAll(index.byPostalCode.get(number) ?? []);
  if (found.size === 0 && spoken.bedrooms !== null && content.every(({ isFree }) => isFree)) {
    addAll(index.homes.filter(({ property }) => property.bedrooms === spoken.bedrooms));
  }
  return found;
}

function decide(index: MatchIndex, judged: readonly Judgement[]): HomeMatch {
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

function outcomeOf(index: MatchIndex, homes: readonly IndexedHome[]): HomeMatch {
  const doors = distinctDoors(homes);
  const [only, ...others] = doors;
  if (only === undefined) return { kind: 'unknown', near: [] };
  if (others.length > 0) return askWhich(index, doors);
  return isViewable(only.property) ? { kind: 'found', property: only.property } : unavailable(index, only);
}

/** Asks even about a single one. */
function askWhich(index: MatchIndex, homes: readonly IndexedHome[]): HomeMatch {
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
