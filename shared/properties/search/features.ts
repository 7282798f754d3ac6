import { isFairHousingFlagged } from '../fair-housing.ts';
import type { ListedProperty } from '../property.ts';
import { FILLER } from '../match/address-words.ts';
import { normaliseText } from '../match/normalise-text.ts';

/** The features that may be spoken: without those that the Fair Housing Act does not allow. */
export function speakableFeatures({ features }: ListedProperty): readonly string[] {
  return features.filter((feature) => !isFairHousingFlagged(feature));
}

/** Spanish words and other names for what listings call in English. */
const SYNONYMS: Readonly<Record<string, string>> = {
  garaje: 'garage',
  cochera: 'garage',
  piscina: 'pool',
  alberca: 'pool',
  lavadora: 'washer',
  secadora: 'dryer',
  lavavajillas: 'dishwasher',
  lavaplatos: 'dishwasher',
  jardin: 'yard',
  patio: 'yard',
  backyard: 'yard',
  balcon: 'balcony',
  chimenea: 'fireplace',
  cercado: 'fenced',
  cercada: 'fenced',
  estacionamiento: 'parking',
  amueblado: 'furnished',
  amueblada: 'furnished',
  ac: 'air',
  aire: 'air',
  conditioner: 'conditioning',
  acondicionado: 'conditioning',
};

/** Whether a home has what was asked for; null if its listing names no features. */
export function hasFeature(home: ListedProperty, wish: string): boolean | null {
  const wanted = stemsOf(wish);
  if (wanted.length === 0) return null;
  const offered = speakableFeatures(home);
  const kind = home.propertyType === null ? [] : [home.propertyType];
  if ([...offered, ...kind].some((feature) => includesAll(stemsOf(feature), wanted))) return true;
  return offered.length === 0 ? null : includesAll(offered.flatMap(stemsOf), wanted);
}

function includesAll(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((word) => words.includes(word));
}

function stemsOf(text: string): string[] {
  return normaliseText(text)
    .split(' ')
    .filter((word) => word !== '' && (!FILLER.has(word) || KINDS.has(word)))
    .map((word) => SYNONYMS[word] ?? word)
    .map((word) => word.replace(/(?<=\w{3})s$/, ''));
}

/** Filler in an address, and kinds of homes here. */
const KINDS = new Set(
  'apartment apartments condo condos townhouse townhome townhomes duplex triplex house houses home'.split(
    ' ',
  ),
);
