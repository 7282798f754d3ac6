// Which home a caller means. The house number is a key, the street is a sound, the unit breaks ties. What is not certain is
// asked: a home is never chosen by its rent or by luck.
import type { ListedProperty } from '../property.ts';
import { numbersNear, numbersWithin } from './explain-numbers.ts';
import { hear } from './hear.ts';
import type { Heard } from './hear.ts';
import { askWhich, decide, outcomeOf } from './home-match.ts';
import type { HomeMatch } from './home-match.ts';
import { isBetter, judgeHome } from './judge-home.ts';
import type { Judgement } from './judge-home.ts';
import { matchIndexOf } from './match-index.ts';
import type { IndexedHome, MatchIndex } from './match-index.ts';
import { readSpokenText } from './spoken-text.ts';
import { isTooLong } from './tokens.ts';

/**
 * @param properties the homes of a portfolio, as a directory returns them; their index is cached as long as the array is used
 * @param text a caller's words or an address, English or Spanish, or a `property_id`; over 200 characters they name nothing
 * @param given the ids of digits or letters alone that count: those that an answer gave, because callers say such words too
 */
export function findHome(
  properties: readonly ListedProperty[],
  text: string,
  given: readonly string[] = [],
): HomeMatch {
  if (isTooLong(text)) return { kind: 'unknown', near: [] };
  const index = matchIndexOf(properties);
  const byWords = findByWords(index, text);
  const byId = findById(index, text);
  if (byId === null) return byWords;
  if (isBareId(text))
    return given.includes(byId.property.propertyId) ? weighId(index, byId, byWords) : byWords;
  if (byWords.kind !== 'found') return outcomeOf(index, [byId]);
  if (byWords.property === byId.property) return byWords;
  return { kind: 'which', properties: [byId.property, byWords.property] };
}

/** An id that callers may have said counts only if no other home is called that, nor a unit: "1001". */
function weighId(index: MatchIndex, byId: IndexedHome, byWords: HomeMatch): HomeMatch {
  if (byWords.kind === 'unnamed') return byWords;
  const id = byId.property.propertyId.toLowerCase();
  const named = new Set(namedBy(byWords));
  const rivals = index.homes.filter(
    (home) => home !== byId && (named.has(home.property) || home.numbers.units.includes(id)),
  );
  return rivals.length === 0 ? outcomeOf(index, [byId]) : askWhich(index, [byId, ...rivals]);
}

function namedBy(match: HomeMatch): readonly ListedProperty[] {
  switch (match.kind) {
    case 'found':
    case 'unavailable':
      return [match.property];
    case 'which':
      return match.properties;
    case 'unknown':
    case 'unnamed':
      return [];
  }
}

/** Whether a text is the `property_id` of a home and may be a caller's word as well: then `given` decides. */
export function isBareIdOf(properties: readonly ListedProperty[], text: string): boolean {
  return isBareId(text) && findById(matchIndexOf(properties), text) !== null;
}

/** Without a digit or sign beside letters: callers say house numbers, units and street names. */
export function isBareId(text: string): boolean {
  return !(/[\d_-]/.test(text) && /[a-z]/i.test(text));
}

function findById(index: MatchIndex, text: string): IndexedHome | null {
  const id = text.trim();
  return index.byId.get(id) ?? index.byId.get(id.toLowerCase()) ?? null;
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
