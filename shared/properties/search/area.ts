import { hear } from '../match/hear.ts';
import type { IndexedHome, MatchIndex } from '../match/match-index.ts';
import { numbersWithin } from '../match/explain-numbers.ts';
import { alike, soundOf } from '../match/sound.ts';
import { normaliseText } from '../match/normalise-text.ts';
import { readSpokenText } from '../match/spoken-text.ts';

/** `unknown`: the listing does not say where the home is. */
export type AreaFit = 'in' | 'unknown' | 'out';

/** A name of an area may be misheard so much. */
const AREA_SCORE = 0.85;

/** Compares homes with an area as it was said: a city, a postal code, a street or a community's name. */
export function createAreaJudge(index: MatchIndex, area: string): (home: IndexedHome) => AreaFit {
  const spoken = readSpokenText(area);
  const heard = hear(spoken, index);
  const numbers = new Set(spoken.runs.flatMap(({ words }) => [...numbersWithin(words)]));
  const cities = citiesHeard(index, area);
  const postalCodes = [...numbers].filter((number) => index.byPostalCode.has(number));
  const places = new Set(
    heard
      .places()
      .filter((place) => (heard.placeHeard(place)?.score ?? 0) >= AREA_SCORE && !place.name.isPartial),
  );
  const numbered = new Set([...numbers].flatMap((number) => index.byStreetNumber.get(number) ?? []));
  return (home) => {
    if (cities.has(home.city.join(' ')) || postalCodes.includes(home.numbers.postalCode ?? '')) return 'in';
    if (home.places.some((place) => places.has(place) || numbered.has(place))) return 'in';
    const isUnknown =
      (cities.size > 0 && home.city.length === 0) ||
      (postalCodes.length > 0 && home.numbers.postalCode === null);
    return isUnknown ? 'unknown' : 'out';
  };
}

function citiesHeard(index: MatchIndex, area: string): Set<string> {
  const words = normaliseText(area).split(' ');
  const found = new Set<string>();
  for (const [city, homes] of index.byCity) {
    const count = city.split(' ').length;
    const sound = homes[0]?.citySound;
    for (let from = 0; sound !== undefined && from + count <= words.length; from += 1) {
      if (alike(soundOf(words.slice(from, from + count)), sound) >= AREA_SCORE) found.add(city);
    }
  }
  // "Oklahoma City" is not the Oklahoma of every city's address.
  const longest = Math.max(0, ...[...found].map((city) => city.split(' ').length));
  return new Set([...found].filter((city) => city.split(' ').length === longest));
}
