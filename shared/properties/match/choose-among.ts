// Answers to "which one": a position in the list that was read aloud, or a detail that only one of these homes has.
import type { ListedProperty } from '../property.ts';
import { DIRECTIONS, FILLER, NEGATIONS, STREET_TYPES } from './address-words.ts';
import { digitsWord, NUMBER_WORDS, readNumber } from './number-words.ts';
import { parseListing } from './parse-listing.ts';
import { normaliseText } from './normalise-text.ts';
import { readSpokenText } from './spoken-text.ts';
import { isTooLong } from './tokens.ts';

/** Which of the homes that were read aloud is meant. */
export type ListChoice =
  | { readonly kind: 'chosen'; readonly index: number }
  /** A place that the list does not have. */
  | { readonly kind: 'no_such' };

const NOUNS =
  'one|ones|option|choice|home|house|place|property|rental|listing|apartment|unit|opcion|casa|propiedad|vivienda';
const CHOICE = new RegExp(
  `^(?:(?:yes|si|ok|okay|i want|id like|ill take|lets do|quiero|me gusta) )?(?:(?:the|la|el|that|esa|ese) )?(?:(?:${NOUNS}|number|numero) )?(?:number |numero )?(\\w+)(?: (?:${NOUNS}))?(?: (?:please|por favor))?$`,
);
const LAST = new Set(['last', 'ultima', 'ultimo']);
const MASCULINE: ReadonlyMap<string, string> = new Map([
  ['primero', 'primera'],
  ['primer', 'primera'],
  ['segundo', 'segunda'],
  ['tercero', 'tercera'],
  ['tercer', 'tercera'],
]);

/**
 * "The second one", "number two", "la segunda". A bare cardinal is a place in the list only after "number" or "option":
 * "six" may as well be a unit.
 * @param count how many homes were read aloud
 * @returns null if the words are no place in a list.
 */
export function chooseFromList(text: string, count: number): ListChoice | null {
  const normalised = normaliseText(text);
  const found = CHOICE.exec(normalised)?.[1];
  if (found === undefined) return null;
  if (LAST.has(found)) return count > 0 ? { kind: 'chosen', index: count - 1 } : { kind: 'no_such' };
  const ordinal = /^(\d+)(st|nd|rd|th|ra|da)?$/.exec(found);
  const word =
    ordinal === null
      ? NUMBER_WORDS.get(MASCULINE.get(found) ?? found)
      : digitsWord(ordinal[1] ?? '', ordinal[2] !== undefined);
  if (word === undefined) return null;
  const isPlace = word.isOrdinal || /\b(?:number|numero|option|choice|opcion)\b/.test(normalised);
  const place = Number(readNumber([word])?.digits ?? Number.NaN);
  // "Number 829" is an address.
  if (!isPlace || !(place >= 1 && place <= 20)) return null;
  if (place > count) return word.isOrdinal ? { kind: 'no_such' } : null;
  return { kind: 'chosen', index: place - 1 };
}

/**
 * The home that an answer to "which one" picks. Unlike in a first mention everything tells homes apart here, a unit alone
 * ("twelve") and the type of a street too.
 * @param asked the homes that the caller was asked to choose from
 * @returns null if the words fit none of them, or more than one.
 */
export function chooseAmong(asked: readonly ListedProperty[], text: string): ListedProperty | null {
  if (isTooLong(text)) return null;
  const { runs, words, unitLetters, bedrooms } = readSpokenText(text);
  if (words.some((word) => NEGATIONS.has(word))) return null;
  const numbers = runs.map((run) => {
    const reading = readNumber(run.words);
    // "The first one" is no house number 1.
    return reading?.isOrdinal === true
      ? ordinal(reading.digits)
      : `${reading?.digits ?? '?'}${run.letter ?? ''}`;
  });
  const said = [...numbers, ...unitLetters, ...words.filter((word) => !FILLER.has(word)).map(canonical)];
  if (said.length === 0 && bedrooms === null) return null;
  const fitting = asked.filter((home) => {
    if (bedrooms !== null && home.bedrooms !== bedrooms) return false;
    const own = wordsOf(home);
    return said.every((word) => own.has(word));
  });
  const [only, ...others] = fitting;
  return only !== undefined && others.length === 0 ? only : null;
}

function wordsOf(home: ListedProperty): Set<string> {
  const { house, units, postalCode, agreeing, names } = parseListing(home);
  const address = normaliseText(`${home.address} ${home.unit ?? ''}`).split(' ');
  return new Set([
    ...address.map(canonical),
    ...names.flatMap(({ words, numbers }) => [...words, ...numbers, ...numbers.map(ordinal)]),
    ...agreeing,
    ...units,
    ...(house === null ? [] : [house]),
    ...(postalCode === null ? [] : [postalCode]),
  ]);
}

function ordinal(digits: string): string {
  return `${digits}th`;
}

function canonical(word: string): string {
  return STREET_TYPES.get(word) ?? DIRECTIONS.get(word) ?? word;
}
