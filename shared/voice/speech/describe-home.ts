// A home in at most 60 words, of listed facts alone. What has no room is left out; what the listing does not say is said
// to be missing.
import type { ListedProperty } from '../../properties/property.ts';
import { isViewable } from '../../properties/match/home-match.ts';
import { speakableFeatures } from '../../properties/search/features.ts';
import type { Language } from './dates.ts';
import { RENTAL_LINES } from './rental-lines.ts';
import type { MissingFact } from './rental-lines.ts';
import { sayAddress, sayBathrooms, sayBedrooms, sayDollars, sayLocalDate, sayRent } from './say-rental.ts';
import { countWords, MAX_WORDS, toSpeakable } from './speakable.ts';

/** One of the short texts of a manager that `describe_rental` may speak. */
export interface Policy {
  readonly topic: string;
  readonly text: string;
}

/** @param policies those that may be spoken @param today local date @param fallback what to call a home whose address cannot be read aloud */
export function describeHome(
  home: ListedProperty,
  policies: readonly Policy[],
  today: string,
  language: Language,
  fallback: string,
): string {
  const lines = RENTAL_LINES[language];
  const missing = missingFacts(home);
  const features = speakableFeatures(home)
    .map((feature) => toSpeakable(feature, 3).replace(/^\p{Lu}(?=\p{Ll})/u, (first) => first.toLowerCase()))
    .filter((feature) => feature !== '');
  const needed = [
    lines.summary({
      home: sayAddress(home, language) || fallback,
      city: home.city === null ? null : toSpeakable(home.city, 3) || null,
      rooms: [
        ...(home.bedrooms === null ? [] : [sayBedrooms(home.bedrooms, language)]),
        ...(home.bathrooms === null ? [] : [sayBathrooms(home.bathrooms, language)]),
      ],
      kind: kindOf(home, language),
    }),
    ...(home.rent === null
      ? []
      : [lines.cost({ rent: sayRent(home.rent, language), deposit: sayDeposit(home, language) })]),
    ...sayAvailable(home, today, language),
    ...(home.pets === null || missing.includes('pets') ? [] : [lines.pets(home.pets)]),
  ];
  const last = missing.length === 0 ? [] : [lines.missing({ facts: missing })];
  const optional = [
    ...policies.map(({ topic, text }) =>
      lines.policy({ topic: toSpeakable(topic, 3), text: toSpeakable(text, 16, 200) }),
    ),
    ...(features.length === 0 ? [] : [lines.features({ features: features.slice(0, 3) })]),
    ...(home.squareFeet === null ? [] : [lines.size({ squareFeet: home.squareFeet })]),
  ];
  const chosen: string[] = [];
  for (const sentence of optional) {
    const words = countWords([...needed, ...chosen, sentence, ...last].join(' '));
    if (words <= MAX_WORDS) chosen.push(sentence);
  }
  return [...needed, ...chosen, ...last].join(' ');
}

/** What callers ask about most, as far as the listing leaves it out. */
export function missingFacts({ rent, bedrooms, availableOn, pets, status }: ListedProperty): MissingFact[] {
  return [
    ...(rent === null ? (['rent'] as const) : []),
    ...(bedrooms === null ? (['bedrooms'] as const) : []),
    ...(availableOn === null && status !== 'rented' ? (['available_on'] as const) : []),
    ...(pets === null || (pets.dogs === null && pets.cats === null) ? (['pets'] as const) : []),
  ];
}

function sayAvailable(home: ListedProperty, today: string, language: Language): string[] {
  const lines = RENTAL_LINES[language];
  if (home.status === 'rented') return [lines.rented()];
  if (!isViewable(home)) return [];
  const date = home.availableOn;
  if (date === null) return [];
  return [lines.available({ date: date <= today ? null : sayLocalDate(date, language) })];
}

function sayDeposit({ deposit }: ListedProperty, language: Language): string | null {
  if (deposit === null) return null;
  return language === 'en' ? sayDollars(deposit) : `${Math.round(deposit)} dólares`;
}

const KINDS: readonly (readonly [RegExp, string, string])[] = [
  [/apartment|apt/i, 'apartment', 'apartamento'],
  [/town\s?(?:house|home)/i, 'townhouse', 'casa adosada'],
  [/condo/i, 'condo', 'condominio'],
  [/duplex/i, 'duplex', 'dúplex'],
  [/house|single/i, 'house', 'casa'],
  [/mobile|manufactured/i, 'mobile home', 'casa móvil'],
];

/** Kinds that are known; any other word of a listing is left out. */
function kindOf({ propertyType }: ListedProperty, language: Language): string | null {
  if (propertyType === null) return null;
  const found = KINDS.find(([words]) => words.test(propertyType));
  return found === undefined ? null : found[language === 'en' ? 1 : 2];
}
