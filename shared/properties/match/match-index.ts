// What is asked of a directory again and again, worked out once for each version of it.
import type { ListedProperty } from '../property.ts';
import type { HomeNumbers } from './explain-numbers.ts';
import { parseListing } from './parse-listing.ts';
import type { PlaceName } from './parse-listing.ts';
import { soundOf } from './sound.ts';
import type { Sound } from './sound.ts';

/** A street, a community or an alias, with the homes that answer to it. */
export interface Place {
  readonly id: number;
  readonly name: PlaceName;
  /** Of its words; its numbers are compared as keys. */
  readonly sound: Sound;
  readonly homes: IndexedHome[];
}

/** A home with its address in parts that can be compared. */
export interface IndexedHome {
  readonly property: ListedProperty;
  readonly numbers: HomeNumbers;
  readonly direction: string | null;
  readonly places: readonly Place[];
  readonly city: readonly string[];
  readonly citySound: Sound;
  readonly agreeing: ReadonlySet<string>;
  /** Equal for homes that differ in unit, bedrooms and the like alone. */
  readonly building: string;
}

/** All homes of a portfolio, prepared for matching. Made once for a version of the list. */
export interface MatchIndex {
  readonly homes: readonly IndexedHome[];
  /** By the id as it is written, and in lower case. */
  readonly byId: ReadonlyMap<string, IndexedHome>;
  readonly byHouse: ReadonlyMap<string, readonly IndexedHome[]>;
  readonly byCity: ReadonlyMap<string, readonly IndexedHome[]>;
  readonly byPostalCode: ReadonlyMap<string, readonly IndexedHome[]>;
  /** Places by their id. */
  readonly places: readonly Place[];
  /** Places whose name has numbers and no words, by their numbers: "40" for "40th Street". */
  readonly byStreetNumber: ReadonlyMap<string, readonly Place[]>;
  /** The places that have two letters of the phonetic spelling next to each other. */
  readonly byPair: ReadonlyMap<string, readonly number[]>;
  /** Words of places: these are no filler. */
  readonly vocabulary: ReadonlySet<string>;
  readonly cityWords: ReadonlySet<string>;
}

const known = new WeakMap<readonly ListedProperty[], MatchIndex>();

/**
 * Cached as long as the array is used: a directory returns the same array until its version changes. Homes that are
 * `hidden` are left out.
 */
export function matchIndexOf(properties: readonly ListedProperty[]): MatchIndex {
  let index = known.get(properties);
  if (!index) {
    index = buildMatchIndex(properties);
    known.set(properties, index);
  }
  return index;
}

/** Builds the index. `matchIndexOf` caches it for the same array. */
export function buildMatchIndex(properties: readonly ListedProperty[]): MatchIndex {
  const places = new Map<string, Place>();
  const homes: IndexedHome[] = [];
  const byHouse = new Map<string, IndexedHome[]>();
  const byCity = new Map<string, IndexedHome[]>();
  const byPostalCode = new Map<string, IndexedHome[]>();
  const cityWords = new Set<string>();

  for (const property of properties) {
    if (property.status === 'hidden') continue;
    const { house, direction, names, units, city, postalCode, agreeing } = parseListing(property);
    const own = [...new Set(names.map((name) => placeOf(places, name)))];
    const home: IndexedHome = {
      property,
      numbers: { house, units, postalCode },
      direction,
      places: own,
      city,
      citySound: soundOf(city),
      agreeing,
      building: [
        house,
        direction,
        own.map(({ id }) => id).join('.'),
        city.join(' '),
        property.state,
        postalCode,
      ].join('|'),
    };
    homes.push(home);
    for (const place of own) place.homes.push(home);
    if (house !== null) add(byHouse, house, home);
    if (city.length > 0) add(byCity, city.join(' '), home);
    if (postalCode !== null) add(byPostalCode, postalCode, home);
    for (const word of city) cityWords.add(word);
  }

  const all = [...places.values()];
  const byPair = new Map<string, number[]>();
  const byStreetNumber = new Map<string, Place[]>();
  const vocabulary = new Set<string>();
  for (const place of all) {
    for (const pair of pairsOf(place.sound.phonetic)) add(byPair, pair, place.id);
    if (place.name.words.length === 0)
      for (const number of place.name.numbers) add(byStreetNumber, number, place);
    for (const word of place.name.words) vocabulary.add(word);
  }
  return {
    homes,
    byId: new Map([
      ...homes.map((home) => [home.property.propertyId.toLowerCase(), home] as const),
      ...homes.map((home) => [home.property.propertyId, home] as const),
    ]),
    byHouse,
    byCity,
    byPostalCode,
    places: all,
    byStreetNumber,
    byPair,
    vocabulary,
    cityWords,
  };
}

function placeOf(places: Map<string, Place>, name: PlaceName): Place {
  const key = `${name.words.join(' ')}|${name.numbers.join(' ')}|${name.isPartial ? 'part' : ''}`;
  const found = places.get(key);
  if (found) return found;
  const place: Place = { id: places.size, name, sound: soundOf(name.words), homes: [] };
  places.set(key, place);
  return place;
}

/** The pairs of neighbouring letters, with the two ends. */
export function pairsOf(phonetic: string): Set<string> {
  const pairs = new Set<string>();
  const framed = `^${phonetic}$`;
  for (let at = 0; at + 1 < framed.length; at += 1) pairs.add(framed.slice(at, at + 2));
  return pairs;
}

function add<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const found = map.get(key);
  if (found) found.push(value);
  else map.set(key, [value]);
}
