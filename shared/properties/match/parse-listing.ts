// An address as a listing spells it, taken apart. Unlike speech it has an order: number, street, unit.
import type { ListedProperty } from '../property.ts';
import {
  COMMUNITY_WORDS,
  DIRECTIONS,
  NUMBER_SIGNS,
  SOFT_STREET_TYPES,
  stateWords,
  STREET_TYPES,
  UNIT_WORDS,
} from './address-words.ts';
import { NUMBER_WORDS, readNumber } from './number-words.ts';
import { normaliseText } from './normalise-text.ts';

/** A name that a home answers to: its street, its community, or an alias. */
export interface PlaceName {
  readonly words: readonly string[];
  /** The numbers in it, without leading zeros: "40th" gives "40", "Highway 9" gives "9". */
  readonly numbers: readonly string[];
  /** A part of the name: enough to ask, never enough to book. */
  readonly isPartial: boolean;
}

/** The address of a listing in parts. */
export interface ParsedListing {
  /** Digits, without leading zeros; null if the address has none. */
  readonly house: string | null;
  readonly direction: string | null;
  readonly names: readonly PlaceName[];
  /** The parts that distinguish units: numbers, letters, "half". */
  readonly units: readonly string[];
  readonly city: readonly string[];
  readonly postalCode: string | null;
  /** Words that agree with this home wherever they are said. */
  readonly agreeing: ReadonlySet<string>;
}

/** Takes a home's address, unit, name and aliases apart. */
export function parseListing(property: ListedProperty): ParsedListing {
  const [street = '', ...rest] = property.address.split(',');
  const parsed = parseStreet(normaliseText(street));
  const tail = rest.map(normaliseText);
  const units = [
    ...parsed.units,
    ...unitsOf(normaliseText(property.unit ?? '')),
    ...(property.unit === null ? tail.filter(isUnit).flatMap(unitsOf) : []),
  ];
  const city = wordsOf(property.city ?? '');
  const others = [property.name ?? '', ...property.aliases].map((name) => parseName(normaliseText(name)));
  const names = [...streetNames(parsed), ...others].filter(
    ({ words, numbers }) => words.length + numbers.length > 0,
  );
  return {
    house: parsed.house,
    direction: parsed.direction,
    names,
    units: [...new Set(units.map(canonicalUnit))],
    city,
    postalCode: property.postalCode === null ? null : (/\d{5}/.exec(property.postalCode)?.[0] ?? null),
    agreeing: new Set([
      ...city,
      ...stateWords(property.state ?? ''),
      ...tail.filter((part) => !isUnit(part)).flatMap((part) => part.split(' ')),
      ...wordsOf(property.name ?? ''),
      ...wordsOf(property.propertyType ?? ''),
      ...parsed.words,
    ]),
  };
}

interface ParsedStreet {
  readonly house: string | null;
  readonly direction: string | null;
  /** Without direction and type, unless nothing else is left. */
  readonly words: readonly string[];
  readonly numbers: readonly string[];
  readonly units: readonly string[];
}

function parseStreet(text: string): ParsedStreet {
  const tokens = text
    .split(' ')
    .flatMap((token) => (/^\d+[a-z]$/.test(token) ? [token.slice(0, -1), token.slice(-1)] : [token]));
  const units: string[] = [];
  let house: string | null = null;
  if (/^\d+$/.test(tokens[0] ?? '') && tokens.length > 1) {
    house = trimZeros(tokens.shift() ?? '');
    const next = tokens[0] ?? '';
    if (next === 'half' || (/^[a-z]$/.test(next) && !DIRECTIONS.has(next) && tokens.length > 1)) {
      units.push(tokens.shift() ?? '');
    }
  }
  const words: string[] = [];
  const numbers: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    const next = tokens[at + 1];
    if ((UNIT_WORDS.has(token) || NUMBER_SIGNS.has(token)) && next !== undefined && isUnitToken(next)) {
      units.push(trimZeros(next));
      const letter = tokens[at + 2];
      at += 1;
      if (letter !== undefined && /^[a-z]$/.test(letter) && /^\d+$/.test(next)) {
        units[units.length - 1] = trimZeros(next) + letter;
        at += 1;
      }
      continue;
    }
    if (token === 'half') {
      units.push(token);
      continue;
    }
    const number = readWritten(token);
    if (number === null) {
      words.push(token);
    } else if (at === tokens.length - 1 && !isOrdinal(token) && isStreetName(words)) {
      // "1000 Rambling Oaks - 6"
      units.push(number);
    } else {
      numbers.push(number);
    }
  }
  return { house, ...stripStreet(words, numbers), numbers, units };
}

/** "22nd" and "second" name a street, never a unit. */
function isOrdinal(token: string): boolean {
  return /^\d+(?:st|nd|rd|th)$/.test(token) || NUMBER_WORDS.get(token)?.isOrdinal === true;
}

/** Whether these words are a street already, so that a number after them is a unit. */
function isStreetName(words: readonly string[]): boolean {
  return words.some((word) => !DIRECTIONS.has(word)) && !isNumberedRoad(words);
}

/** Roads whose name is a number that comes last: "Highway 9", "County Road 12", "Calle 8". */
function isNumberedRoad(words: readonly string[]): boolean {
  const type = STREET_TYPES.get(words.at(-1) ?? '');
  if (type === 'highway' || type === 'route') return true;
  return type !== undefined && (words.length === 1 || words.at(-2) === 'county' || words.at(-2) === 'state');
}

/** Takes one direction and one type off, as long as something is left that names the street. */
function stripStreet(
  given: readonly string[],
  numbers: readonly string[],
): { direction: string | null; words: readonly string[] } {
  const words = mergePairs(given);
  const isEnough = (): boolean => words.length > 1 || (words.length === 1 && numbers.length > 0);
  let direction: string | null = null;
  const first = DIRECTIONS.get(words[0] ?? '');
  if (first !== undefined && isEnough()) {
    direction = first;
    words.shift();
  }
  const last = DIRECTIONS.get(words.at(-1) ?? '');
  if (last !== undefined && isEnough()) {
    direction ??= last;
    words.pop();
  }
  if (STREET_TYPES.has(words.at(-1) ?? '') && isEnough()) words.pop();
  else if (STREET_TYPES.has(words[0] ?? '') && isEnough()) words.shift();
  // "E Street", "Avenue N": the only word is the name.
  const only =
    words.length === 1 && direction !== null && STREET_TYPES.has(words[0] ?? '') && numbers.length === 0;
  return only ? { direction: null, words: [given[0] ?? '', ...words] } : { direction, words };
}

function mergePairs(words: readonly string[]): string[] {
  const merged: string[] = [];
  for (const word of words) {
    const before = DIRECTIONS.get(merged.at(-1) ?? '');
    const second = DIRECTIONS.get(word);
    if ((before === 'north' || before === 'south') && (second === 'east' || second === 'west')) {
      merged[merged.length - 1] = `${before}${second}`;
    } else {
      merged.push(word);
    }
  }
  return merged;
}

function streetNames({ words, numbers }: ParsedStreet): PlaceName[] {
  const whole: PlaceName = { words: withoutArticle(words), numbers, isPartial: false };
  const last = words.at(-1) ?? '';
  return words.length > 1 && SOFT_STREET_TYPES.has(last)
    ? [whole, { words: words.slice(0, -1), numbers, isPartial: true }]
    : [whole];
}

function parseName(text: string): PlaceName {
  const words: string[] = [];
  const numbers: string[] = [];
  for (const token of text.split(' ')) {
    const number = readWritten(token);
    if (number !== null) numbers.push(number);
    else if (token !== '') words.push(token);
  }
  while (words.length > 1 && COMMUNITY_WORDS.has(words.at(-1) ?? '')) words.pop();
  return { words: withoutArticle(words), numbers, isPartial: false };
}

function withoutArticle(words: readonly string[]): readonly string[] {
  return words.length > 1 && words[0] === 'the' ? words.slice(1) : words;
}

/** A number in digits, an ordinal, or one number word. */
function readWritten(token: string): string | null {
  const digits = /^(\d+)(?:st|nd|rd|th)?$/.exec(token)?.[1];
  if (digits !== undefined) return trimZeros(digits);
  const word = NUMBER_WORDS.get(token);
  return word && word.shape !== 'oh' ? (readNumber([word])?.digits ?? null) : null;
}

/** The units that a unit field names: "Apt 6-B" gives "6b", "Bldg 3 Unit 12" gives "3" and "12". */
function unitsOf(text: string): string[] {
  if (text === '') return [];
  const tokens = text.split(' ').filter((token) => !UNIT_WORDS.has(token) && !NUMBER_SIGNS.has(token));
  const units: string[] = [];
  for (const token of tokens) {
    const before = units.at(-1);
    if (/^[a-z]$/.test(token) && before !== undefined && /^\d+$/.test(before))
      units[units.length - 1] = before + token;
    else if (/^\d+$/.test(token) && before !== undefined && /^[a-z]$/.test(before))
      units[units.length - 1] = before + token;
    else units.push(readWritten(token) ?? trimZeros(token));
  }
  return units;
}

function isUnit(text: string): boolean {
  const [first = '', ...rest] = text.split(' ');
  return (UNIT_WORDS.has(first) || NUMBER_SIGNS.has(first)) && rest.length > 0;
}

function isUnitToken(token: string): boolean {
  return /^\d+[a-z]?$|^[a-z]\d*$/.test(token) || NUMBER_WORDS.has(token);
}

function wordsOf(text: string): string[] {
  return normaliseText(text)
    .split(' ')
    .filter((word) => word !== '' && !/^\d+$/.test(word));
}

/** "b6" and "6b" are one unit. */
export function canonicalUnit(unit: string): string {
  return unit.replace(/^([a-z])(\d+)$/, '$2$1');
}

/** Digits without leading zeros; one zero stays. */
export function trimZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
